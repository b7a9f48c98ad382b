import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { openApplicationOrm } from "../../support/database/application-orm.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { type PoolerOptions, startPooler, type TestPooler } from "../../support/postgres/pooler.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

describe("a connection pooler before the server", () => {
  let name = "";
  let drop = async () => {};
  beforeAll(async () => {
    const fresh = await freshServerDatabase();
    drop = fresh.drop;
    name = new URL(fresh.url).pathname.slice(1);
  });
  afterAll(() => drop());

  async function start(options?: PoolerOptions): Promise<TestPooler> {
    const pooler = await startPooler(Number(new URL(inject("postgresUrl")).port), options);
    onTestFinished(() => pooler.close());
    return pooler;
  }

  async function open(pooler: TestPooler): Promise<Database> {
    const database = await createDatabase({ url: pooler.url(name) });
    onTestFinished(() => database.close());
    return database;
  }

  test("in session mode that drops the parameter options: the settings are made by SQL", async () => {
    const database = await open(await start());
    const { rows } = await database.query(
      "select current_setting('TimeZone') as zone, current_setting('tcp_keepalives_idle') as idle",
    );
    expect(rows).toEqual([{ zone: "UTC", idle: "30" }]);
    const lock = await database.lock(["data_fetch"], "the first");
    await expect(database.lock(["data_fetch"], "the second")).rejects.toThrow(/the first/);
    await lock.release();
    const client = clientOf(await serve({ offers: offers(25) }));
    expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
  });

  test.each([
    "unsupported startup parameter: options",
    "unsupported startup parameter in options: tcp_keepalives_idle",
  ])(
    "that rejects the session settings (%s) is an error that names both settings of PgBouncer",
    async (refusal) => {
      const pooler = await start({ refusal });
      await expect(createDatabase({ url: pooler.url(name) })).rejects.toMatchObject({
        code: "DATABASE_UNUSABLE",
        message: expect.stringMatching(
          /unsupported startup parameter.*pool_mode = session and ignore_startup_parameters = options/,
        ),
      });
    },
  );

  test.each(["transaction", "statement"] as const)("in %s mode is rejected", async (mode) => {
    const pooler = await start({ mode });
    const expected = {
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining("Set pool_mode = session for this database"),
    };
    await expect(createDatabase({ url: pooler.url(name) })).rejects.toMatchObject(expected);
    const orm = await openApplicationOrm(pooler.url(name));
    await expect(createDatabase({ orm })).rejects.toMatchObject(expected);
  });

  describe("that changes to transaction mode while a database is open", () => {
    const named = (db: Pick<Database, "query">) => db.query("select 1 as one", [], { name: "probe" });

    test.each([
      [
        "another client has prepared",
        { code: "42P05", message: 'prepared statement "probe" already exists' },
        (database: Database) => Promise.all([database.transaction(named), database.transaction(named)]),
      ],
      [
        "another client has deallocated",
        { code: "26000", message: 'prepared statement "probe" does not exist' },
        async (database: Database) => {
          await named(database);
          await database.query("deallocate all");
          await named(database);
        },
      ],
    ])("fails a named statement that %s with an error that names the setting", async (_name, cause, work) => {
      const pooler = await start();
      const database = await open(pooler);
      pooler.setMode("transaction");
      // The first statements find their connections closed.
      await database.retrying(() => database.query("select 1"));
      await expect(work(database)).rejects.toMatchObject({
        code: "DATABASE_UNUSABLE",
        message: expect.stringContaining("Set pool_mode = session for this database"),
        cause,
      });
    });

    test("makes the API respond 503 and log the setting, without a stack trace, until it is repaired", async () => {
      const pooler = await start();
      const database = await createDatabase({ url: pooler.url(name), use: "api" });
      onTestFinished(() => database.close());
      await insertListings(database, listings(50));
      const api = await openApi(database);
      let round = 0;
      /** Requests that no cache answers, more than one connection sends. */
      const crowd = async (): Promise<number[]> => {
        round += 1;
        const paths = Array.from({ length: 12 }, (_, index) => `/offers?limit=${index + 1}&page=${round}`);
        const replies = await Promise.all(paths.map((path) => api.ask(path)));
        return [...new Set(replies.map(({ status }) => status))].toSorted();
      };
      expect(await crowd()).toEqual([200]);
      pooler.setMode("transaction");
      const seen = async () => {
        expect([[200], [503], [200, 503]]).toContainEqual(await crowd());
        return api.lines.join("\n");
      };
      await expect.poll(seen).toContain("Set pool_mode = session");
      pooler.setMode("session");
      await expect.poll(crowd).toEqual([200]);
      expect(api.lines.filter((line) => /^Request .* failed:/.test(line))).toEqual([]);
    });
  });
});
