import { expect, test } from "vitest";
import type { Database } from "../../src/database/index.ts";
import { ConfigError } from "../../src/errors.ts";
import {
  createApiHandler,
  createClient,
  createLoader,
  createNormalizer,
  createNotifier,
  createReconciler,
  createTokens,
  createUpdater,
  createWebhooks,
  dumpDatabase,
  findUnknownValues,
  getLastDailyRun,
  getStatus,
  openExport,
  pruneEvents,
  readCheck,
  restoreDatabase,
  runDaily,
  startServer,
} from "../../src/index.ts";
import { once } from "../../src/util/once.ts";

const database = { engine: "pglite", query: async () => ({ rows: [], rowCount: 0 }) } as unknown as Database;
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
  [
    "createApiHandler",
    () => createApiHandler({ database, tokens, mirror: true } as Parameters<typeof createApiHandler>[0]),
    "mirror",
  ],
  [
    "createApiHandler",
    () => createApiHandler({ database, tokens, options: { mirror: "row" as "raw" } }),
    "api.mirror",
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

test("an option of the API in the wrong place is refused with the right one", () => {
  const misplaced = { database, tokens, mirror: true } as Parameters<typeof createApiHandler>[0];
  expect(() => createApiHandler(misplaced)).toThrow("{ database, tokens, options: { mirror } }");
});

/** Every function of the package that takes a database among its options, and the dependencies that it needs. */
const NEEDED: readonly [factory: unknown, needed: readonly string[]][] = [
  [createApiHandler, ["database", "tokens"]],
  [createLoader, ["database", "client"]],
  [createNormalizer, ["database"]],
  [createNotifier, ["database"]],
  [createReconciler, ["database", "client"]],
  [createTokens, ["database"]],
  [createUpdater, ["database", "client"]],
  [createWebhooks, ["database"]],
  [dumpDatabase, ["database"]],
  [getStatus, ["database"]],
  [pruneEvents, ["database"]],
  [readCheck, ["database"]],
  [restoreDatabase, ["database"]],
  [runDaily, ["database", "updater"]],
  [startServer, ["handler"]],
];

test.each(
  NEEDED.map(([factory, needed]) => ({ factory: factory as (options?: unknown) => unknown, needed })),
)("$factory.name names each missing dependency and the call that creates it", async ({ factory, needed }) => {
  const problemsOf = async (options?: unknown) => {
    const error = await (async () => factory(options))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  };
  for (const options of [undefined, null, {}]) {
    expect((await problemsOf(options)).map(({ key }) => key)).toEqual(needed);
  }
  for (const { message } of await problemsOf({})) {
    expect(message).toMatch(/^is missing; \w+ needs the result of `(await )?create\w+\(.*\)`$/);
    expect(message).toContain(`${factory.name} needs`);
  }
  const [first = ""] = needed;
  const promised = await problemsOf({ [first]: Promise.resolve() });
  expect(promised[0]?.message).toMatch(/^is a promise; /);
  expect((await problemsOf({ [first]: "postgres://localhost/cars" }))[0]?.message).toMatch(
    /^has the wrong type; /,
  );
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

test.each([findUnknownValues, getLastDailyRun] as readonly ((db?: unknown) => Promise<unknown>)[])(
  "$name needs a database as its first argument",
  async (read) => {
    for (const [given, found] of [
      [undefined, "is missing"],
      [{}, "has the wrong type"],
      [Promise.resolve(), "is a promise"],
    ] as const) {
      const error = await read(given).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems).toEqual([
        {
          key: "database",
          message: `${found}; ${read.name} needs the result of \`await createDatabase({ … })\``,
        },
      ]);
    }
  },
);

test("openExport names every invalid option", async () => {
  const problemsOf = async (choice?: unknown, options?: unknown) => {
    const error = await (openExport as (...given: unknown[]) => Promise<unknown>)(choice, options).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems.map(({ key }) => key);
  };
  expect(await problemsOf()).toEqual(["path"]);
  expect(await problemsOf({})).toEqual(["path"]);
  expect(await problemsOf({ remote: {} })).toEqual(["remote.account.url"]);
  expect(await problemsOf({ path: "", date: "2026-02-30" }, { timezone: "Mars/Olympus" })).toEqual([
    ...["path", "date", "timezone"],
  ]);
});
