import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { API_SERVER_SETTINGS, createDatabase, type Database } from "../../../src/database/index.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { insertListings, listings } from "../../support/database/processed.ts";
import { startPostgres, type TestServer } from "../../support/postgres/postgres.ts";
import { startSilentProxy } from "../../support/proxy/silent-proxy.ts";

// The API while PostgreSQL is away, hangs, or is locked by someone else.

const NAME = "faults";
const PATHS = [
  "/offers",
  "/offers?mark=Audi&sort=price",
  "/offers/50000003",
  "/filters",
  "/stats",
  "/health",
];

/** Asks until the answer is 503: what is in memory is answered for the second in which it is known to be right. */
async function failsCleanly(api: ApiUnderTest, path: string): Promise<void> {
  await expect.poll(async () => (await api.ask(path)).status, { timeout: 5_000, interval: 50 }).toBe(503);
  const { headers, body } = await api.ask(path);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(body.code).toBe("unavailable");
}

/** Asks until the answer is 200; the pool needs a moment to notice that the server is back. */
const recovers = (api: ApiUnderTest, path: string) =>
  expect.poll(async () => (await api.ask(path)).status, { timeout: 20_000, interval: 50 }).toBe(200);

describe("the API, when PostgreSQL", () => {
  let server: TestServer;
  let keeper: Database;
  beforeAll(async () => {
    server = await startPostgres();
    keeper = await createDatabase({ url: server.url(NAME) });
    await insertListings(keeper, listings(200));
  });
  afterAll(async () => {
    await keeper.close();
    await server.destroy();
  });

  const open = async (
    options: Parameters<typeof createDatabase>[0] = {},
    apiOptions: Parameters<typeof openApi>[1] = {},
  ) => {
    const database = await createDatabase({
      url: server.url(NAME),
      serverSettings: API_SERVER_SETTINGS,
      ...options,
    });
    onTestFinished(() => database.close());
    return { database, api: await openApi(database, apiOptions) };
  };

  test("is stopped, answers 503, and works again by itself when it is back", async () => {
    const { api } = await open();
    for (const path of PATHS) {
      expect((await api.ask(path)).status).toBe(200);
    }
    await server.stop();
    try {
      for (const path of PATHS) {
        await failsCleanly(api, path);
      }
    } finally {
      await server.start();
    }
    for (const path of PATHS) {
      await recovers(api, path);
    }
    // One line for the outage, and no more of it than PostgreSQL's or the system's own words.
    expect(api.lines.filter((line) => line.includes("are answered with 503"))).toHaveLength(1);
  });

  test("cuts every connection, has another one at once", async () => {
    const { api } = await open();
    await keeper.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
    );
    for (const path of PATHS) {
      await recovers(api, path);
    }
  });

  test("is locked by someone else for minutes, gives up after a bounded time and takes no crowd of requests", async () => {
    const serverSettings = [...API_SERVER_SETTINGS, "-c statement_timeout=300ms"];
    const { api } = await open({ serverSettings }, { maxWaiting: 20 });
    const { promise: unlocked, resolve: unlock } = Promise.withResolvers<void>();
    const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>();
    const holder = keeper.transaction(async (tx) => {
      await tx.query("lock table processed_data in access exclusive mode");
      isLocked();
      await unlocked;
    });
    await locked;
    const crowd = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        api.ask(`/offers?limit=${1 + (index % 50)}&page=${1 + index}`),
      ),
    );
    expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([503]));
    const turnedAway = crowd.filter(({ body }) => body.detail.startsWith("Too many requests are waiting"));
    expect(turnedAway.length).toBeGreaterThan(0);
    unlock();
    await holder;
    await recovers(api, "/offers?page=2");
  });

  test("falls silent, gives up after a bounded time, and works again by itself", async () => {
    const proxy = await startSilentProxy(server.port);
    onTestFinished(() => proxy.close());
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/${NAME}`;
    const { api } = await open({ url, queryTimeoutMs: 700 }, { timeoutMs: 300 });
    expect((await api.ask("/offers")).status).toBe(200);
    proxy.silence();
    const crowd = await Promise.all(PATHS.flatMap((path) => [path, path, path]).map((path) => api.ask(path)));
    // What is in memory may still be answered within the second in which the version is known.
    expect(crowd.filter(({ status }) => status === 503).length).toBeGreaterThan(6);
    expect(crowd.every(({ status }) => status === 503 || status === 200)).toBe(true);
    proxy.speak();
    for (const path of PATHS) {
      await recovers(api, path);
    }
  });

  test("refuses a statement for a reason of its own, tells the client nothing of it", async () => {
    const { database, api } = await open();
    await database.query("alter table processed_data rename column normalized_data to hidden");
    try {
      const { status, body, text } = await api.ask("/offers/50000003");
      expect(status).toBe(500);
      expect(body.code).toBe("internal_error");
      expect(text).not.toContain("normalized_data");
      expect(api.lines.join("\n")).toContain("normalized_data");
    } finally {
      await database.query("alter table processed_data rename column hidden to normalized_data");
    }
  });
});
