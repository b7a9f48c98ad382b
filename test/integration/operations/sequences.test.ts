import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, rejected } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";
import { blocksOf } from "../../support/source-text/blocks.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const TABLES = ["raw_data", "processed_data", "rejected_records"] as const;
const MAX_ID = 2_147_483_647;

onEachDatabase("ids of rows", ({ database, engine }) => {
  const lastIds = async () => {
    const columns = TABLES.map((name) => `(select last_value::int from ${name}_id_seq) as ${name}`);
    return (await database().query(`select ${columns.join(", ")}`)).rows[0];
  };
  const exhaust = async (table: string) => {
    await database().query(`select setval('${table}_id_seq', ${MAX_ID})`);
  };
  const count = async (table: string) =>
    (await database().query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count;

  test("are allocated for new rows only, however often the catalogue, the feed and all listings are read again", async () => {
    const broken = { id: 7, inner_id: { not: "a text" }, change_type: "added", created_at: NOW(), data: {} };
    const changes = [
      change(100, "changed", "listing-1", { new_price: 1 }),
      change(101, "added", "listing-46", { mark: "Kia" }),
      { id: 102, date: "2025-06-15", record: { ...broken, id: 102 } },
    ];
    const sandbox = await serve({ offers: [...offers(45), broken], changes });
    const client = clientOf(sandbox);
    const everything = async () => {
      await createLoader({ database: database(), client, now: NOW }).run({ restart: true });
      await database().query("update sync_state set last_change_id = 100");
      await createUpdater({ database: database(), client, now: NOW }).run();
      return createNormalizer({ database: database() }).run({ all: true });
    };
    expect(await everything()).toMatchObject({ status: "OK", processed: 46 });
    const first = await lastIds();
    expect(first).toEqual({ raw_data: 46, processed_data: 46, rejected_records: 2 });
    expect(await everything()).toMatchObject({ status: "OK", processed: 46 });
    expect(await lastIds()).toEqual(first);
  });

  test("an exhausted sequence ends the load with one error, and rejects no record", async () => {
    await exhaust("raw_data");
    const sandbox = await serve({ offers: offers(3) });
    const run = createLoader({ database: database(), client: clientOf(sandbox), now: NOW }).run();
    await expect(run).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(
        /^No ids are left for new rows \(.*raw_data_id_seq.*docs\/deployment\.md\.$/,
      ),
    });
    expect(await rejected(database())).toEqual([]);
    expect((await operations(database())).at(-1)).toMatchObject({ status: "ERROR" });
  });

  test("an exhausted sequence ends the feed with one error, before the position moves", async () => {
    await database().query("insert into sync_state (id, last_change_id) values (1, 100)");
    await exhaust("raw_data");
    const sandbox = await serve({ changes: [change(100, "added", "1", { mark: "Kia" })] });
    const run = createUpdater({ database: database(), client: clientOf(sandbox), now: NOW }).run();
    await expect(run).rejects.toMatchObject({ code: "DATABASE_UNUSABLE" });
    expect(await rejected(database())).toEqual([]);
  });

  test("an exhausted sequence ends normalisation with one error, and blames no listing", async () => {
    const sandbox = await serve({ offers: offers(3) });
    await createLoader({ database: database(), client: clientOf(sandbox), now: NOW }).run();
    await exhaust("processed_data");
    const { logger, lines } = collectingLogger();
    await expect(createNormalizer({ database: database(), logger }).run()).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
    });
    expect(lines.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
    expect((await operations(database())).at(-1)).toMatchObject({
      status: "ERROR",
      details: { processed: 0, errors: 1, failed: [] },
    });
  });

  // The embedded database runs one statement at a time.
  test.runIf(engine === "postgresql")("can be renumbered as docs/deployment.md says", async () => {
    const sandbox = await serve({ offers: offers(3) });
    const load = () =>
      createLoader({ database: database(), client: clientOf(sandbox), now: NOW }).run({ restart: true });
    await load();
    await database().query(`update raw_data set id = ${MAX_ID} where id = 3`);
    await exhaust("raw_data");
    const page = readFileSync(new URL("../../../docs/deployment.md", import.meta.url), "utf8");
    const renumber = blocksOf(page.slice(page.indexOf("### Ids used up"))).find(
      ({ language }) => language === "sql",
    );
    await database().query(renumber?.text ?? "");
    await database().query("delete from raw_data where id = 3");
    expect(await load()).toMatchObject({ status: "OK", loaded: 1 });
    expect(await count("raw_data")).toBe(3);
    expect(await lastIds()).toMatchObject({ raw_data: 4 });
  });
});
