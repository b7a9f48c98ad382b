import type { Queryable } from "../database/index.ts";

/** The highest id of a row. */
export const MAX_ID = 2 ** 31 - 1;

/** Makes every row unprocessed, those that are already included, until {@link closeCheckpoint}. */
export async function openCheckpoint(db: Queryable): Promise<void> {
  await db.query(
    `insert into normalize_state (id, after_id, started_at) values (1, 0, clock_timestamp())
     on conflict (id) do update set after_id = 0, started_at = excluded.started_at`,
  );
}

/** The id after which every row is unprocessed; {@link MAX_ID} when no run over every row is unfinished. */
export async function readCheckpoint(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ after_id: number }>("select after_id from normalize_state where id = 1");
  return rows[0]?.after_id ?? MAX_ID;
}

/** Ends the run over every row. */
export async function closeCheckpoint(db: Queryable): Promise<void> {
  await db.query("delete from normalize_state where id = 1");
}

/** Rows per statement: a single one over 250,000 rows would hold its locks for minutes. */
const MARK_BATCH = 5_000;
/** Moves the checkpoint past the rows that it marks. */
const MARK_NEXT = `
  with next as (
    select r.id from normalize_state s join raw_data r on r.id > s.after_id order by r.id limit ${MARK_BATCH}),
  marked as (update raw_data set is_processed = false where id in (select id from next) and is_processed)
  update normalize_state set after_id = (select max(id) from next) where id = 1 and exists (select from next)
  returning after_id`;

/**
 * Marks the next rows after the checkpoint as unprocessed, for a run over every row that ends at its limit.
 *
 * @returns false when there are no more
 */
export async function markNextUnprocessed(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(MARK_NEXT);
  return rows.length > 0;
}
