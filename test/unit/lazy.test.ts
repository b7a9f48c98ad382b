import { expect, test } from "vitest";
import type { Database } from "../../src/database/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { createApiHandler, createClient, createNormalizer } from "../../src/index.ts";
import { once } from "../../src/util/once.ts";

const database = { engine: "pglite" } as Database;
const tokens = { verify: async () => null };

test.each<[name: string, create: () => unknown, key: string]>([
  ["createClient", () => createClient({ apiKey: "", baseUrl: "http://127.0.0.1:1" }), "apiKey"],
  [
    "createNormalizer",
    () => createNormalizer({ database, vocabulary: { colour: {} } as object }),
    "vocabulary",
  ],
  [
    "createApiHandler",
    () => createApiHandler({ database, tokens, options: { trustProxy: -1 } }),
    "api.trustProxy",
  ],
  [
    "createApiHandler",
    () => createApiHandler({ database, tokens, options: { rateLimit: { store: "postgres" } } }),
    "api.rateLimit.store",
  ],
])("%s checks its options before anything is loaded", (_name, create, key) => {
  let error: unknown;
  try {
    create();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).problems.map((problem) => problem.key)).toEqual([key]);
});

test("a client that was closed before its first request sends none", async () => {
  const client = createClient({ apiKey: "key", baseUrl: "http://127.0.0.1:1" });
  await client.close();
  await expect(client.filters()).rejects.toMatchObject({ name: "AbortError" });
});

test("once loads once, and again after a failure", async () => {
  let calls = 0;
  const load = once(async () => {
    calls += 1;
    if (calls === 1) {
      throw new Error("no such module");
    }
    return calls;
  });
  await expect(load()).rejects.toThrow("no such module");
  expect(await Promise.all([load(), load()])).toEqual([2, 2]);
});
