import { expect, test } from "vitest";
import { CARD_COLUMNS } from "../../../src/api/schema/schemas.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { insertListings, listings } from "../../support/database/processed.ts";

onEachDatabase("the schema", ({ database }) => {
  test("migrations make exactly the tables that the entities describe", async () => {
    const statements = await database().orm.schema.getUpdateSchemaSQL({ wrap: false });
    expect(statements.trim()).toBe("");
  });

  test("migrations can be taken back and applied again", async () => {
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

  test("what lists tell of a listing lies in its row, and what is long outside of it", async () => {
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

  test("a schema made by a newer version is refused by name", async () => {
    await database().query("insert into che168_migrations (name) values ('0099-of-the-future')");
    try {
      await expect(database().migrations.up()).rejects.toThrow(/0099-of-the-future/);
      await expect(database().migrations.check()).rejects.toMatchObject({ code: "SCHEMA_NEWER" });
    } finally {
      await database().query("delete from che168_migrations where name = '0099-of-the-future'");
    }
  });
});
