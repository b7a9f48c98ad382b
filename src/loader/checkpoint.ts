import type { Queryable } from "../database/index.ts";

/** `load` walks the catalogue the first time, `verify` once more for what moved past the first walk. */
export type Walk = "load" | "verify";

/** Where the walk through the catalogue stands. */
export interface Checkpoint {
  readonly walk: Walk;
  /** The page to read next; null at the end of the catalogue. */
  readonly nextPage: number | null;
  /** Records of the walk so far. */
  readonly records: number;
  /** Records of the last walk that came to the end. */
  readonly lastRecords: number | null;
}

interface Row {
  walk: Walk;
  next_page: number | null;
  records: number;
  last_records: number | null;
}

/**
 * The checkpoint, or nothing before the first load. Waits for a statement that is just moving it: that of a process which
 * was killed may still be at work in the server.
 */
export async function readCheckpoint(db: Queryable): Promise<Checkpoint | undefined> {
  const { rows } = await db.query<Row>(
    "select walk, next_page, records, last_records from load_state where id = 1 for update",
  );
  const row = rows[0];
  return (
    row && { walk: row.walk, nextPage: row.next_page, records: row.records, lastRecords: row.last_records }
  );
}

/**
 * True when the walk stands at `nextPage`; what was stored before is then on the disk, and a crash of the server cannot
 * take it back.
 */
export async function settle(db: Queryable, nextPage: number | null): Promise<boolean> {
  const { rows } = await db.query(
    `update load_state set next_page = next_page where id = 1 and next_page is not distinct from $1::int
     returning 1`,
    [nextPage],
  );
  return rows.length > 0;
}

/**
 * Begins a walk at page 1, which comes by the failed pages again. What the last complete walk counted stays, as the
 * total to expect.
 */
export async function beginWalk(db: Queryable, walk: Walk): Promise<void> {
  await db.query(
    `with forgotten as (delete from failed_pages)
     insert into load_state (id, walk, next_page, started_at) values (1, $1, 1, clock_timestamp())
     on conflict (id) do update
        set walk = excluded.walk, next_page = 1, started_at = excluded.started_at, finished_at = null,
            records = 0, removed_meanwhile = 0`,
    [walk],
  );
}

/** Pages that could not be read, lowest first. */
export async function readFailedPages(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ page: number }>("select page from failed_pages order by page");
  return rows.map(({ page }) => page);
}

/**
 * The same in the order in which to try them: those that were not tried for the longest time first, so that pages that
 * always fail do not keep the others from their turn.
 */
export async function failedPagesByTurn(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ page: number }>("select page from failed_pages order by failed_at, page");
  return rows.map(({ page }) => page);
}

/** Remembers a page that could not be read and steps over it, when the walk stands at it. */
export async function skipPage(db: Queryable, page: number, reason: string): Promise<void> {
  await db.query(
    `with remembered as (
       insert into failed_pages (page, reason, failed_at) values ($1, $2, clock_timestamp())
       on conflict (page) do update set reason = excluded.reason, failed_at = clock_timestamp())
     update load_state set next_page = $1 + 1 where id = 1 and next_page = $1`,
    [page, reason],
  );
}

/** Goes back to `page`, the first of several that failed in a row: the next run tries them in their order. */
export async function goBackTo(db: Queryable, page: number): Promise<void> {
  await db.query(
    `with forgotten as (delete from failed_pages where page >= $1)
     update load_state set next_page = $1, finished_at = null where id = 1`,
    [page],
  );
}

/**
 * Notes, before the first page is read, where the feed stands; what is there already is never moved.
 *
 * @param changeId null when the day has no change yet: its first one will be the position
 */
export async function noteFeedStart(
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

/** True when it is known from where the feed is to be read: a position, or the day that it begins with. */
export async function hasFeedStart(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(
    "select from sync_state where id = 1 and coalesce(last_change_id::text, last_successful_date::text) is not null",
  );
  return rows.length > 0;
}
