import { FILTER_COLUMNS, isTransient, type Lock } from "../database/index.ts";
import { ConfigError, isChe168Error } from "../errors.ts";
import { RULES_VERSION } from "../listing/fields.ts";
import { checkUserVocabulary } from "../listing/vocabulary/index.ts";
import { silentLogger } from "../logging/types.ts";
import { startOperation } from "../operations/run-log.ts";
import { makeBatch } from "./batch.ts";
import { findFailures } from "./failures.ts";
import { type BatchItem, type RawRow, type StoredBatch, storeBatch, takeBatch } from "./store-batch.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer, NormalizerOptions } from "./types.ts";

export type {
  NormalizedRow,
  NormalizeProgress,
  NormalizeResult,
  NormalizeRunOptions,
  Normalizer,
  NormalizerOptions,
} from "./types.ts";

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const COUNT_UNPROCESSED = "select count(*)::int as count from raw_data where not is_processed";
/** So many rows a statement when all are marked: one statement over 250,000 rows would hold its locks for minutes. */
const MARK_BATCH = 20_000;
const MARK_ALL = `
  update raw_data set is_processed = false
   where id in (select id from raw_data where is_processed and id > $1::int order by id limit ${MARK_BATCH})
  returning id`;
/** What rows are found, sorted and counted by; the statistics of the long texts take longer than these together. */
const SOUGHT = [
  ...["id", "inner_id", "active_status", "is_incomplete", "created_at", "rules_version", "search"],
  ...FILTER_COLUMNS,
];
/** Lists are read from indexes alone only as far as VACUUM has seen the rows; it also renews the statistics. */
const VACUUM = `vacuum (analyze) processed_data (${SOUGHT.join(", ")})`;
/** How many names of failed rows a run's details keep. */
const FAILED_NAMED = 100;

/**
 * Makes `processed_data` from `raw_data`.
 *
 * @throws ConfigError when the vocabulary is none, with all that is wrong
 */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const wrong = checkUserVocabulary(options.vocabulary ?? {});
  if (wrong.length > 0) {
    throw new ConfigError(wrong.map((message) => ({ key: "vocabulary", message })));
  }
  const { database } = options;
  const logger = options.logger ?? silentLogger;
  const now = options.now ?? (() => new Date());
  const rules = { vocabulary: options.vocabulary, serveVin: options.serveVin ?? true };

  async function markAll(signal: AbortSignal | undefined): Promise<void> {
    let after = 0;
    for (;;) {
      signal?.throwIfAborted();
      const position = after;
      const { rows } = await database.retrying(
        () => database.query<{ id: number }>(MARK_ALL, [position]),
        signal ? { signal } : {},
      );
      if (rows.length === 0) {
        return;
      }
      after = rows.reduce((last, { id }) => Math.max(last, id), after);
    }
  }

  async function runLocked(lock: Lock, run: NormalizeRunOptions): Promise<NormalizeResult> {
    const started = performance.now();
    const patience = run.signal ? { signal: run.signal } : {};
    const size = run.batchSize ?? options.batchSize ?? 200;
    const counts = { processed: 0, deactivated: 0, errors: 0, batches: 0, issues: 0, changedMeanwhile: 0 };
    const failed: string[] = [];
    const operation = await startOperation(
      database,
      "normalization",
      { command: "normalize", rulesVersion: RULES_VERSION, ...counts },
      logger,
    );
    const result = () => ({ ...counts, failed: failed.slice(0, FAILED_NAMED) });
    const store = (items: readonly BatchItem[]): Promise<StoredBatch> => {
      const before = { ...counts };
      const batches = before.batches + 1;
      return database.retrying(async () => {
        await lock.ensure();
        const stored = await storeBatch(database, items, {
          rulesVersion: RULES_VERSION,
          operationId: operation.id,
          counts: { ...before, batches },
        });
        if (stored !== undefined) {
          return stored;
        }
        // The batch was in, and only the answer lost.
        const noted = await operation.noted(before);
        return {
          processed: noted.processed - before.processed,
          deactivated: noted.deactivated - before.deactivated,
          changed_meanwhile: noted.changedMeanwhile - before.changedMeanwhile,
        };
      }, patience);
    };

    /** Stores a batch; when PostgreSQL refuses it, finds the rows that it is about and stores the others. */
    const storeOrPart = async (items: readonly BatchItem[]) => {
      try {
        return await store(items);
      } catch (error) {
        run.signal?.throwIfAborted();
        // A lost lock or an exhausted sequence is not about a row either.
        if (isTransient(error) || isChe168Error(error)) {
          throw error;
        }
        const failures = await findFailures(
          database,
          items,
          {
            rulesVersion: RULES_VERSION,
            operationId: operation.id,
            counts: { ...counts, batches: counts.batches + 1 },
          },
          run.signal,
        );
        if (failures.length === 0 || (failures.length === items.length && items.length > 1)) {
          // Nobody's row, or everybody's: it is not about the rows.
          throw error;
        }
        for (const { item, error: reason } of failures) {
          logger.error(
            `Listing ${item.raw.inner_id} could not be normalised and stays unprocessed: ${messageOf(reason)}`,
          );
          failed.push(item.raw.inner_id);
        }
        counts.errors += failures.length;
        const bad = new Set(failures.map(({ item }) => item));
        const good = items.filter((item) => !bad.has(item));
        return good.length > 0 ? store(good) : undefined;
      }
    };

    try {
      if (run.all) {
        await markAll(run.signal);
      }
      const { rows } = await database.retrying(
        () => database.query<{ count: number }>(COUNT_UNPROCESSED),
        patience,
      );
      const total = Math.min(rows[0]?.count ?? 0, run.limit ?? Number.POSITIVE_INFINITY);
      let left = run.limit ?? Number.POSITIVE_INFINITY;
      let done = 0;
      const take = (after: number): Promise<RawRow[]> => {
        const wanted = Math.min(size, left);
        const batch =
          wanted > 0
            ? database.retrying(
                () => takeBatch(database, { after, size: wanted, rulesVersion: RULES_VERSION }),
                patience,
              )
            : Promise.resolve([]);
        batch.catch(() => {});
        return batch;
      };
      /** Stores in the order of the batches; one is being stored while the next one is computed and a third is read. */
      let storing: Promise<void> = Promise.resolve();
      const storeNext = async (items: readonly BatchItem[]) => {
        const stored = await storeOrPart(items);
        counts.batches += 1;
        counts.processed += stored?.processed ?? 0;
        counts.deactivated += stored?.deactivated ?? 0;
        counts.changedMeanwhile += stored?.changed_meanwhile ?? 0;
        done += items.length;
        run.onProgress?.({ phase: "normalize", unit: "rows", done, total });
      };
      let coming = take(0);
      try {
        for (;;) {
          const batch = await coming;
          run.signal?.throwIfAborted();
          const last = batch.at(-1);
          if (last === undefined) {
            break;
          }
          left -= batch.length;
          coming = take(last.id);
          const { items, issues } = await makeBatch(batch, now(), rules, run.onListing);
          counts.issues += issues;
          await storing;
          run.signal?.throwIfAborted();
          storing = storeNext(items);
          // Looked at before the next batch is stored; until then a failure is no unhandled one.
          storing.catch(() => {});
        }
      } finally {
        await storing;
      }
      if (counts.processed + counts.deactivated > 0) {
        await database.retrying(() => database.query(VACUUM), patience);
      }
      const status = counts.errors === 0 ? "OK" : "ERROR";
      await operation.finish(status, result());
      return { status, ...result(), durationMs: Math.round(performance.now() - started) };
    } catch (error) {
      const errors = counts.errors + (run.signal?.aborted ? 0 : 1);
      await operation.fail(error, { failed: failed.slice(0, FAILED_NAMED), errors }, run.signal);
      throw error;
    }
  }

  return {
    run: async (run = {}) => {
      run.signal?.throwIfAborted();
      if (run.lock) {
        return runLocked(run.lock, run);
      }
      const lock = await database.lock(["normalization"], "che168-sync normalize");
      try {
        return await runLocked(lock, run);
      } finally {
        await lock.release();
      }
    },
  };
}
