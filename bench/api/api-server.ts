// Our API with everything enabled: tokens, rate limit, parameter checks, ETags, access log (formatted, then discarded).
import { createApiHandler, startServer } from "../../src/api/index.ts";
import { createDatabase } from "../../src/database/index.ts";
import { createTokens } from "../../src/tokens/index.ts";

const [url = ""] = process.argv.slice(2);
const database = await createDatabase({ url, poolSize: 8, use: "api" });
const tokens = createTokens({ database });
let characters = 0;
const note = (line: string) => {
  characters += line.length;
};
const handler = createApiHandler({
  database,
  tokens,
  logger: { debug: note, info: note, warn: note, error: note },
  options: { rateLimit: { points: 1_000_000_000 } },
});
const server = await startServer({ handler, port: 0 });
process.send?.({ port: server.port });
process.on("message", () => process.send?.({ characters, memory: process.memoryUsage().rss }));
