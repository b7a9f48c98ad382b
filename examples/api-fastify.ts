/** The API under /catalogue of a Fastify application. */
import { createApiHandler, createDatabase, createTokens, toNodeHandler } from "che168-sync";
import { fastify } from "fastify";

const database = await createDatabase({ url: process.env.DATABASE_URL, use: "api" });
const catalogue = toNodeHandler(createApiHandler({ database, tokens: createTokens({ database }) }));

const app = fastify();
app.get("/", async () => "my site");
app.register(async (scope) => {
  // Leaves bodies to the handler; the rest of the application keeps its parsers.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.all("/catalogue/*", (request, reply) => {
    // The handler writes the response, not Fastify.
    reply.hijack();
    request.raw.url = request.raw.url?.slice("/catalogue".length);
    catalogue(request.raw, reply.raw);
  });
});

console.log(`Listening on ${await app.listen({ port: Number(process.env.PORT ?? 3000) })}`);
