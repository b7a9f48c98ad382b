import { expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { getStatus } from "../../../src/operations/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("listings whose content is the same", ({ database }) => {
  const insert = (count: number) =>
    database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source)
       select n::text, 'added', '2026-01-02T03:04:05.678901Z',
              '{"mark": "BMW", "model": "X5", "price": "98000", "year": "2022", "images": "[]"}', 'initial_load'
         from generate_series(1, $1::int) as n`,
      [count],
    );
  const change = (data: object, innerId = "1") =>
    database().query(
      "update raw_data set data = data || $1::jsonb, is_processed = false, change_type = 'changed' where inner_id = $2",
      [JSON.stringify(data), innerId],
    );
  const normalize = (options: { all?: boolean } = {}) =>
    createNormalizer({ database: database() }).run(options);
  /** Version, time of the last change and some content of each row. */
  const rows = async () =>
    (
      await database().query<{ inner_id: string; version: string; updated_at: string; created_at: string }>(
        `select inner_id, xmin::text as version, updated_at::text as updated_at, created_at::text as created_at, mark, price
           from processed_data order by inner_id`,
      )
    ).rows;
  const row = async () => {
    const [first] = await rows();
    if (first === undefined) {
      throw new Error("There is no row");
    }
    return first;
  };
  const unprocessed = async () =>
    (await database().query("select inner_id from raw_data where not is_processed")).rows.length;
  const dataVersion = async () =>
    (await database().query("select version::text as version from data_version")).rows;

  test("are not written again: rows, updated_at and the version of the data stay", async () => {
    await insert(5);
    expect(await normalize()).toMatchObject({ processed: 5, unchanged: 0 });
    const before = { rows: await rows(), version: await dataVersion() };
    expect(await normalize({ all: true })).toMatchObject({ status: "OK", processed: 5, unchanged: 5 });
    expect({ rows: await rows(), version: await dataVersion() }).toEqual(before);
    expect(await unprocessed()).toBe(0);
    const { rows: operations } = await database().query<{ details: string }>(
      "select details from operations_log order by id desc limit 1",
    );
    expect(JSON.parse(operations[0]?.details ?? "")).toMatchObject({ processed: 5, unchanged: 5 });
  });

  test("updated_at moves with the content: the price, another field, the status, completeness", async () => {
    await insert(1);
    await normalize();
    const times = [(await row()).updated_at];
    const step = async (sql: string) => {
      await database().query(`update raw_data set is_processed = false, ${sql}`);
      await normalize();
      times.push((await row()).updated_at);
    };
    await step(`data = data || '{"price": "97000"}'`);
    await step(`data = data || '{"mark": "Audi"}'`);
    await step("active_status = 1, change_type = 'removed'");
    await step("active_status = 0, change_type = 'added'");
    await step("completeness = 'pending'");
    expect(times).toEqual([...new Set(times)].sort());
    expect(times).toHaveLength(6);
    expect(await row()).toMatchObject({ mark: "Audi", price: 97000 });
  });

  test("a change that changes no canonical value moves created_at, not updated_at", async () => {
    await insert(2);
    await normalize();
    const before = await rows();
    await change({ price: 98000, unheard_of: 1 });
    await database().query("update raw_data set created_at = '2026-02-03T00:00:00Z' where inner_id = '1'");
    expect(await normalize()).toMatchObject({ processed: 1, unchanged: 1 });
    const after = await rows();
    expect(after[0]?.created_at).toContain("2026-02-03");
    expect(after.map(({ updated_at }) => updated_at)).toEqual(before.map(({ updated_at }) => updated_at));
    expect(after[1]).toEqual(before[1]);
  });

  test("new rules that read the same content make a listing current without writing it", async () => {
    await insert(3);
    await normalize();
    await database().query("update processed_data set rules_version = rules_version - 1");
    await database().query("update raw_data set rules_version = rules_version - 1");
    const outdated = async () => (await getStatus({ database: database() })).rows.outdated;
    expect(await outdated()).toBe(3);
    const before = await rows();
    expect(await normalize({ all: true })).toMatchObject({ processed: 3, unchanged: 3 });
    expect(await outdated()).toBe(0);
    expect(await rows()).toEqual(before);
  });

  test("new rules count as applied to removed listings too", async () => {
    await insert(1);
    await normalize();
    await database().query("update processed_data set rules_version = rules_version - 1");
    await database().query(
      "update raw_data set rules_version = rules_version - 1, active_status = 1, change_type = 'removed'",
    );
    expect(await normalize({ all: true })).toMatchObject({ processed: 1, deactivated: 0, unchanged: 1 });
    expect(await normalize({ all: true })).toMatchObject({ processed: 0, deactivated: 1 });
    expect((await getStatus({ database: database() })).rows.outdated).toBe(0);
  });

  test("rows written by an earlier version get their hash and new columns; updated_at moves only with the content", async () => {
    await insert(2);
    await normalize();
    await database().query(
      `update processed_data
          set content_hash = null, color = 'of an earlier version',
              normalized_data = case inner_id when '2' then normalized_data || '{"mark": "of other rules"}' else normalized_data end`,
    );
    const before = await rows();
    expect(await normalize({ all: true })).toMatchObject({ processed: 2, unchanged: 0 });
    const after = await rows();
    expect(after.map(({ updated_at }, index) => updated_at === before[index]?.updated_at)).toEqual([
      true,
      false,
    ]);
    const { rows: colors } = await database().query("select color from processed_data");
    expect(colors).toEqual([{ color: null }, { color: null }]);
    expect(await normalize({ all: true })).toMatchObject({ processed: 2, unchanged: 2 });
  });

  test("a row that disappears during its batch is written by the next run", async () => {
    await insert(1);
    await normalize();
    await change({ unheard_of: 1 });
    const run = createNormalizer({ database: database() }).run({
      onListing: () => database().query("delete from processed_data"),
    });
    expect(await run).toMatchObject({ processed: 0, changedMeanwhile: 1 });
    expect(await normalize()).toMatchObject({ processed: 1, unchanged: 0 });
    expect(await rows()).toHaveLength(1);
  });
});
