import { expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { getStatus } from "../../../src/operations/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("normalising all listings again", ({ database }) => {
  /** More than are marked by one statement. */
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

  test("fails if the rows cannot be marked, and marks none later", async () => {
    await insertProcessed();
    await database().query(
      "alter table raw_data add constraint not_all check (is_processed or inner_id <> '5500') not valid",
    );
    try {
      await expect(normalizer().run({ all: true })).rejects.toThrow(/not_all/);
      expect(await count("not is_processed and inner_id::int > 5000")).toBe(0);
    } finally {
      await database().query("alter table raw_data drop constraint not_all");
    }
  });

  test("stops when it is cancelled: what is marked stays for the next run", async () => {
    await insertProcessed();
    const cancel = new AbortController();
    const run = normalizer().run({
      all: true,
      batchSize: 50,
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await expect(run).rejects.toThrow(/abort/i);
    expect(await count("not is_processed")).toBeGreaterThan(0);
    expect(await normalizer().run({ limit: 10 })).toMatchObject({ status: "OK", processed: 10 });
  });
});
