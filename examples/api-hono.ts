/** The API under /catalogue of a Hono application. */
import { createApiHandler, createDatabase, createTokens } from "che168-sync";
import { Hono } from "hono";
import { serve } from "srvx";

const database = await createDatabase({ url: process.env.DATABASE_URL, use: "api" });
const catalogue = createApiHandler({ database, tokens: createTokens({ database }) });

const app = new Hono();
app.get("/", (context) => context.text("my site"));
app.mount("/catalogue", catalogue.fetch);

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), silent: true });
await server.ready();
console.log(`Listening on ${server.url}`);
