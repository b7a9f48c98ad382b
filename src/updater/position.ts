import type { Queryable } from "../database/index.ts";

/** Where the feed has been read to. */
export interface Position {
  /** Every change below it is stored; null before anything was. */
  readonly changeId: number | null;
  /** The last day of which every change is stored. */
  readonly lastDay: string | null;
}

/**
 * The position, or none on the very first run. Waits for a statement that is just moving it: that of a process which was
 * killed may still be at work in the server.
 */
export async function readPosition(db: Queryable): Promise<Position> {
  const { rows } = await db.query<{ change_id: string | null; day: string | null }>(
    "select last_change_id::text as change_id, last_successful_date::text as day from sync_state where id = 1 for update",
  );
  const row = rows[0];
  return {
    changeId: row?.change_id == null ? null : Number(row.change_id),
    lastDay: row?.day ?? null,
  };
}

/** Sets the position of a first run, when none is there. */
export async function beginAt(db: Queryable, changeId: number, lastDay: string): Promise<void> {
  await db.query(
    `insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, $2)
     on conflict (id) do update
        set last_change_id = excluded.last_change_id,
            last_successful_date = coalesce(sync_state.last_successful_date, excluded.last_successful_date),
            updated_at = clock_timestamp()
      where sync_state.last_change_id is null`,
    [changeId, lastDay],
  );
}

/**
 * Says that every change of `day` is stored; never goes back to an earlier day.
 *
 * @returns false when the feed has not been read to `position`, and nothing was said; true when it has: what was stored
 * before is then on the disk, and a crash of the server cannot take it back
 */
export async function completeDay(db: Queryable, day: string, position: number): Promise<boolean> {
  const { rows } = await db.query(
    `update sync_state
        set last_successful_date = greatest(last_successful_date, $1::date), updated_at = clock_timestamp()
      where id = 1 and last_change_id = $2::bigint
     returning 1`,
    [day, position],
  );
  return rows.length > 0;
}
