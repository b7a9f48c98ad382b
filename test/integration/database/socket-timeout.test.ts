import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  createDatabase,
  type DatabaseOptions,
  isTransient,
  type Queryable,
} from "../../../src/database/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { startSilentProxy } from "../../support/proxy/silent-proxy.ts";

describe("a connection to a server that stopped responding", () => {
  const SIZE = 3;
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await createDatabase({ url: server.url("silence") }).then((database) => database.close());
  });
  afterAll(() => server.destroy());

  type Who = "primary" | "standby" | "application";
  const open = async (who: Who) => {
    const proxy = await startSilentProxy(server.port);
    onTestFinished(() => proxy.close());
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/silence`;
    const pool = { queryTimeoutMs: 1_000, poolSize: SIZE };
    const ways: Record<Who, DatabaseOptions> = {
      primary: { url },
      standby: { url: server.url("silence"), replicas: [url] },
      application: {
        orm: {
          driver: PostgreSqlDriver,
          clientUrl: url,
          entities: [],
          discovery: { warnWhenNoEntities: false },
        },
      },
    };
    const database = await createDatabase({ ...ways[who], ...pool });
    onTestFinished(() => database.close());
    const [replica] = database.replicas;
    const ask = (text: string): Promise<unknown> =>
      replica === undefined ? database.query(text) : replica.session((db) => db.query(text));
    return { proxy, ask, database };
  };
  const askEverywhere = (ask: (text: string) => Promise<unknown>) =>
    Promise.allSettled(Array.from({ length: SIZE }, () => ask("select pg_sleep(0.05)")));

  test.each([
    ["the primary", "primary"],
    ["a standby", "standby"],
    ["the primary, by the options of an application's ORM", "application"],
  ] as const)("is closed with a transient error and replaced: %s", async (_name, who) => {
    const { proxy, ask } = await open(who);
    await askEverywhere(ask);
    proxy.silence();
    const outcomes = await askEverywhere(ask);
    const reasons = outcomes.map((one) => (one.status === "rejected" ? one.reason : undefined));
    expect(reasons.map(isTransient)).toEqual(reasons.map(() => true));
    expect(String(reasons[0])).toContain("No response from the database for 1000 ms");
    proxy.speak();
    expect((await askEverywhere(ask)).map(({ status }) => status)).toEqual(reasons.map(() => "fulfilled"));
  });

  test("is distinguished from an idle connection, one in a transaction, and one that receives data at intervals", async () => {
    const { ask, database } = await open("primary");
    const pidOf = async (db: Queryable) =>
      (await db.query<{ pid: number }>("select pg_backend_pid() as pid, pg_sleep(0.05)")).rows[0]?.pid;
    const all = async () => new Set(await Promise.all([pidOf(database), pidOf(database), pidOf(database)]));
    const before = await all();
    await database.transaction(async (tx) => {
      const held = await pidOf(tx);
      await ask(
        "do $$ begin for i in 1..8 loop raise notice 'still here'; perform pg_sleep(0.3); end loop; end $$",
      );
      expect(await pidOf(tx)).toBe(held);
    });
    expect(await all()).toEqual(before);
  });
});
