import { expect, test } from "vitest";
import { onEachDatabase } from "../helpers/databases.ts";

onEachDatabase("the schema", ({ database }) => {
  test("migrations make exactly the tables that the entities describe", async () => {
    const statements = await database().orm.schema.getUpdateSchemaSQL({ wrap: false });
    expect(statements.trim()).toBe("");
  });

  test("migrations can be taken back and applied again", async () => {
    const { migrations } = database();
    expect(await migrations.down()).toBe("0001-initial-schema");
    expect((await migrations.status()).pending).toEqual(["0001-initial-schema"]);
    await expect(migrations.check()).rejects.toMatchObject({ code: "SCHEMA_OUTDATED" });
    expect(await migrations.up()).toEqual(["0001-initial-schema"]);
    await expect(migrations.check()).resolves.toBeUndefined();
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
