import { MikroORM, type Options } from "@mikro-orm/core";
import { PgliteDriver } from "@mikro-orm/pglite";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { RawData } from "../../../src/database/entities/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";

const count = async (orm: MikroORM, table: string): Promise<number> => {
  const rows = await orm.em.getConnection().execute(`select count(*)::int as count from ${table}`);
  return rows[0].count;
};

/** An application's ORM: without an entity of this package, in a time zone that is not UTC. */
const applications = {
  postgresql: (url: string): Partial<Options> => ({
    driver: PostgreSqlDriver,
    clientUrl: url,
    driverOptions: { options: "-c TimeZone=Asia/Shanghai" },
    entities: [],
    discovery: { warnWhenNoEntities: false },
    pool: { max: 4 },
  }),
  pglite: (): Partial<Options> => ({
    driver: PgliteDriver,
    dbName: "memory://",
    entities: [],
    discovery: { warnWhenNoEntities: false },
  }),
};

for (const engine of inject("engines")) {
  describe(`an ORM of the application (${engine})`, () => {
    let options: Partial<Options>;
    let drop = async () => {};
    beforeAll(async () => {
      if (engine === "postgresql") {
        const fresh = await freshServerDatabase();
        drop = fresh.drop;
        options = applications.postgresql(fresh.url);
      } else {
        options = applications.pglite();
      }
    });
    afterAll(() => drop());

    async function application(): Promise<MikroORM> {
      const orm = await MikroORM.init(options);
      onTestFinished(() => orm.close(true));
      if (engine === "pglite") {
        await orm.em.getConnection().execute("set timezone to 'Asia/Shanghai'");
      }
      return orm;
    }

    test("lends its connections, and stays open and unchanged", async () => {
      const orm = await application();
      const database = await createDatabase({ orm });
      expect(database.engine).toBe(engine);
      const now = () => new Date("2025-06-16T09:00:00Z");
      const sandbox = await serve(
        { offers: offers(25), changes: [change(1, "removed", "listing-3")] },
        { now },
      );
      const client = clientOf(sandbox);
      const loaded = await createLoader({ database, client, now }).run();
      expect(loaded).toMatchObject({ status: "OK", loaded: 25 });
      expect(await createUpdater({ database, client, now }).run()).toMatchObject({ status: "OK" });
      const [token] = await createTokens({ database }).create();
      expect(token?.token).toHaveLength(16);
      expect(await database.orm.em.fork().count(RawData, {})).toBe(25);
      const zone = await database.query<{ zone: string }>("select current_setting('TimeZone') as zone");
      expect(zone.rows[0]?.zone).toBe("UTC");
      const inside = await database.transaction((tx) =>
        tx.query<{ zone: string }>("select current_setting('TimeZone') as zone"),
      );
      expect(inside.rows[0]?.zone).toBe("UTC");
      await database.close();

      expect(await count(orm, "raw_data")).toBe(25);
      const [after] = await orm.em.getConnection().execute("select current_setting('TimeZone') as zone");
      expect(after.zone).toBe("Asia/Shanghai");
    });

    test("two handles on one ORM exclude each other", async () => {
      const orm = await application();
      const first = await createDatabase({ orm });
      const second = await createDatabase({ orm });
      const lock = await first.lock(["data_fetch"], "the first");
      await expect(second.lock(["data_fetch"], "the second")).rejects.toThrow(/the first/);
      await lock.release();
      await (await second.lock(["data_fetch"], "the second")).release();
      await first.close();
      expect((await second.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      await second.close();
    });

    test("or only its options: the database then owns the connections and closes them", async () => {
      const database = await createDatabase({ orm: options });
      await createTokens({ database }).create();
      expect(await database.orm.em.fork().count(RawData, {})).toBeTypeOf("number");
      await database.close();
      await expect(database.query("select 1")).rejects.toThrow();
    });
  });
}

test("databases on a server and in the process coexist, each with its own rows", async () => {
  const server = await freshServerDatabase();
  onTestFinished(() => server.drop());
  const databases = [
    await createDatabase({ url: server.url }),
    await createDatabase({ dataDir: "memory://" }),
    await createDatabase({ dataDir: "memory://" }),
  ];
  const sizes = [3, 5, 7];
  await Promise.all(
    databases.map(async (database, index) => {
      const onlySome = await serve({ offers: offers(sizes[index] ?? 0) });
      await createLoader({ database, client: clientOf(onlySome) }).run();
    }),
  );
  for (const [index, database] of databases.entries()) {
    expect(await database.orm.em.fork().count(RawData, {})).toBe(sizes[index]);
    await database.close();
  }
});

describe("an unusable ORM is rejected with the reason", () => {
  test("another driver", async () => {
    const orm = { config: { get: () => "x" }, em: { getDriver: () => ({ getConnection: () => ({}) }) } };
    await expect(createDatabase({ orm })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      problems: [{ key: "orm", message: expect.stringContaining("@mikro-orm/postgresql") }],
    });
  });

  test("another version, whose driver lacks getNativeClient: the error names the needed one", async () => {
    class PostgreSqlDriver {
      getConnection = () => ({});
    }
    const orm = { config: { get: () => "x" }, em: { getDriver: () => new PostgreSqlDriver() } };
    await expect(createDatabase({ orm })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      problems: [
        {
          key: "orm",
          message: expect.stringMatching(
            /MikroORM 7\.2\.0 or newer.*PostgreSqlDriver lacks getNativeClient\(\)\. Update.*\(this package uses \d+\.\d+\.\d+\)/,
          ),
        },
      ],
    });
  });

  test("options without a driver", async () => {
    await expect(createDatabase({ orm: { dbName: "x" } })).rejects.toThrow(/must name its driver/);
  });

  test("a pool too small to avoid deadlocks", async () => {
    const server = await freshServerDatabase();
    onTestFinished(() => server.drop());
    const orm = await MikroORM.init({ ...applications.postgresql(server.url), pool: { max: 2 } });
    onTestFinished(() => orm.close(true));
    await expect(createDatabase({ orm })).rejects.toThrow(/at least 3 connections \(has 2\)/);
  });
});
