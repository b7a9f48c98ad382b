import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { API_SERVER_SETTINGS, createDatabase, type Database } from "../../../src/database/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { startSilentProxy } from "../../support/proxy/silent-proxy.ts";

const NAME = "faults";
const PATHS = [
  "/offers",
  "/offers?mark=Audi&sort=price",
  "/offers/50000003",
  "/filters",
  "/stats",
  "/health",
];

/** Polls until the response is 503: cached responses stay valid for a second. */
async function failsCleanly(api: ApiUnderTest, path: string): Promise<void> {
  await expect.poll(async () => (await api.ask(path)).status, { interval: 50 }).toBe(503);
  const { headers, body } = await api.ask(path);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(body.code).toBe("unavailable");
}

/** Polls until the response is 200: the pool needs a moment to replace its connections. */
const recovers = (api: ApiUnderTest, path: string) =>
  expect.poll(async () => (await api.ask(path)).status, { interval: 50 }).toBe(200);

/** Terminates every other session of the server. */
const disconnectAll = (admin: Database) =>
  admin.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");

describe("the API, when PostgreSQL", () => {
  let server: TestServer;
  let writer: Database;
  let admin: Database;
  beforeAll(async () => {
    server = await startPostgres();
    writer = await createDatabase({ url: server.url(NAME) });
    await insertListings(writer, listings(200));
    admin = await createDatabase({ url: server.url("postgres"), skipSchemaCheck: true, autoMigrate: false });
  });
  afterAll(async () => {
    await admin.close();
    await writer.close();
    await server.destroy();
  });

  const open = async (
    options: Parameters<typeof createDatabase>[0] = {},
    apiOptions: Parameters<typeof openApi>[1] = {},
  ) => {
    const database = await createDatabase({ url: server.url(NAME), use: "api", ...options });
    onTestFinished(() => database.close());
    return { database, api: await openApi(database, apiOptions) };
  };

  test("is stopped, responds 503, and recovers by itself when it is back", async () => {
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
    // One line for the outage, with the driver's own message.
    expect(api.lines.filter((line) => line.includes("Requests get 503"))).toHaveLength(1);
  });

  test("cuts every connection, opens new ones", async () => {
    const { api } = await open();
    await disconnectAll(admin);
    for (const path of PATHS) {
      await recovers(api, path);
    }
  });

  test("holds a lock for minutes, waits for a limited time and rejects requests beyond a limit", async () => {
    const serverSettings = [...API_SERVER_SETTINGS, "-c statement_timeout=2s"];
    const { api } = await open({ use: undefined, serverSettings });
    const { promise: unlocked, resolve: unlock } = Promise.withResolvers<void>();
    const { promise: locked, resolve: onLocked } = Promise.withResolvers<void>();
    const holder = writer.transaction(async (tx) => {
      await tx.query("lock table processed_data in access exclusive mode");
      onLocked();
      await unlocked;
    });
    try {
      await locked;
      const crowd = Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          api.ask(`/offers?limit=${1 + (index % 50)}&page=${1 + index}`),
        ),
      );
      const blocked = async () => {
        const { rows } = await admin.query<{ count: number }>(
          "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'",
        );
        return rows[0]?.count ?? 0;
      };
      await expect.poll(blocked, { interval: 10 }).toBeGreaterThan(0);
      expect(await blocked()).toBeLessThanOrEqual(6);
      expect(new Set((await crowd).map(({ status }) => status))).toEqual(new Set([503]));
    } finally {
      unlock();
      await holder;
    }
    await recovers(api, "/offers?page=2");
  });

  test("stops responding, waits for a limited time and recovers without a restart", async () => {
    const proxy = await startSilentProxy(server.port);
    onTestFinished(() => proxy.close());
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/${NAME}`;
    const { api } = await open({ url, queryTimeoutMs: 700 }, { timeoutMs: 300 });
    await recovers(api, "/offers");
    proxy.silence();
    const crowd = await Promise.all(PATHS.flatMap((path) => [path, path, path]).map((path) => api.ask(path)));
    // Cached responses stay valid for a second.
    expect(crowd.filter(({ status }) => status === 503).length).toBeGreaterThan(6);
    expect(crowd.every(({ status }) => status === 503 || status === 200)).toBe(true);
    proxy.speak();
    for (const path of PATHS) {
      await recovers(api, path);
    }
  });

  test.each([
    [
      "refuses connections to the database (55000)",
      "with allow_connections false",
      "with allow_connections true",
    ],
    ["has no such database any more (3D000)", "rename to elsewhere", undefined],
  ])("%s, responds 503 without a stack trace and recovers", async (_, broken, repaired) => {
    const { api } = await open();
    expect((await api.ask("/offers")).status).toBe(200);
    // Idle connections are closed first: a database in use cannot be renamed.
    await expect
      .poll(async () => {
        await disconnectAll(admin);
        return admin.query(`alter database ${NAME} ${broken}`).then(
          () => "altered",
          (error: Error) => error.message,
        );
      })
      .toBe("altered");
    await disconnectAll(admin);
    try {
      for (const path of PATHS) {
        await failsCleanly(api, path);
      }
    } finally {
      await admin.query(
        repaired === undefined
          ? `alter database elsewhere rename to ${NAME}`
          : `alter database ${NAME} ${repaired}`,
      );
    }
    for (const path of PATHS) {
      await recovers(api, path);
    }
    expect(api.lines.filter((line) => /^Request .* failed:/.test(line))).toEqual([]);
  });

  test("rejects a statement for another reason, responds 500 without its message", async () => {
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
