import { describe, expect, onTestFinished, test } from "vitest";
import { RawData } from "../../../src/database/entities/index.ts";
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/loader.ts";
import { openApplicationOrm } from "../../support/database/application-orm.ts";
import { onServer } from "../../support/database/databases.ts";
import { emptyDatabase, newName, open, run, urlOf } from "../../support/database/opening.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

describe("another schema than public", () => {
  /** Loads 25 listings and reads them by SQL and by the ORM. */
  async function works(options: DatabaseOptions, schema: string): Promise<void> {
    const first = await createDatabase(options);
    await first.close();
    const database = await open({ ...options, autoMigrate: false });
    expect((await database.query("select current_schema() as schema")).rows).toEqual([{ schema }]);
    const client = clientOf(await serve({ offers: offers(25) }));
    expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
    expect(await database.orm.em.fork().count(RawData, {})).toBe(25);
    expect((await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).trim()).toBe("");
    const { rows } = await database.query(
      "select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname in ('raw_data', 'che168_migrations')",
    );
    expect(rows).toEqual([{ schema }, { schema }]);
    expect(await database.migrations.down()).toBeDefined();
    expect(await database.migrations.up()).toHaveLength(1);
  }

  test("named by options in the URL, and created", async () => {
    const name = await emptyDatabase();
    await works({ url: `${urlOf(name)}?options=-c%20search_path%3Dcar` }, "car");
  });

  test("named by database.schema, with characters that need quotes", async () => {
    const name = await emptyDatabase();
    await works({ url: urlOf(name), schema: "My cars" }, "My cars");
  });

  test("of the role's search_path", async () => {
    const name = await emptyDatabase();
    const role = newName();
    await onServer(`create role ${role} login superuser`);
    await onServer(`alter role ${role} set search_path to car`);
    onTestFinished(() => onServer(`drop role ${role}`));
    await works({ url: urlOf(name), user: role }, "car");
    await onServer(`drop database ${name} with (force)`);
  });

  test("named like the role", async () => {
    const name = await emptyDatabase();
    const role = newName();
    await onServer(`create role ${role} login superuser`);
    onTestFinished(() => onServer(`drop role ${role}`));
    await run(urlOf(name), `create schema ${role} authorization ${role}`);
    await works({ url: urlOf(name), user: role }, role);
    await onServer(`drop database ${name} with (force)`);
  });

  test("on the connections of an application's pool", async () => {
    const name = await emptyDatabase();
    const orm = await openApplicationOrm(urlOf(name));
    await run(urlOf(name), "create schema car");
    await works({ orm, schema: "car" }, "car");
  });

  test("in the embedded database", async () => {
    const database = await open({ dataDir: "memory://", schema: "car" });
    const client = clientOf(await serve({ offers: offers(25) }));
    expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
    expect(await database.orm.em.fork().count(RawData, {})).toBe(25);
  });

  test("two installations share a database, each with its own rows and locks", async () => {
    const name = await emptyDatabase();
    const one = await open({ url: urlOf(name) });
    const two = await open({ url: urlOf(name), schema: "second" });
    const lock = await one.lock(["data_fetch"], "the first");
    const client = clientOf(await serve({ offers: offers(7) }));
    await createLoader({ database: two, client }).run();
    expect(await two.lockHolders()).toEqual([]);
    expect(await one.lockHolders()).toMatchObject([{ kind: "data_fetch" }]);
    await lock.release();
    expect(await one.orm.em.fork().count(RawData, {})).toBe(0);
    expect(await two.orm.em.fork().count(RawData, {})).toBe(7);
  });

  test("that is missing is an error for readers, and created in no other", async () => {
    const name = await emptyDatabase();
    await createDatabase({ url: urlOf(name) }).then((database) => database.close());
    const reading = { url: urlOf(name), schema: "car", createIfMissing: false, autoMigrate: false };
    await expect(createDatabase(reading)).rejects.toThrow(
      /there is no schema car; `che168-sync init` creates it/,
    );
  });
});
