import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import type { CacheMemory, CacheMemoryOrder } from "../../support/process/cache-memory.ts";

const program = (name: string) => fileURLToPath(new URL(`../../support/process/${name}`, import.meta.url));
const run = promisify(execFile);

test("the API stays within 512 MB while 50,000 listings are requested twice", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const COUNT = 50_000;
  const database = await createDatabase({ url });
  await insertListings(database, listings(COUNT, { padding: 1_500 }));
  const { rows } = await database.query<{ first: number }>(
    "select min(inner_id::int) as first from processed_data",
  );
  await database.close();
  const order: CacheMemoryOrder = { url, firstId: rows[0]?.first ?? 0, count: COUNT };
  // The heap limit that Node chooses in a container of 512 MB.
  const { stdout } = await run(process.execPath, [
    "--max-old-space-size=256",
    program("cache-memory.ts"),
    JSON.stringify(order),
  ]);
  const { cacheBytes, maxRssBytes } = JSON.parse(stdout) as CacheMemory;
  expect(maxRssBytes).toBeLessThan(512 * 2 ** 20);
  // The cache was full by its own count.
  expect(cacheBytes).toBeGreaterThan(60 * 2 ** 20);
  expect(cacheBytes).toBeLessThanOrEqual(64 * 2 ** 20);
});

test("the API client's heap stays flat over 100,000 requests with one signal", async () => {
  const { stdout } = await run(process.execPath, ["--expose-gc", program("api-client-memory.ts"), "100000"]);
  expect(Number(stdout)).toBeLessThan(5_000_000);
});
