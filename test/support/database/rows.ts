import type { Queryable } from "../../../src/database/index.ts";

/** A row of raw_data in plain values; `data` parsed, times as ISO 8601 in UTC. */
export interface RawRow {
  readonly inner_id: string;
  readonly change_type: string;
  readonly created_at: string;
  readonly data: unknown;
  readonly source: string;
  readonly active_status: number;
  readonly change_id: number | null;
  readonly completeness: string;
  readonly is_processed: boolean;
}

/** Every row of raw_data by inner_id. */
export async function rawRows(db: Queryable): Promise<Map<string, RawRow>> {
  const { rows } = await db.query<RawRow>(
    `select inner_id, change_type, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at, data, source,
            active_status, change_id::float8 as change_id, completeness, is_processed
       from raw_data order by inner_id collate "C"`,
  );
  return new Map(rows.map((row) => [row.inner_id, row]));
}

/** The `inner_id`s of raw_data in the order in which they were stored. */
export async function storedIds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ inner_id: string }>("select inner_id from raw_data order by id");
  return rows.map(({ inner_id }) => inner_id);
}

/** The rows of operations_log, oldest first, with their details parsed. */
export async function operations(
  db: Queryable,
): Promise<{ type: string; status: string; details: Record<string, unknown> }[]> {
  const { rows } = await db.query<{ type: string; status: string; details: Record<string, unknown> }>(
    "select operation_type as type, status, details::jsonb as details from operations_log order by id",
  );
  return rows;
}

/** The one row of sync_state. */
export async function feedPosition(
  db: Queryable,
): Promise<{ position: number | null; day: string | null } | undefined> {
  const { rows } = await db.query<{ position: number | null; day: string | null }>(
    "select last_change_id::float8 as position, last_successful_date::text as day from sync_state",
  );
  return rows[0];
}

/** The rejected records, oldest first. */
export async function rejected(
  db: Queryable,
): Promise<
  { reason: string; inner_id: string | null; change_id: number | null; record: string; source: string }[]
> {
  const { rows } = await db.query<{
    reason: string;
    inner_id: string | null;
    change_id: number | null;
    record: string;
    source: string;
  }>(
    "select reason, inner_id, change_id::float8 as change_id, record, source from rejected_records order by id",
  );
  return rows;
}
