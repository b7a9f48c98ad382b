import { type Database, isUnstorable, type Lock } from "../database/index.ts";
import { isChe168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import { DEEPEST_NESTING } from "../operations/records.ts";
import { type Rejection, rejectedParameter, rejectedSql } from "../operations/rejected.ts";
import type { CallOptions, Client, RawListing } from "../upstream/index.ts";
import { isInvalidListing, repairJsonText, scanValue } from "../upstream/internal.ts";

/** What became of the listings that were known only by a change. */
export interface BackfillResult {
  /** Rows that now hold the whole listing. */
  readonly completed: number;
  /** Rows that stay partial because the service does not have the listing any more. */
  readonly unavailable: number;
  /** Rows that the next run tries again. */
  readonly failed: number;
}

const BATCH = 100;

const PENDING = `
  select id, inner_id from raw_data
   where completeness <> 'complete' and completeness = 'pending' and id > $1
   order by id limit ${BATCH}`;

// The change's own fields stay on top: a cached answer may be older than the change, and later changes follow anyway.
const COMPLETE = `
  update raw_data set data = $2::jsonb || data, completeness = 'complete', is_processed = false,
         last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

const GIVE_UP = `
  update raw_data set completeness = 'unavailable', is_processed = false, last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

/** The run that completes, as far as it matters here. */
export interface CompleteOptions {
  readonly logger: Logger;
  readonly lock: Lock;
  /** Failures in a row after which the rest is left for the next run. */
  readonly maxFailures: number;
  readonly call: CallOptions;
  readonly onListing?: ((done: number) => void) | undefined;
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
}

interface PendingRow {
  readonly id: number;
  readonly inner_id: string;
}

/** The statements of one run. Each can be repeated without harm. */
function createStatements(database: Database, { lock, call }: CompleteOptions) {
  const write = (sql: string, values: readonly unknown[]) =>
    database.retrying(
      async () => {
        await lock.ensure();
        await database.query(sql, values);
      },
      call.signal ? { signal: call.signal } : {},
    );
  return {
    pending: async (after: number) => {
      const found = await database.retrying(
        () => database.query<PendingRow>(PENDING, [after]),
        call.signal ? { signal: call.signal } : {},
      );
      return found.rows;
    },
    complete: (row: PendingRow, text: string) => write(COMPLETE, [row.id, text]),
    giveUp: (row: PendingRow) => write(GIVE_UP, [row.id]),
    reject: (rejection: Rejection) => write(rejectedSql(1), [rejectedParameter([rejection], "daily_update")]),
  };
}

/** Why PostgreSQL could not hold the listing; it is not asked to try what is nested too deep. */
async function tryToStore(
  statements: ReturnType<typeof createStatements>,
  row: PendingRow,
  text: string,
): Promise<string | undefined> {
  if (scanValue(Buffer.from(text), 0).depth > DEEPEST_NESTING) {
    return `it is nested deeper than ${DEEPEST_NESTING} levels`;
  }
  try {
    await statements.complete(row, repairJsonText(text).text);
    return undefined;
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    return `PostgreSQL cannot store it: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function completeOne(
  statements: ReturnType<typeof createStatements>,
  row: PendingRow,
  answer: RawListing | null,
  { onRejected }: CompleteOptions,
): Promise<"completed" | "unavailable"> {
  const reason = answer && (await tryToStore(statements, row, answer.text));
  if (answer && reason === undefined) {
    return "completed";
  }
  const rejection =
    answer && reason ? { reason, innerId: row.inner_id, changeId: undefined, text: answer.text } : undefined;
  if (rejection) {
    await statements.reject(rejection);
  }
  await statements.giveUp(row);
  if (rejection) {
    await onRejected?.(rejection);
  }
  return "unavailable";
}

/** The service's answer, or why it gave none. */
async function askFor(
  client: Client,
  { inner_id }: PendingRow,
  call: CallOptions,
): Promise<{ readonly answer: RawListing | null } | { readonly failure: Error }> {
  try {
    return { answer: await client.offer(inner_id, call) };
  } catch (error) {
    const ofTheService = isChe168Error(error) && error.code.startsWith("UPSTREAM_");
    if (!ofTheService || error.code === "UPSTREAM_UNAUTHORIZED") {
      throw error;
    }
    return { failure: error };
  }
}

/**
 * Fetches the whole of every listing that is known only by a change (contract §5). A listing that the service does not
 * have stays partial and is marked so; one that could not be asked for is tried again by the next run.
 *
 * @throws UpstreamError when the key is refused
 */
export async function completePending(
  database: Database,
  client: Client,
  options: CompleteOptions,
): Promise<BackfillResult> {
  const statements = createStatements(database, options);
  const counts = { completed: 0, unavailable: 0, failed: 0 };
  let inARow = 0;
  /** The service answered, but no listing. One such listing is its own fault; many in a row are the service's. */
  let doubtful: PendingRow[] = [];
  const giveUpDoubtful = async () => {
    for (const row of doubtful) {
      await statements.giveUp(row);
      counts.unavailable += 1;
      options.logger.warn(
        `Listing ${row.inner_id} stays incomplete: what the service answers for it is no listing; taken for unavailable`,
      );
    }
    doubtful = [];
  };
  const leaveDoubtful = () => {
    counts.failed += doubtful.length;
    doubtful = [];
  };
  let after = 0;
  for (;;) {
    const rows = await statements.pending(after);
    for (const row of rows) {
      after = row.id;
      options.call.signal?.throwIfAborted();
      const asked = await askFor(client, row, options.call);
      if ("failure" in asked) {
        options.logger.error(`Listing ${row.inner_id} could not be completed: ${asked.failure.message}`);
        if (isInvalidListing(asked.failure)) {
          doubtful.push(row);
        } else {
          counts.failed += 1;
        }
        inARow += 1;
        if (inARow >= options.maxFailures) {
          leaveDoubtful();
          return counts;
        }
      } else {
        counts[await completeOne(statements, row, asked.answer, options)] += 1;
        inARow = 0;
        await giveUpDoubtful();
      }
      options.onListing?.(counts.completed + counts.unavailable + counts.failed);
    }
    if (rows.length < BATCH) {
      await giveUpDoubtful();
      return counts;
    }
  }
}
