import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { openApplicationOrm } from "../../support/database/application-orm.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { databaseOf, dumpOf, fillAwkwardly, fillWith, restoreFrom } from "../../support/database/dumps.ts";

const tokensIn = async (db: Database) =>
  (await db.query<{ token: string }>("select token from api_tokens order by id")).rows.map(
    ({ token }) => token,
  );
const nextIdIn = async (db: Database) =>
  (await db.query<{ id: number }>("select nextval(pg_get_serial_sequence('raw_data', 'id'))::int as id"))
    .rows[0]?.id;
const indexesIn = async (db: Database) =>
  (
    await db.query<{ name: string }>(
      "select indexname as name from pg_indexes where schemaname = current_schema() order by 1",
    )
  ).rows.map(({ name }) => name);

const openers = {
  address: (url: string, schema: string) => createDatabase({ url, schema }),
  "ORM of an application": async (url: string, schema: string) => {
    const orm = await openApplicationOrm(url, { pool: { max: 6 } });
    return createDatabase({ orm, schema });
  },
};

test.each(["address", "ORM of an application"] as const)(
  "two installations in schemas of one database are dumped and restored separately (by %s)",
  async (kind) => {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    const open = async (schema: string) => {
      const database = await openers[kind](url, schema);
      onTestFinished(() => database.close());
      return database;
    };
    const [car, other] = [await open("car"), await open('The "other"')];
    await fillAwkwardly(car);
    await fillWith(other, 3, 1_000);
    await other.query("insert into api_tokens (token) values ('kept')");
    const indexes = await indexesIn(car);

    const dump = await dumpOf(car);
    const copy = await databaseOf("postgresql");
    await restoreFrom(dump, copy);
    expect(await tokensIn(copy)).toEqual(await tokensIn(car));

    await restoreFrom(await dumpOf(other), car, { force: true });
    expect(await tokensIn(car)).toEqual(["kept"]);
    expect(await nextIdIn(car)).toBe(4);
    expect(await indexesIn(car)).toEqual(indexes);

    await restoreFrom(dump, other, { force: true });
    expect(await tokensIn(other)).toEqual(await tokensIn(copy));
    expect(await nextIdIn(other)).toBe(9);
    expect(await tokensIn(car)).toEqual(["kept"]);
  },
);
