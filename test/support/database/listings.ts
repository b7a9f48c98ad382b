import type { Queryable } from "../../../src/database/index.ts";

/** Inserts rows 1 to `count` into raw_data, as a load stores them. */
export async function insertRaw(db: Queryable, count: number): Promise<void> {
  await db.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     select 'listing-' || n, 'added', timestamptz '2025-04-29T05:15:22Z' + n * interval '1 minute',
            jsonb_build_object('inner_id', 'listing-' || n, 'mark', 'Kia', 'model', 'K2', 'price', 1000 + n), 'initial_load'
       from generate_series(1, $1::int) as n`,
    [count],
  );
}

/** Every row of processed_data by inner_id, without its row id and the times when it was loaded and updated. */
export async function processedRows(db: Queryable): Promise<Map<string, unknown>> {
  const { rows } = await db.query<{ inner_id: string; row: unknown }>(
    `select inner_id, to_jsonb(p) - array['id', 'first_seen_at', 'updated_at'] as row from processed_data p order by inner_id collate "C"`,
  );
  return new Map(rows.map(({ inner_id, row }) => [inner_id, row]));
}
