/** The API under /catalogue of an h3 application. */
import { createApiHandler, createDatabase, createTokens } from "che168-sync";
import { H3, serve } from "h3";

const database = await createDatabase({ url: process.env.DATABASE_URL, use: "api" });
const catalogue = createApiHandler({ database, tokens: createTokens({ database }) });

const app = new H3();
app.get("/", () => "my site");
app.mount("/catalogue", catalogue);

const server = serve(app, { port: Number(process.env.PORT ?? 3000), silent: true });
await server.ready();
console.log(`Listening on ${server.url}`);
