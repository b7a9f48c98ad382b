import type { Database, Queryable } from "../database/index.ts";
import { requireDependencies } from "../util/dependencies.ts";

/** Options of {@link pruneEvents}. */
export interface PruneOptions {
  readonly database: Database;
  /** Older events are deleted; 0 deletes all of them. */
  readonly retentionDays: number;
  /** @default the system clock */
  readonly now?: (() => Date) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows examined per transaction. */
const BATCH = 20_000;
const DAY_MS = 86_400_000;

/** $1 time. Ids follow time, so everything before the first newer event is older. Events written later are newer. */
const FIRST_KEPT = `
  select coalesce((select min(id) from listing_events where at >= $1::timestamptz),
                  (select max(id) + 1 from listing_events), 0)::text as id`;

/**
 * $1 id after which to examine rows, $2 the first id to keep, null to keep none, $3 whether the price history of active
 * listings is kept. Deletion and range commit together: a reader never misses an event without a 410.
 */
const PRUNE = `
  with examined as materialized (
    select id from listing_events
     where id > $1::bigint and ($2::bigint is null or id < $2::bigint)
     order by id
     limit ${BATCH}),
  deleted as (
    delete from listing_events e using examined x
     where e.id = x.id
       and not ($3::boolean and e.kind in ('added', 'price') and exists (
             select from processed_data p where p.inner_id = e.inner_id and p.active_status = 0))
    returning e.id),
  noted as (
    insert into event_state (id, oldest_id)
    select 1, max(id) + 1 from deleted having count(*) > 0
    on conflict (id) do update set oldest_id = greatest(event_state.oldest_id, excluded.oldest_id))
  select (select max(id) from examined)::text as last, (select count(*) from deleted)::int as deleted`;

/**
 * Deletes events older than the retention period, except `added` and `price` of active listings: the price history.
 *
 * @returns the number of deleted events
 * @throws the signal's reason; batches deleted so far stay deleted
 */
export async function pruneEvents(options: PruneOptions): Promise<number> {
  requireDependencies("pruneEvents", options, ["database"]);
  const { database, retentionDays, signal } = options;
  const keepsAny = retentionDays > 0;
  let firstKept: string | null = null;
  if (keepsAny) {
    const now = options.now?.() ?? new Date();
    const since = new Date(now.getTime() - retentionDays * DAY_MS).toISOString();
    const { rows } = await database.retrying(
      () => database.query<{ id: string | null }>(FIRST_KEPT, [since]),
      { signal },
    );
    firstKept = rows[0]?.id ?? null;
  }
  let deleted = 0;
  for (let after: string | null = "0"; after !== null; ) {
    signal?.throwIfAborted();
    const values: unknown[] = [after, firstKept, keepsAny];
    const { rows } = await database.retrying(
      () => database.query<{ last: string | null; deleted: number }>(PRUNE, values),
      { signal },
    );
    deleted += rows[0]?.deleted ?? 0;
    after = rows[0]?.last ?? null;
  }
  return deleted;
}

/**
 * Makes every position so far invalid: listings are about to change without events. The drawn id belongs to no event, so
 * that not even the position after the newest event stays valid.
 */
export async function breakEvents(db: Queryable): Promise<void> {
  await db.query(`
    insert into event_state (id, oldest_id)
    values (1, nextval(pg_get_serial_sequence('listing_events', 'id')) + 1)
    on conflict (id) do update set oldest_id = greatest(event_state.oldest_id, excluded.oldest_id)`);
}
