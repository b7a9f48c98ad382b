import { Migration } from "@mikro-orm/migrations";
import { expect, onTestFinished, test } from "vitest";
import { CARD_COLUMNS } from "../../../src/api/schema/schemas.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { freshServerDatabase, onEachDatabase } from "../../support/database/databases.ts";
import { addMigration } from "../../support/database/migrations.ts";

onEachDatabase("the schema", ({ database }) => {
  test("migrations create exactly the tables that the entities describe", async () => {
    const statements = await database().orm.schema.getUpdateSchemaSQL({ wrap: false });
    expect(statements.trim()).toBe("");
  });

  test("migrations can be reverted and applied again", async () => {
    const { migrations } = database();
    const names = (await migrations.status()).executed;
    for (const name of names.toReversed()) {
      expect(await migrations.down()).toBe(name);
      await expect(migrations.check()).rejects.toMatchObject({ code: "SCHEMA_OUTDATED" });
    }
    expect((await migrations.status()).pending).toEqual(names);
    expect(await migrations.up()).toEqual(names);
    await expect(migrations.check()).resolves.toBeUndefined();
  });

  test("the row of sync_state can be inserted without its id", async () => {
    await database().query("delete from sync_state");
    const { rows } = await database().query<{ id: number }>(
      "insert into sync_state (last_successful_date) values ('2025-06-14') returning id",
    );
    expect(rows).toEqual([{ id: 1 }]);
    await database().query("delete from sync_state");
  });

  test("columns of lists are stored in the row, long values outside of it", async () => {
    const [row] = [...listings(1)];
    const words = "奥迪A6L 2021款 45 TFSI 臻选动感型 一手车";
    const texts = { mark: words, model: words, trim: words, title: words, province: words, city: words };
    const description = Array.from({ length: 200 }, (_, index) => `${words} ${index * 7_919}`).join();
    await insertListings(
      database(),
      row === undefined ? [] : [{ ...row, ...texts, district: words, description }],
    );
    const outside = async (column: string) => {
      const { rows } = await database().query<{ outside: boolean }>(
        `select pg_column_toast_chunk_id(${column}) is not null as outside from processed_data`,
      );
      return rows.map((one) => one.outside);
    };
    for (const { name, sql } of CARD_COLUMNS) {
      if (name === sql) {
        expect(await outside(name), name).toEqual([false]);
      }
    }
    expect(await outside("description")).toEqual([true]);
    expect(await outside("normalized_data")).toEqual([true]);
  });

  test("a schema made by a newer version is rejected by name", async () => {
    await database().query("insert into che168_migrations (name) values ('0099-of-the-future')");
    try {
      await expect(database().migrations.up()).rejects.toThrow(/0099-of-the-future/);
      await expect(database().migrations.check()).rejects.toMatchObject({ code: "SCHEMA_NEWER" });
    } finally {
      await database().query("delete from che168_migrations where name = '0099-of-the-future'");
    }
  });
});

test("a new migration is applied to an existing database", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  class AddNote extends Migration {
    override up(): void {
      this.addSql("alter table raw_data add column note text null");
    }
    override down(): void {
      this.addSql("alter table raw_data drop column note");
    }
  }
  const remove = addMigration("9999-note", AddNote);
  onTestFinished(remove);
  const outdated = createDatabase({ url, autoMigrate: false });
  await expect(outdated).rejects.toMatchObject({
    code: "SCHEMA_OUTDATED",
    message: expect.stringContaining("9999-note"),
  });
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  expect((await database.migrations.status()).executed.at(-1)).toBe("9999-note");
  await database.query("select note from raw_data");
  expect(await database.migrations.down()).toBe("9999-note");
  await expect(database.migrations.check()).rejects.toThrow(/9999-note/);
});
