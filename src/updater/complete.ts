import { rejectedParameter, rejectedSql } from "../database/rejected.ts";
import { isUnstorable } from "../database/retry.ts";
import type { Database } from "../database/types.ts";
import { isChe168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import type { CallOptions, Client } from "../upstream/client.ts";
import { repairJsonText } from "../upstream/json-text.ts";
import { readInnerId } from "../upstream/records.ts";

/** What became of the listings that were known only by a change. */
export interface Completed {
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
   where completeness <> 'complete' and completeness = 'pending' and active_status = 0 and id > $1
   order by id limit ${BATCH}`;

// The change's own fields stay on top: a cached answer may be older than the change, and later changes follow anyway.
const COMPLETE = `
  update raw_data set data = $2::jsonb || data, completeness = 'complete', is_processed = false,
         last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

const GIVE_UP = `
  update raw_data set completeness = 'unavailable', is_processed = false, last_updated_at = clock_timestamp()
   where id = $1 and completeness = 'pending'`;

async function completeOne(
  database: Database,
  row: { id: number; inner_id: string },
  answer: Awaited<ReturnType<Client["offer"]>>,
): Promise<"completed" | "unavailable"> {
  const named = answer === null ? undefined : readInnerId(answer.data.inner_id);
  const isTheListing = answer !== null && (named === undefined || named === row.inner_id);
  if (answer === null || !isTheListing) {
    await database.retrying(() => database.query(GIVE_UP, [row.id]));
    return "unavailable";
  }
  try {
    await database.retrying(() => database.query(COMPLETE, [row.id, repairJsonText(answer.text).text]));
    return "completed";
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    const reason = `PostgreSQL cannot store it: ${error instanceof Error ? error.message : String(error)}`;
    const rejection = { reason, innerId: row.inner_id, changeId: undefined, text: answer.text };
    await database.query(rejectedSql(1), [rejectedParameter([rejection], "daily_update")]);
    await database.retrying(() => database.query(GIVE_UP, [row.id]));
    return "unavailable";
  }
}

/**
 * Fetches the whole of every listing that is known only by a change (contract §5). A listing that the service does not
 * have stays partial and is marked so; one that could not be asked for is tried again by the next run.
 *
 * @param options.maxFailures failures in a row after which the rest is left for the next run
 */
export async function completePending(
  database: Database,
  client: Client,
  options: {
    logger: Logger;
    maxFailures: number;
    call: CallOptions;
    onListing?: ((done: number) => void) | undefined;
  },
): Promise<Completed> {
  const counts = { completed: 0, unavailable: 0, failed: 0 };
  let inARow = 0;
  let after = 0;
  for (;;) {
    const { rows } = await database.query<{ id: number; inner_id: string }>(PENDING, [after]);
    for (const row of rows) {
      after = row.id;
      try {
        const answer = await client.offer(row.inner_id, options.call);
        counts[await completeOne(database, row, answer)] += 1;
        inARow = 0;
      } catch (error) {
        const ofTheService = isChe168Error(error) && error.code.startsWith("UPSTREAM_");
        if (!ofTheService || error.code === "UPSTREAM_UNAUTHORIZED") {
          throw error;
        }
        options.logger.error(`Listing ${row.inner_id} could not be completed: ${error.message}`);
        counts.failed += 1;
        inARow += 1;
        if (inARow >= options.maxFailures) {
          return counts;
        }
      }
      options.onListing?.(counts.completed + counts.unavailable + counts.failed);
    }
    if (rows.length < BATCH) {
      return counts;
    }
  }
}
