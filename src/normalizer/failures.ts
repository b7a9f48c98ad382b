import { type Database, isTransient } from "../database/index.ts";
import { isChe168Error } from "../errors.ts";
import { type BatchItem, storeBatch } from "./store-batch.ts";

/** A failure of the row, as against one of the database. */
export interface RowFailure {
  readonly item: BatchItem;
  readonly error: unknown;
}

/** Thrown to take a trial back. */
class Undo extends Error {}

/** Tries each row of a batch alone, and takes it back, to find those that the batch failed for. @throws when the database goes away, or `signal.reason` */
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
            throw new Undo();
          }),
        signal ? { signal } : {},
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (isTransient(error) || isChe168Error(error)) {
        throw error;
      }
      if (!(error instanceof Undo)) {
        failures.push({ item, error });
      }
    }
  }
  return failures;
}
