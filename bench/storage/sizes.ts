import type { Queryable } from "../../src/database/index.ts";

export const MB = 1_048_576;
export const mb = (bytes: number): string => (bytes / MB).toFixed(bytes < 100 * MB ? 1 : 0);

/** Bytes of a table: rows, TOAST, indexes. */
export interface TableSize {
  readonly name: string;
  readonly heap: number;
  readonly toast: number;
  readonly indexes: number;
}

export async function tableSizes(db: Queryable): Promise<TableSize[]> {
  const { rows } = await db.query<TableSize>(`
    select relname as name, pg_relation_size(oid)::float8 as heap, pg_indexes_size(oid)::float8 as indexes,
           coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0)::float8 as toast
      from pg_class where relname in ('raw_data', 'processed_data') order by 1 desc`);
  return rows;
}

/** Dead rows of a table and its TOAST table. */
export async function deadRows(db: Queryable): Promise<Record<string, number>> {
  const { rows } = await db.query<{ name: string; dead: number }>(`
    select c.relname as name, (pg_stat_get_dead_tuples(c.oid) + pg_stat_get_dead_tuples(c.reltoastrelid))::int as dead
      from pg_class as c where c.relname in ('raw_data', 'processed_data')`);
  return Object.fromEntries(rows.map(({ name, dead }) => [name, dead]));
}

/** Heap fetches of an index-only scan over all listings. */
export async function lookedUp(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ "QUERY PLAN": unknown }>(
    `explain (analyze, format json) select created_at, id from processed_data
      where active_status = 0 and not is_incomplete order by created_at desc, id desc`,
  );
  const found = /"Heap Fetches":(\d+)/.exec(JSON.stringify(rows[0]?.["QUERY PLAN"]));
  return Number(found?.[1] ?? Number.NaN);
}

/** WAL position, in bytes. */
export async function walPosition(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ at: number }>("select (pg_current_wal_lsn() - '0/0')::float8 as at");
  return rows[0]?.at ?? Number.NaN;
}
