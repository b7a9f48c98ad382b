import { onTestFinished } from "vitest";
import { createApiHandler } from "../../../src/api/handler.ts";
import { startServer } from "../../../src/api/start-server.ts";
import type { Database } from "../../../src/database/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { type Client, createClient } from "../../../src/upstream/index.ts";
import { collectingLogger } from "../logs/logger.ts";

/** A served mirror, and a client of the service that reads it. */
export interface MirrorUnderTest {
  /** Without the path: `http://127.0.0.1:12345`. */
  readonly origin: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly client: Client;
  /** Log lines of the API. */
  lines(): readonly string[];
}

/** Serves the mirror of a database; closed when the test ends. */
export async function openMirror(database: Database, mirror: true | "raw" = "raw"): Promise<MirrorUnderTest> {
  const tokens = createTokens({ database });
  const [created] = await tokens.create({ description: "mirror", scopes: ["mirror"] });
  const token = created?.token ?? "";
  const { logger, lines } = collectingLogger();
  const options = { mirror, rateLimit: { points: 1_000_000 } };
  const server = await startServer({
    handler: createApiHandler({ database, tokens, logger, options }),
    port: 0,
  });
  onTestFinished(() => server.close());
  const origin = server.url.replace(/\/$/, "");
  const baseUrl = `${origin}/api/v2/che168`;
  const client = createClient({
    baseUrl,
    apiKey: token,
    offersIntervalMs: 0,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
    retry: { attempts: 1, intervalMs: 0 },
  });
  onTestFinished(() => client.close());
  return { origin, baseUrl, token, client, lines: () => lines.map(({ text }) => text) };
}
