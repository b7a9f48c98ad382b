import { Writable } from "node:stream";
import { Migration } from "@mikro-orm/migrations";
import { unpackTar } from "modern-tar";
import { describe, expect, onTestFinished, test } from "vitest";
import { dumpDatabase } from "../../../src/dump/index.ts";
import {
  contentsOf,
  databaseOf,
  dumpOf,
  ENGINES,
  fillAwkwardly,
  fillWith,
  restoreFrom,
} from "../../support/database/dumps.ts";
import { addMigration } from "../../support/database/migrations.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

describe("a dump restored into another database", () => {
  test.each(ENGINES.flatMap((from) => ENGINES.map((to) => [from, to] as const)))(
    "from %s into %s has every value, the next ids and the indexes",
    async (from, to) => {
      const source = await databaseOf(from);
      await fillAwkwardly(source);
      const target = await databaseOf(to);
      const dump = await dumpOf(source);
      const result = await restoreFrom(dump, target);
      expect(result).toMatchObject({ tables: { raw_data: 6, api_tokens: 6, sync_state: 1 }, migrated: [] });
      expect(await contentsOf(target)).toEqual(await contentsOf(source));
    },
  );

  test("has the same content with several pieces and rows longer than a piece", async () => {
    const source = await databaseOf("postgresql");
    await fillWith(source, 30, 600_000);
    await source.query(
      `update raw_data set data = jsonb_build_object('long', repeat('线', 3000000)) where id = 3`,
    );
    const dump = await dumpOf(source);
    for (const engine of ENGINES) {
      const target = await databaseOf(engine);
      const seen: number[] = [];
      await restoreFrom(dump, target, { onProgress: ({ done, total }) => seen.push(done / total) });
      expect(await contentsOf(target)).toEqual(await contentsOf(source));
      expect(seen.length).toBeGreaterThan(3);
      expect(seen.at(-1)).toBe(1);
    }
    const second = await databaseOf("pglite");
    await restoreFrom(dump, second);
    const third = await databaseOf("postgresql");
    await restoreFrom(await dumpOf(second), third);
    expect(await contentsOf(third)).toEqual(await contentsOf(source));
  });

  test("raises the data version, so that no cached response of the old content counts as current", async () => {
    const source = await databaseOf("pglite");
    await source.query("update data_version set version = 7");
    const target = await databaseOf("postgresql");
    await target.query("update data_version set version = 50");
    await restoreFrom(await dumpOf(source), target);
    const { rows } = await target.query("select version::int as version from data_version");
    expect(rows).toEqual([{ version: 51 }]);
  });

  test("contains a single moment of a server, whatever is written during the dump", async () => {
    const source = await databaseOf("postgresql");
    await fillWith(source, 40, 600_000);
    const parts: Buffer[] = [];
    let written = false;
    const output = new Writable({
      write: (part: Buffer, _encoding, done) => {
        parts.push(part);
        const change = written
          ? Promise.resolve()
          : source.query("delete from raw_data where id > 20").then(() => fillAwkwardly(source));
        written = true;
        change.then(() => done(), done);
      },
    });
    await dumpDatabase({ database: source, output });
    const target = await databaseOf("pglite");
    const { tables } = await restoreFrom(Buffer.concat(parts), target);
    expect(tables).toMatchObject({ raw_data: 40, processed_data: 0, api_tokens: 0 });
  });

  test("is a tar file of PostgreSQL's COPY text, readable by other tools", async () => {
    const source = await databaseOf("pglite");
    await fillAwkwardly(source);
    const members = await unpackTar(await dumpOf(source));
    const names = members.map(({ header }) => header.name);
    expect(names[0]).toBe("manifest.json");
    expect(names.at(-1)).toBe("contents.json");
    expect(names).toContainEqual(expect.stringMatching(/^raw_data\/\d{6}\.copy\.zst$/));
  });
});

test.each(ENGINES)("an exhausted sequence is still exhausted after a restore (%s)", async (engine) => {
  const source = await databaseOf("postgresql");
  await source.query("select setval('raw_data_id_seq', 2147483647)");
  const target = await databaseOf(engine);
  await restoreFrom(await dumpOf(source), target);
  const { rows } = await target.query("select last_value::int as last, is_called from raw_data_id_seq");
  expect(rows).toEqual([{ last: 2_147_483_647, is_called: true }]);
});

describe("a database with rows", () => {
  test.each(ENGINES)("is unchanged without force (%s)", async (engine) => {
    const dump = await dumpOf(await databaseOf("pglite"));
    const target = await databaseOf(engine);
    await target.query("insert into api_tokens (token) values ('kept')");
    await expect(restoreFrom(dump, target)).rejects.toMatchObject({
      code: "DATABASE_NOT_EMPTY",
      message: expect.stringMatching(/1 in api_tokens.*--force/),
    });
    const { rows } = await target.query("select token from api_tokens");
    expect(rows).toEqual([{ token: "kept" }]);
  });

  test.each(ENGINES)("is replaced completely with force (%s)", async (engine) => {
    const source = await databaseOf("pglite");
    await fillAwkwardly(source);
    const target = await databaseOf(engine);
    await fillWith(target, 20, 1000);
    await restoreFrom(await dumpOf(source), target, { force: true });
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
  });

  test.each(ENGINES)(
    "is unchanged, next ids included, when a restore with force fails (%s)",
    async (engine) => {
      const source = await databaseOf("postgresql");
      await fillWith(source, 60, 600_000);
      const dump = await dumpOf(source);
      const target = await databaseOf(engine);
      await fillAwkwardly(target);
      const before = await contentsOf(target);
      const options = { force: true };
      // Cut off after the last row: everything else has been done by then.
      await expect(restoreFrom(dump.subarray(0, -4000), target, options)).rejects.toThrow(/damaged/);
      expect(await contentsOf(target)).toEqual(before);
    },
  );

  test("is not changed while a run holds a lock", async () => {
    const target = await databaseOf("postgresql");
    const lock = await target.lock(["data_fetch"], "che168-sync daily");
    await expect(restoreFrom(await dumpOf(target), target)).rejects.toThrow(/che168-sync daily since/);
    await lock.release();
  });

  test("that another session keeps reading aborts the restore after ten seconds", async () => {
    const target = await databaseOf("postgresql");
    const dump = await dumpOf(target);
    await target.transaction(async (reader) => {
      await reader.query("select * from raw_data");
      await expect(restoreFrom(dump, target)).rejects.toMatchObject({
        code: "LOCKED",
        message: expect.stringContaining("Stop `serve`"),
      });
    });
  });
});

/** A migration of a later version. */
class AddNote extends Migration {
  override up(): void {
    this.addSql("alter table raw_data add column note text null");
    this.addSql("update raw_data set note = 'set by the migration: ' || inner_id");
  }
  override down(): void {
    this.addSql("alter table raw_data drop column note");
  }
}

const withNextMigration = <T>(work: () => Promise<T>): Promise<T> => {
  const remove = addMigration("9999-note", AddNote);
  return work().finally(remove);
};

describe("a dump of another version", () => {
  test.each(ENGINES)("that is older is migrated like its database would be (%s)", async (engine) => {
    const source = await databaseOf("pglite");
    await fillAwkwardly(source);
    const dump = await dumpOf(source);
    await withNextMigration(async () => {
      const target = await databaseOf(engine, { changesSchema: true });
      await target.query("insert into api_tokens (token) values ('replaced')");
      const { migrated } = await restoreFrom(dump, target, { force: true });
      expect(migrated).toEqual(["9999-note"]);
      const { rows } = await target.query("select distinct left(note, 20) as note from raw_data");
      expect(rows).toEqual([{ note: "set by the migration" }]);
    });
  });

  test("that is newer is rejected by the name of its migration, and so is a newer database", async () => {
    const target = await databaseOf("postgresql");
    const dump = await withNextMigration(async () =>
      dumpOf(await databaseOf("pglite", { changesSchema: true })),
    );
    await expect(restoreFrom(dump, target)).rejects.toMatchObject({
      code: "SCHEMA_NEWER",
      message: expect.stringContaining("9999-note"),
    });
    await target.query("insert into che168_migrations (name) values ('0099-of-the-future')");
    await expect(dumpOf(target)).rejects.toMatchObject({ code: "SCHEMA_NEWER" });
  });
});

test("a dump names runs at the same time, and an empty schema has nothing to dump", async () => {
  const source = await databaseOf("postgresql");
  const { logger, lines } = collectingLogger();
  const lock = await source.lock(["normalization"], "che168-sync normalize");
  onTestFinished(() => lock.release());
  await dumpDatabase({ database: source, output: new Writable({ write: (_, __, done) => done() }), logger });
  expect(lines.map(({ text }) => text).join()).toMatch(
    /Running at the same time: che168-sync normalize since/,
  );
  while ((await source.migrations.down()) !== undefined) {
    // Until no applied migration is left.
  }
  await expect(dumpOf(source)).rejects.toThrow(/nothing to dump/);
});
