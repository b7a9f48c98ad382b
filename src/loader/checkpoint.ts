import type { Queryable } from "../database/index.ts";

/** Progress of the walk through the catalogue. */
export interface Checkpoint {
  /** The page to read next; null at the end of the catalogue. */
  readonly nextPage: number | null;
  /** Records of the walk so far. */
  readonly records: number;
  /** Records of the last complete walk. */
  readonly lastRecords: number | null;
}

interface Row {
  next_page: number | null;
  records: number;
  last_records: number | null;
}

/**
 * Reads the checkpoint; undefined before the first load. `for update` waits for a pending update: the server may still
 * be running the statement of a killed process.
 */
export async function readLoadCheckpoint(db: Queryable): Promise<Checkpoint | undefined> {
  const { rows } = await db.query<Row>(
    "select next_page, records, last_records from load_state where id = 1 for update",
  );
  const row = rows[0];
  return row && { nextPage: row.next_page, records: row.records, lastRecords: row.last_records };
}

/**
 * Writes the unchanged checkpoint with a synchronous commit, so that everything stored before it is on disk.
 *
 * @returns false when the checkpoint is not `nextPage`, and nothing was written
 */
export async function flushCheckpoint(db: Queryable, nextPage: number | null): Promise<boolean> {
  const { rows } = await db.query(
    `update load_state set next_page = next_page where id = 1 and next_page is not distinct from $1::int
     returning 1`,
    [nextPage],
  );
  return rows.length > 0;
}

/**
 * Starts a walk at page 1 and deletes failed pages, which it will reach again. Keeps the count of the last complete walk as
 * the expected total.
 */
export async function startWalk(db: Queryable): Promise<void> {
  await db.query(
    `with deleted as (delete from failed_pages)
     insert into load_state (id, next_page, started_at) values (1, 1, clock_timestamp())
     on conflict (id) do update
        set walk = 'load', next_page = 1, started_at = excluded.started_at, finished_at = null,
            records = 0, removed_meanwhile = 0`,
  );
}

/** Failed pages, lowest first. */
export async function readFailedPages(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ page: number }>("select page from failed_pages order by page");
  return rows.map(({ page }) => page);
}

/** Failed pages, least recently tried first, so that pages that always fail do not starve the others. */
export async function failedPagesByTurn(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ page: number }>("select page from failed_pages order by failed_at, page");
  return rows.map(({ page }) => page);
}

/** Records a failed page, and moves the checkpoint past it when it is there. */
export async function skipPage(db: Queryable, page: number, reason: string): Promise<void> {
  await db.query(
    `with recorded as (
       insert into failed_pages (page, reason, failed_at) values ($1, $2, clock_timestamp())
       on conflict (page) do update set reason = excluded.reason, failed_at = clock_timestamp())
     update load_state set next_page = $1 + 1 where id = 1 and next_page = $1`,
    [page, reason],
  );
}

/** Moves the checkpoint back to `page`, the first of several consecutive failures: the next run resumes there. */
export async function goBackTo(db: Queryable, page: number): Promise<void> {
  await db.query(
    `with deleted as (delete from failed_pages where page >= $1)
     update load_state set next_page = $1, finished_at = null where id = 1`,
    [page],
  );
}

/**
 * Records the position of the feed before the first page is read; an existing position stays.
 *
 * @param changeId null when the day has no change yet: its first one becomes the position
 */
export async function recordFeedStart(
  db: Queryable,
  changeId: number | null,
  lastCompleteDay: string,
): Promise<void> {
  await db.query(
    `insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, $2)
     on conflict (id) do update
        set last_change_id = excluded.last_change_id, last_successful_date = excluded.last_successful_date,
            updated_at = now()
      where sync_state.last_change_id is null and sync_state.last_successful_date is null`,
    [changeId, lastCompleteDay],
  );
}

/** True when a position of the feed, or the day before its first one, is recorded. */
export async function hasFeedStart(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(
    "select from sync_state where id = 1 and coalesce(last_change_id::text, last_successful_date::text) is not null",
  );
  return rows.length > 0;
}
