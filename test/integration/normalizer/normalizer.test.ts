import { expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

/** A raw row as the loader stores it. */
interface Raw {
  readonly innerId: string;
  readonly data?: unknown;
  readonly changeType?: string;
  readonly activeStatus?: number;
  readonly completeness?: string;
}

const BMW = { mark: "BMW", model: "X5", price: "98000", year: "2022", km_age: "3.5万公里", images: "[]" };

onEachDatabase("the normaliser", ({ database, engine }) => {
  const insert = async (rows: readonly Raw[]) => {
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source, active_status, completeness)
       select inner_id, change_type, '2026-01-02T03:04:05.678901Z', data, 'initial_load', active_status, completeness
         from jsonb_to_recordset($1::jsonb) as r(
           inner_id text, change_type text, data jsonb, active_status int, completeness text)`,
      [
        JSON.stringify(
          rows.map(({ innerId, data, changeType, activeStatus, completeness }) => ({
            inner_id: innerId,
            change_type: changeType ?? "added",
            data: data ?? BMW,
            active_status: activeStatus ?? 0,
            completeness: completeness ?? "complete",
          })),
        ),
      ],
    );
  };
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ innerId: String(1000 + index) }));
  const column = async (sql: string) =>
    (await database().query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  const version = async () => Number((await column("select version::text as value from data_version"))[0]);
  const poison = async (innerId: string) => {
    await database().query(`
      create or replace function refuse() returns trigger language plpgsql as $$
      begin raise exception 'poisoned'; end $$`);
    await database().query(`
      create trigger poison before insert or update on processed_data
      for each row when (new.inner_id = '${innerId}') execute function refuse()`);
  };
  const cure = () => database().query("drop trigger poison on processed_data");

  test("stores a listing without any word, alone in its batch or not", async () => {
    await insert([{ innerId: "1", data: {} }]);
    await createNormalizer({ database: database() }).run();
    await insert([{ innerId: "2" }, { innerId: "3", data: {} }, { innerId: "4" }]);
    await createNormalizer({ database: database() }).run();
    expect(await column("select search = '' as value from processed_data order by inner_id")).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test("creates typed columns and the complete canonical listing of every raw row", async () => {
    await insert([{ innerId: "1" }]);
    const result = await createNormalizer({ database: database() }).run();
    expect(result).toMatchObject({ status: "OK", processed: 1, errors: 0 });
    const { rows } = await database().query(
      `select inner_id, mark, model, price, year, km_age, active_status, is_incomplete, created_at::text as created_at,
              normalized_data ->> 'mark' as mark_too, normalized_data ->> 'inner_id' as id_too
         from processed_data`,
    );
    expect(rows).toEqual([
      {
        inner_id: "1",
        mark: "BMW",
        model: "X5",
        price: 98000,
        year: 2022,
        km_age: 35000,
        active_status: 0,
        is_incomplete: false,
        created_at: expect.stringMatching(engine === "pglite" ? /^2026-01-02 03:04:05\.67/ : /\.678901\+00$/),
        mark_too: "BMW",
        id_too: "1",
      },
    ]);
    expect(await column("select is_processed as value from raw_data")).toEqual([true]);
  });

  test("processes rows oldest first, in batches, and does nothing when none is left", async () => {
    await insert(many(25));
    const normalizer = createNormalizer({ database: database(), batchSize: 10 });
    const seen: string[] = [];
    const first = await normalizer.run({ onListing: (listing) => seen.push(String(listing.inner_id)) });
    expect(first).toMatchObject({ processed: 25, batches: 3 });
    expect(seen).toEqual(many(25).map(({ innerId }) => innerId));
    expect(await normalizer.run()).toMatchObject({ status: "OK", processed: 0, batches: 0 });
  });

  test("--limit processes that many rows; the next run processes the rest", async () => {
    await insert(many(7));
    const normalizer = createNormalizer({ database: database(), batchSize: 3 });
    expect(await normalizer.run({ limit: 4 })).toMatchObject({ processed: 4 });
    expect(await normalizer.run()).toMatchObject({ processed: 3 });
  });

  test("every batch raises the version of the data, an idle run does not", async () => {
    await insert(many(4));
    const normalizer = createNormalizer({ database: database(), batchSize: 2 });
    const before = await version();
    await normalizer.run({ limit: 2 });
    const first = await version();
    await normalizer.run();
    const second = await version();
    expect([first > before, second > first]).toEqual([true, true]);
    await normalizer.run();
    expect(await version()).toBe(second);
  });

  test("a row that cannot be stored stays unprocessed, is logged once, and does not block the others", async () => {
    await insert(many(30));
    await poison("1007");
    try {
      const { logger, lines } = collectingLogger();
      const result = await createNormalizer({ database: database(), logger, batchSize: 10 }).run();
      expect(result).toMatchObject({ status: "ERROR", processed: 29, errors: 1, failed: ["1007"] });
      expect(lines.filter(({ text }) => text.includes("1007"))).toHaveLength(1);
      expect(await column("select inner_id as value from raw_data where not is_processed")).toEqual(["1007"]);
      const [details] = await column("select details as value from operations_log order by id desc limit 1");
      expect(JSON.parse(String(details))).toMatchObject({ processed: 29, errors: 1 });
    } finally {
      await cure();
    }
    expect(await createNormalizer({ database: database() }).run()).toMatchObject({
      status: "OK",
      processed: 1,
    });
  });

  test("a failure not caused by a row ends the run with an error and changes nothing", async () => {
    await insert(many(3));
    await database().query("alter table processed_data rename to processed_data_away");
    try {
      await expect(createNormalizer({ database: database() }).run()).rejects.toThrow(/processed_data/);
    } finally {
      await database().query("alter table processed_data_away rename to processed_data");
    }
    expect(await column("select status as value from operations_log")).toEqual(["ERROR"]);
    expect(await column("select count(*)::int as value from raw_data where not is_processed")).toEqual([3]);
  });

  test("a row that changes during its batch is processed by the next run", async () => {
    await insert(many(3));
    const normalizer = createNormalizer({ database: database() });
    let changed: Promise<unknown> | undefined;
    const first = await normalizer.run({
      onListing: () => {
        changed ??= database().query(
          `update raw_data set data = data || '{"mark": "Audi"}', is_processed = false where inner_id = '1001'`,
        );
      },
    });
    await changed;
    const second = await normalizer.run();
    expect(first.processed + second.processed).toBeGreaterThanOrEqual(3);
    expect(await column("select mark as value from processed_data where inner_id = '1001'")).toEqual([
      "Audi",
    ]);
    expect(await column("select count(*)::int as value from raw_data where not is_processed")).toEqual([0]);
  });

  test("a removed listing becomes inactive without being normalised again", async () => {
    await insert(many(2));
    const normalizer = createNormalizer({ database: database() });
    await normalizer.run();
    await database().query(
      `update raw_data set change_type = 'removed', active_status = 1, is_processed = false, data = '{"mark": "Audi"}'
        where inner_id = '1000'`,
    );
    const seen: unknown[] = [];
    const result = await normalizer.run({ onListing: (listing) => seen.push(listing) });
    expect(result).toMatchObject({ processed: 0, deactivated: 1 });
    expect(seen).toEqual([]);
    expect(
      await database().query("select active_status, mark from processed_data where inner_id = '1000'"),
    ).toMatchObject({ rows: [{ active_status: 1, mark: "BMW" }] });
    expect(await column("select count(*)::int as value from raw_data where not is_processed")).toEqual([0]);
  });

  test("a listing known only by a change is marked incomplete", async () => {
    await insert([
      { innerId: "1", completeness: "pending" },
      { innerId: "2", completeness: "unavailable" },
    ]);
    await createNormalizer({ database: database() }).run();
    expect(await column("select is_incomplete as value from processed_data")).toEqual([true, true]);
  });

  test("data of any shape gives a row and no exception", async () => {
    const odd = [
      null,
      [],
      "text",
      5,
      true,
      { mark: { a: 1 }, price: [1], images: 7, extra: "x" },
      { mark: "я".repeat(5000) },
    ];
    await insert(odd.map((data, index) => ({ innerId: `odd${index}`, data: data ?? {} })));
    const result = await createNormalizer({ database: database() }).run();
    expect(result).toMatchObject({ status: "OK", processed: odd.length });
  });

  test("a listing is found by words of several languages", async () => {
    await insert([{ innerId: "1", data: { ...BMW, mark: "宝马", address: "北京, " } }]);
    await createNormalizer({ database: database() }).run();
    for (const word of ["bmw", "宝马", "бмв", "x5"]) {
      const { rows } = await database().query(
        "select from processed_data where search @@ to_tsquery('simple', $1)",
        [`${word}:*`],
      );
      expect([word, rows.length]).toEqual([word, 1]);
    }
  });

  test("an aborted run keeps its batches and records the abort", async () => {
    await insert(many(20));
    const stop = new AbortController();
    const run = createNormalizer({ database: database(), batchSize: 5 }).run({
      signal: stop.signal,
      onProgress: ({ done }) => done === 10 && stop.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
    expect(await column("select count(*)::int as value from processed_data")).toEqual([10]);
    const [details] = await column("select details as value from operations_log");
    expect(JSON.parse(String(details))).toMatchObject({ stopped: "enough", processed: 10 });
  });

  test("a second concurrent run fails and names the first", async () => {
    const held = await database().lock(["normalization"], "che168-sync normalize");
    try {
      await expect(createNormalizer({ database: database() }).run()).rejects.toMatchObject({
        code: "LOCKED",
        message: expect.stringContaining("che168-sync normalize since"),
      });
    } finally {
      await held.release();
    }
  });

  test("an invalid vocabulary is rejected with its problems before any work", () => {
    const vocabulary = { marks: { Foo: { spelling: ["福"] } } } as never;
    expect(() => createNormalizer({ database: database(), vocabulary })).toThrow(
      /marks\.Foo\.spelling is not en, ru, zh or spellings/,
    );
  });

  test("a run leaves planner statistics on every column used to filter, sort and count", async () => {
    await insert(many(30));
    // Statistics of a run only: autovacuum collects those of every column, and may have done so before.
    await database().query("alter table processed_data set (autovacuum_enabled = false)");
    await database().query("delete from pg_statistic where starelid = 'processed_data'::regclass");
    await createNormalizer({ database: database() }).run();
    await database().query("alter table processed_data reset (autovacuum_enabled)");
    const known = await column("select attname as value from pg_stats where tablename = 'processed_data'");
    const indexed = await column(
      `select distinct attname as value from pg_attribute
        where attrelid in (select indexrelid from pg_index where indrelid = 'processed_data'::regclass)`,
    );
    expect(indexed).toContain("search");
    expect(known).toEqual(expect.arrayContaining(indexed));
    expect(known).not.toContain("description");
  });
});
