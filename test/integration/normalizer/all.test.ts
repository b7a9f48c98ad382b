import { expect, test } from "vitest";
import { migrations } from "../../../migrations/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { getStatus } from "../../../src/operations/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("normalising all listings again", ({ database }) => {
  /** More than one statement marks. */
  const COUNT = 6_000;
  const insertProcessed = (rows = COUNT) =>
    database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source, is_processed)
       select n::text, 'added', '2026-01-02T03:04:05Z', '{"mark": "BMW", "images": "[]"}', 'initial_load', true
         from generate_series(1, $1::int) as n`,
      [rows],
    );
  const count = async (condition: string) => {
    const { rows } = await database().query<{ count: number }>(
      `select count(*)::int as count from raw_data where ${condition}`,
    );
    return rows[0]?.count;
  };
  const normalizer = () => createNormalizer({ database: database() });
  /** Runs over every row, and is cancelled once a number of rows is done. @returns the number of unprocessed rows */
  const interruptAfter = async (rows: number) => {
    const cancel = new AbortController();
    const run = normalizer().run({
      all: true,
      batchSize: 50,
      signal: cancel.signal,
      onProgress: ({ done }) => done >= rows && cancel.abort(),
    });
    await expect(run).rejects.toThrow(/abort/i);
    return (await getStatus({ database: database() })).rows.unprocessed;
  };

  test("takes every row, and progress counts to their number", async () => {
    await insertProcessed();
    const progress: { done: number; total: number | undefined }[] = [];
    const result = await normalizer().run({
      all: true,
      batchSize: 1_000,
      onProgress: ({ done, total }) => progress.push({ done, total }),
    });
    expect(result).toMatchObject({ status: "OK", processed: COUNT });
    expect(await count("not is_processed")).toBe(0);
    expect(progress.at(-1)).toEqual({ done: COUNT, total: COUNT });
    expect((await getStatus({ database: database() })).rows).toMatchObject({ unprocessed: 0 });
  });

  test("with a limit leaves all other rows unprocessed", async () => {
    await insertProcessed(3 * COUNT);
    expect(await normalizer().run({ all: true, limit: 10 })).toMatchObject({ processed: 10 });
    expect(await count("not is_processed")).toBe(3 * COUNT - 10);
  });

  test("continues after an interruption where it was, without --all", async () => {
    await insertProcessed();
    await database().query(
      "update raw_data set is_processed = false where id in (select max(id) from raw_data)",
    );
    const unprocessed = await interruptAfter(100);
    const stored = (await count("rules_version is not null")) ?? 0;
    const left = COUNT - stored;
    expect(left).toBeGreaterThan(0);
    expect(unprocessed).toBe(left);
    expect(await normalizer().run()).toMatchObject({ status: "OK", processed: left, unchanged: 0 });
    expect(await count("rules_version is null or not is_processed")).toBe(0);
    expect(await normalizer().run()).toMatchObject({ processed: 0 });
  });

  test("after an interruption also takes what has changed before the checkpoint", async () => {
    await insertProcessed(200);
    await interruptAfter(1);
    await database().query(
      `update raw_data set data = data || '{"mark": "Audi"}', is_processed = false where id in (select min(id) from raw_data)`,
    );
    const left = (await getStatus({ database: database() })).rows.unprocessed;
    expect(await normalizer().run()).toMatchObject({ processed: left });
    const { rows } = await database().query("select mark from processed_data where mark = 'Audi'");
    expect(rows).toHaveLength(1);
  });

  test("after an interruption is continued by the version before, which knows marks only", async () => {
    await insertProcessed(200);
    const left = await interruptAfter(1);
    const before = migrations.map(({ name }) => name).filter((name) => name < "0012");
    await database().migrations.to(before);
    try {
      expect(left).toBeGreaterThan(0);
      expect(await count("not is_processed")).toBe(left);
    } finally {
      await database().migrations.up();
    }
  });

  test("writes nothing for rows whose listing is the same", async () => {
    await insertProcessed(100);
    await normalizer().run({ all: true });
    const versions = async () =>
      (await database().query("select id, xmin::text from raw_data order by id")).rows;
    const before = await versions();
    expect(await normalizer().run({ all: true })).toMatchObject({ processed: 100, unchanged: 100 });
    expect(await versions()).toEqual(before);
  });

  test("a listing that PostgreSQL rejects is unprocessed afterwards, although it was processed", async () => {
    await insertProcessed(100);
    await database().query("alter table processed_data add constraint not_this check (inner_id <> '57')");
    try {
      expect(await normalizer().run({ all: true })).toMatchObject({
        status: "ERROR",
        processed: 99,
        failed: ["57"],
      });
      expect(await count("not is_processed and inner_id = '57'")).toBe(1);
      expect(await count("not is_processed")).toBe(1);
    } finally {
      await database().query("alter table processed_data drop constraint not_this");
    }
    expect(await normalizer().run()).toMatchObject({ status: "OK", processed: 1 });
  });
});
