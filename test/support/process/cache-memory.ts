// Requests every given listing of an API twice with gzip, and prints the bytes that its cache counts and the process's peak RSS
// as JSON.
import { createApiHandler } from "../../../src/api/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens } from "../../../src/tokens/tokens.ts";

export interface CacheMemoryOrder {
  readonly url: string;
  /** Listings have consecutive ids from here. */
  readonly firstId: number;
  readonly count: number;
}

export interface CacheMemory {
  readonly cacheBytes: number;
  readonly maxRssBytes: number;
}

const CONCURRENCY = 20;

const { url, firstId, count } = JSON.parse(process.argv[2] ?? "") as CacheMemoryOrder;
const database = await createDatabase({ url, use: "api" });
const tokens = createTokens({ database });
const [created] = await tokens.create();
const app = createApiHandler({ database, tokens, options: { rateLimit: { points: 1_000_000 } } });
const authorization = `Bearer ${created?.token}`;

async function request(path: string, encoding = "gzip"): Promise<Response> {
  const response = await app.request(path, { headers: { authorization, "accept-encoding": encoding } });
  if (response.status !== 200) {
    throw new Error(`${path}: ${response.status}`);
  }
  return response;
}

let next = 0;
async function work(): Promise<void> {
  while (next < count) {
    const path = `/offers/${firstId + next}`;
    next += 1;
    await request(path);
    await request(path);
  }
}
await Promise.all(Array.from({ length: CONCURRENCY }, work));

const metrics = await (await request("/metrics", "identity")).text();
const result: CacheMemory = {
  cacheBytes: Number(/^che168_api_cache_bytes (\S+)$/m.exec(metrics)?.[1]),
  maxRssBytes: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await tokens.close();
await database.close();
