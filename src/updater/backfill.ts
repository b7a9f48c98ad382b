import { type Database, isUnstorable } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import {
  MAX_NESTING,
  type Rejection,
  type RunStatements,
  rejectedParameter,
  rejectedSql,
  settled,
  unstorable,
} from "../operations/index.ts";
import type { CallOptions, Client, RawListing } from "../upstream/index.ts";
import { isInvalidListing, repairJsonText, scanValue } from "../upstream/internal.ts";

/** Outcome for the listings that were known only from a change. */
export interface BackfillResult {
  /** Rows that are complete now. */
  readonly completed: number;
  /** Rows that stay incomplete because the service no longer has the listing. */
  readonly unavailable: number;
  /** Rows that are deferred to the next run. */
  readonly failed: number;
}

const BATCH = 100;

// The first condition is that of the partial index.
const PENDING = `
  select id, inner_id from raw_data
   where completeness <> 'complete' and completeness = 'pending' and id > $1
   order by id limit ${BATCH}`;

// Fields of the change win: a cached response may be older than the change, and later changes follow anyway.
const COMPLETE = `
  update raw_data set data = $2::jsonb || data, completeness = 'complete', is_processed = false,
         last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

const MARK_UNAVAILABLE = `
  update raw_data set completeness = 'unavailable', is_processed = false, last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

/** The run that a backfill belongs to. */
export interface BackfillOptions {
  readonly logger: Logger;
  readonly statements: RunStatements;
  /** Consecutive failures after which the rest is deferred to the next run. */
  readonly maxFailures: number;
  readonly call: CallOptions;
  readonly onListing?: ((done: number) => void) | undefined;
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
}

interface PendingRow {
  readonly id: number;
  readonly inner_id: string;
}

function createWrites(database: Database, { statements }: BackfillOptions) {
  const write = (sql: string, values: readonly unknown[]) =>
    statements.write(async () => {
      await database.query(sql, values);
    });
  return {
    complete: (row: PendingRow, text: string) => write(COMPLETE, [row.id, text]),
    markUnavailable: (row: PendingRow) => write(MARK_UNAVAILABLE, [row.id]),
    reject: (rejection: Rejection) => write(rejectedSql(1), [rejectedParameter([rejection], "daily_update")]),
  };
}

/** @returns why the listing cannot be stored; PostgreSQL never sees one that is nested too deep */
async function tryToStore(
  writes: ReturnType<typeof createWrites>,
  row: PendingRow,
  text: string,
): Promise<string | undefined> {
  if (scanValue(Buffer.from(text), 0).depth > MAX_NESTING) {
    return `the listing is nested deeper than ${MAX_NESTING} levels`;
  }
  try {
    await writes.complete(row, repairJsonText(text).text);
    return undefined;
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    return unstorable(error);
  }
}

async function storeListing(
  writes: ReturnType<typeof createWrites>,
  row: PendingRow,
  listing: RawListing | null,
  { onRejected }: BackfillOptions,
): Promise<"completed" | "unavailable"> {
  const reason = listing && (await tryToStore(writes, row, listing.text));
  if (listing && reason === undefined) {
    return "completed";
  }
  const rejection =
    listing && reason
      ? { reason, innerId: row.inner_id, changeId: undefined, text: listing.text }
      : undefined;
  if (rejection) {
    await writes.reject(rejection);
  }
  await writes.markUnavailable(row);
  if (rejection) {
    await onRejected?.(rejection);
  }
  return "unavailable";
}

/**
 * Fetches every listing that is known only from a change (docs/data-rules.md). A listing that the service no longer has
 * is marked unavailable; one whose request failed is deferred to the next run.
 *
 * @throws UpstreamError when the key is rejected
 */
export async function backfillPending(
  database: Database,
  client: Client,
  options: BackfillOptions,
): Promise<BackfillResult> {
  const writes = createWrites(database, options);
  const counts = { completed: 0, unavailable: 0, failed: 0 };
  let consecutiveFailures = 0;
  /** Invalid responses. A single one is that listing's fault; when many follow each other, the service is at fault. */
  let invalid: PendingRow[] = [];
  const markInvalid = async () => {
    for (const row of invalid) {
      await writes.markUnavailable(row);
      counts.unavailable += 1;
      options.logger.warn(
        `Listing ${row.inner_id} stays incomplete: the service's response is not a listing; marked unavailable`,
      );
    }
    invalid = [];
  };
  let after = 0;
  for (;;) {
    const { rows } = await options.statements.read(() => database.query<PendingRow>(PENDING, [after]));
    for (const row of rows) {
      after = row.id;
      options.call.signal?.throwIfAborted();
      const request = client.offer(row.inner_id, options.call);
      const response = await settled(request.then((listing) => ({ listing })));
      if ("failure" in response) {
        options.logger.error(`Listing ${row.inner_id} could not be completed: ${response.failure.message}`);
        if (isInvalidListing(response.failure)) {
          invalid.push(row);
        } else {
          counts.failed += 1;
        }
        consecutiveFailures += 1;
        if (consecutiveFailures >= options.maxFailures) {
          counts.failed += invalid.length;
          return counts;
        }
      } else {
        counts[await storeListing(writes, row, response.listing, options)] += 1;
        consecutiveFailures = 0;
        await markInvalid();
      }
      options.onListing?.(counts.completed + counts.unavailable + counts.failed);
    }
    if (rows.length < BATCH) {
      await markInvalid();
      return counts;
    }
  }
}
