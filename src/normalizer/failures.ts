import { type Database, isTransient } from "../database/index.ts";
import { isChe168Error } from "../errors.ts";
import { type BatchItem, storeBatch } from "./store-batch.ts";

/** A row that PostgreSQL rejects. */
export interface RowFailure {
  readonly item: BatchItem;
  readonly error: unknown;
}

/** Thrown to roll a trial back. */
class Rollback extends Error {}

/**
 * Finds the rows that made a batch fail: stores each row alone and rolls back.
 *
 * @throws the error when the database fails, or `signal.reason`
 */
export async function findFailures(
  database: Database,
  items: readonly BatchItem[],
  run: Parameters<typeof storeBatch>[2],
  signal: AbortSignal | undefined,
): Promise<RowFailure[]> {
  const failures: RowFailure[] = [];
  for (const item of items) {
    try {
      await database.retrying(
        () =>
          database.transaction(async (tx) => {
            await storeBatch(tx, [item], run);
            throw new Rollback();
          }),
        { signal },
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (isTransient(error) || isChe168Error(error)) {
        throw error;
      }
      if (!(error instanceof Rollback)) {
        failures.push({ item, error });
      }
    }
  }
  return failures;
}
