import type { Queryable } from "../database/index.ts";

/** How far the feed has been read. */
export interface FeedPosition {
  /** Every change below it is stored; null before the first run. */
  readonly changeId: number | null;
  /** The last complete day, `YYYY-MM-DD`. */
  readonly lastDay: string | null;
  /** Time of the newest change received, in milliseconds since 1970; without any, when the position was recorded. */
  readonly newestChangeMs: number;
  /** When the position was last stored, in milliseconds since 1970. */
  readonly updatedMs: number;
  /** Pairs of neighbouring ids read so far, and those of them with missing ids in between. */
  readonly idSteps: number;
  readonly idHoles: number;
}

/**
 * Reads the position. `for update` waits for a pending update: the server may still be running the statement of
 * a killed process.
 */
export async function readPosition(db: Queryable): Promise<FeedPosition> {
  const { rows } = await db.query<{
    change_id: string | null;
    day: string | null;
    newest: number;
    updated: number;
    steps: number;
    holes: number;
  }>(
    `select last_change_id::text as change_id, to_char(last_successful_date, 'YYYY-MM-DD') as day,
            (extract(epoch from coalesce(newest_change_at, updated_at)) * 1000)::float8 as newest,
            (extract(epoch from updated_at) * 1000)::float8 as updated, id_steps::float8 as steps, id_holes::float8 as holes
       from sync_state where id = 1 for update`,
  );
  const row = rows[0];
  return {
    changeId: row?.change_id == null ? null : Number(row.change_id),
    lastDay: row?.day ?? null,
    newestChangeMs: row?.newest ?? Number.NEGATIVE_INFINITY,
    updatedMs: row?.updated ?? Number.POSITIVE_INFINITY,
    idSteps: row?.steps ?? 0,
    idHoles: row?.holes ?? 0,
  };
}

/**
 * Sets the position of the first run; an existing position stays.
 *
 * @param changeId null while the feed has no changes
 * @param lastDay the day before the first one to read, `YYYY-MM-DD`
 */
export async function recordFirstPosition(
  db: Queryable,
  changeId: number | null,
  lastDay: string,
): Promise<void> {
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
 * Marks `day` complete, if the position is still `position`; never moves to an earlier day. This commit is synchronous,
 * so everything stored before it is on disk as well. A day without changes gets its row of `daily_stats` here.
 *
 * @returns false when the position differs, and nothing was written
 */
export async function completeDay(db: Queryable, day: string, position: number): Promise<boolean> {
  const { rows } = await db.query(
    `with completed as (
       update sync_state
          set last_successful_date = greatest(last_successful_date, $1::date), updated_at = clock_timestamp()
        where id = 1 and last_change_id = $2::bigint
       returning 1),
     counted as (
       insert into daily_stats (day) select $1::date from completed on conflict (day) do nothing)
     select from completed`,
    [day, position],
  );
  return rows.length > 0;
}
