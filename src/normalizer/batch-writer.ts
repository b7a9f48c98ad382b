import { type Database, isTransient, type Lock } from "../database/index.ts";
import { Che168Error, isChe168Error } from "../errors.ts";
import { RULES_VERSION } from "../listing/fields.ts";
import type { Logger } from "../logging/types.ts";
import { createRunStatements, type Operation, storeOnce } from "../operations/index.ts";
import { errorMessage } from "../util/error-message.ts";
import { findFailures } from "./failures.ts";
import { type BatchCounts, type BatchItem, storeBatch } from "./store-batch.ts";

/** Counts of a run, updated batch by batch. */
export interface RunCounts {
  processed: number;
  unchanged: number;
  deactivated: number;
  errors: number;
  batches: number;
  issues: number;
  changedMeanwhile: number;
}

/** Dependencies of {@link createBatchWriter}. */
export interface BatchWriterOptions {
  readonly database: Database;
  readonly lock: Lock;
  readonly operation: Operation;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  /** Whether events are written. */
  readonly withEvents: boolean;
  /** Updated with each batch. */
  readonly counts: RunCounts;
  /** Collects the `inner_id` of rows that PostgreSQL rejects. */
  readonly failed: string[];
}

/** A row that fails in a run over every row would otherwise count as processed. $1 ids. */
const MARK_UNPROCESSED = `
  update raw_data set is_processed = false
   where id in (select jsonb_array_elements_text($1::jsonb)::int) and is_processed`;

/** Writes batches one after the other; a rejected row stays unprocessed and the rest of its batch is stored. */
export function createBatchWriter(
  options: BatchWriterOptions,
): (items: readonly BatchItem[]) => Promise<void> {
  const { database, lock, operation, logger, signal, withEvents, counts, failed } = options;
  const statements = createRunStatements(database, lock, signal);
  const runFacts = () => ({
    rulesVersion: RULES_VERSION,
    operationId: operation.id,
    counts: { ...counts, batches: counts.batches + 1 },
    withEvents,
  });

  const write = async (items: readonly BatchItem[]): Promise<BatchCounts> => {
    const facts = runFacts();
    const before = { ...counts };
    const readStored = async (): Promise<BatchCounts | undefined> => {
      const recorded = await operation.recordedCounts(before);
      return recorded.batches === facts.counts.batches
        ? {
            processed: recorded.processed - before.processed,
            unchanged: recorded.unchanged - before.unchanged,
            deactivated: recorded.deactivated - before.deactivated,
            changed_meanwhile: recorded.changedMeanwhile - before.changedMeanwhile,
          }
        : undefined;
    };
    const stored = await storeOnce(statements, () => storeBatch(database, items, facts), readStored);
    if (stored === undefined) {
      throw new Che168Error(
        "POSITION_MOVED",
        "The rows of this batch are not stored: another run has begun to normalise them.",
      );
    }
    return stored;
  };

  const writeWithoutFailures = async (items: readonly BatchItem[], error: unknown) => {
    const failures = await findFailures(database, items, runFacts(), signal);
    // No row fails alone, or every row does: the cause is not in the rows.
    if (failures.length === 0 || (failures.length === items.length && items.length > 1)) {
      throw error;
    }
    for (const { item, error: reason } of failures) {
      logger.error(
        `Listing ${item.raw.inner_id} could not be normalised and stays unprocessed: ${errorMessage(reason)}`,
      );
      failed.push(item.raw.inner_id);
    }
    await database.retrying(
      () => database.query(MARK_UNPROCESSED, [JSON.stringify(failures.map(({ item }) => item.raw.id))]),
      { signal },
    );
    counts.errors += failures.length;
    const bad = new Set(failures.map(({ item }) => item));
    const good = items.filter((item) => !bad.has(item));
    return good.length > 0 ? write(good) : undefined;
  };

  return async (items) => {
    const stored = await write(items).catch((error: unknown) => {
      signal?.throwIfAborted();
      // A lost lock or an exhausted sequence is not the fault of a row either.
      if (isTransient(error) || isChe168Error(error)) {
        throw error;
      }
      return writeWithoutFailures(items, error);
    });
    counts.batches += 1;
    counts.processed += stored?.processed ?? 0;
    counts.unchanged += stored?.unchanged ?? 0;
    counts.deactivated += stored?.deactivated ?? 0;
    counts.changedMeanwhile += stored?.changed_meanwhile ?? 0;
  };
}
