import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import { isServiceFault, turnSql } from "../operations/index.ts";
import type { CallOptions, Client, RawListing } from "../upstream/index.ts";
import { repairJsonText } from "../upstream/internal.ts";
import { type CompareBatchOptions, compareBatch } from "./compare-batch.ts";
import { type ComparisonState, positionMoved, writeCounts } from "./state.ts";
import type { ReconcileTotals } from "./types.ts";

/** Unseen listings up to this number are confirmed one by one; the service limits `/offer` to some 270 calls in minutes. */
export const MAX_SINGLE_REQUESTS = 200;
/** Listings ended by one statement. */
const END_BATCH = 1_000;
/** Gone listings that are ended together while others are still being confirmed. */
const CONFIRM_BATCH = 20;

/** Active rows that the snapshot does not contain, without a change at or after its position ($1). */
const UNSEEN = `raw_data r
    where r.active_status = 0 and not coalesce(r.change_id >= $1::bigint, false)
      and not exists (select from reconcile_seen s where s.raw_id = r.id)`;

interface UnseenRow {
  readonly id: number;
  readonly inner_id: string;
  readonly has_model: boolean;
}

/** How many listings the snapshot contains, and how many active ones it does not. */
export async function countUnseen(
  database: Database,
  position: number | null,
): Promise<{ readonly seen: number; readonly unseen: number }> {
  const { rows } = await database.query<{ seen: number; unseen: number }>(
    `select (select count(*) from reconcile_seen)::int as seen, (select count(*) from ${UNSEEN})::int as unseen`,
    [position],
  );
  return rows[0] ?? { seen: 0, unseen: 0 };
}

// The condition on ended rows is tested again after waiting for an earlier attempt that the server was still running. Then
// nothing is ended, but rows may be left: the next statement, which sees that attempt's rows, decides.
const END = `
  with ${turnSql(3)},
  gone as (
    select r.id from ${UNSEEN} and exists (select from turn) and ($2::jsonb is null or r.id in (select jsonb_array_elements_text($2::jsonb)::int))
     order by r.id limit ${END_BATCH}),
  ended as (
    update raw_data r
       set active_status = 1, change_type = 'removed', is_processed = false, last_updated_at = clock_timestamp()
      from gone where r.id = gone.id and r.active_status = 0
    returning 1),
  counted as (
    update reconcile_state
       set counts = counts || jsonb_build_object('removed',
             coalesce((counts ->> 'removed')::int, 0) + (select count(*) from ended)::int)
     where id = 1 and exists (select from turn)
    returning counts),
  recorded as (${writeCounts({ id: 3, key: 4, counts: "(select counts from counted)", condition: "exists (select from counted)" })})
  select case when exists (select from turn) then (select count(*) from gone)::int end as found, (select counts from counted) as counts`;

/**
 * Ends unseen listings, a batch per statement. Idempotent: ended rows are inactive.
 *
 * @param ids only these; null: all
 * @throws Che168Error `POSITION_MOVED` when another run has started
 */
export async function endUnseen(
  database: Database,
  state: ComparisonState,
  ids: readonly number[] | null,
  { statements, operation, signal }: Pick<CompareBatchOptions, "statements" | "operation" | "signal">,
): Promise<ComparisonState> {
  let counts = state.counts;
  for (;;) {
    signal.throwIfAborted();
    const row = await statements.write(async () => {
      const { rows } = await database.query<{ found: number | null; counts: ReconcileTotals | null }>(END, [
        state.position,
        ids === null ? null : JSON.stringify(ids),
        operation.id,
        operation.key,
      ]);
      return rows[0];
    });
    if (row?.found == null) {
      throw positionMoved();
    }
    counts = row.counts ?? counts;
    if (row.found < END_BATCH) {
      return { ...state, counts };
    }
  }
}

/** Dependencies and limits for confirming listings. */
export interface ConfirmOptions extends Omit<CompareBatchOptions, "kind"> {
  readonly client: Client;
  readonly logger: Logger;
  /** Consecutive failures after which the rest is deferred. */
  readonly maxFailures: number;
  readonly call: CallOptions;
  readonly now: () => Date;
  readonly onListing: (done: number, total: number) => void;
}

/**
 * Stores a listing that the service still has. `/offer` may name another `model` than the catalogue and the feed (`N8L DM` for
 * `腾势N8L`); the stored one stays, or each run would write what the next one reverts.
 *
 * @returns undefined when the state has moved
 */
async function refresh(
  database: Database,
  row: UnseenRow,
  listing: RawListing,
  state: ComparisonState,
  options: ConfirmOptions,
): Promise<ComparisonState | undefined> {
  const record = {
    innerId: row.inner_id,
    createdAt: options.now().toISOString(),
    data: repairJsonText(listing.text).text,
    ignoredKey: row.has_model ? "model" : undefined,
  };
  const batch = { records: [record], rejections: [], checkpoint: {} };
  const stored = await compareBatch(database, batch, state, { ...options, kind: "single" });
  return stored?.state;
}

/**
 * Requests each unseen listing from the service: one that it does not have is ended, one that it has is refreshed and counts as
 * seen. Failed requests are deferred: their listings stay active.
 *
 * @returns undefined when the state has moved
 */
export async function confirmUnseen(
  database: Database,
  state: ComparisonState,
  options: ConfirmOptions,
): Promise<{ readonly state: ComparisonState; readonly deferred: number } | undefined> {
  const { client, logger, call, statements } = options;
  const { rows } = await statements.read(() =>
    database.query<UnseenRow>(
      `select r.id, r.inner_id, coalesce(r.data ->> 'model', '') <> '' as has_model from ${UNSEEN} order by r.id`,
      [state.position],
    ),
  );
  let current = state;
  let gone: number[] = [];
  let deferred = 0;
  let consecutiveFailures = 0;
  for (const [index, row] of rows.entries()) {
    call.signal?.throwIfAborted();
    if (consecutiveFailures >= options.maxFailures) {
      deferred += 1;
      continue;
    }
    try {
      const listing = await client.offer(row.inner_id, call);
      consecutiveFailures = 0;
      if (listing === null) {
        gone.push(row.id);
      } else {
        const refreshed = await refresh(database, row, listing, current, options);
        if (refreshed === undefined) {
          return undefined;
        }
        current = refreshed;
      }
    } catch (error) {
      if (!isServiceFault(error)) {
        throw error;
      }
      logger.error(`Whether listing ${row.inner_id} is gone could not be confirmed: ${error.message}`);
      consecutiveFailures += 1;
      deferred += 1;
    }
    if (gone.length >= CONFIRM_BATCH) {
      current = await endUnseen(database, current, gone, options);
      gone = [];
    }
    options.onListing(index + 1, rows.length);
  }
  if (gone.length > 0) {
    current = await endUnseen(database, current, gone, options);
  }
  return { state: current, deferred };
}
