import { FILTER_COLUMNS, type Lock } from "../database/index.ts";
import { ConfigError } from "../errors.ts";
import { breakEvents } from "../events/index.ts";
import { RULES_VERSION } from "../listing/fields.ts";
import { checkUserVocabulary } from "../listing/index.ts";
import { silentLogger } from "../logging/types.ts";
import { recordFilled, startOperation } from "../operations/index.ts";
import { makeBatch } from "./batch.ts";
import { createBatchWriter, type RunCounts } from "./batch-writer.ts";
import { createDocumentParser } from "./parse-document.ts";
import type { RawRow } from "./row.ts";
import { type BatchItem, takeBatch } from "./store-batch.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer, NormalizerOptions } from "./types.ts";

const DEFAULT_BATCH_SIZE = 200;
/**
 * Rows per read. The documents of a whole batch would be promoted to the old generation while they wait, whose garbage is
 * collected late: 30 to 60 MB more at peak.
 */
const MAX_READ_ROWS = 40;
const COUNT_UNPROCESSED = "select count(*)::int as count from raw_data where not is_processed";
/** Rows per statement of `--all`: a single statement over 250,000 rows would hold its locks for minutes. */
const MARK_BATCH = 20_000;
const MARK_ALL = `
  update raw_data set is_processed = false
   where id in (select id from raw_data where is_processed and id > $1::int order by id limit ${MARK_BATCH})
  returning id`;
/** Columns for finding, sorting and counting; statistics of the long texts would take longer than all of these. */
const ANALYZED = [
  "id",
  "inner_id",
  "active_status",
  "is_incomplete",
  "created_at",
  "updated_at",
  "removed_at",
  "price_drop",
  "rules_version",
  "search",
  ...FILTER_COLUMNS,
];
/** Index-only scans need the visibility map, which VACUUM updates; ANALYZE renews the statistics. */
const VACUUM = `vacuum (analyze) processed_data (${ANALYZED.join(", ")})`;
/** Failed rows that a run's details name. */
const MAX_FAILED_NAMED = 100;

/**
 * Creates the job that derives `processed_data` from `raw_data`.
 *
 * @throws ConfigError when the vocabulary is invalid, with every problem
 */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const problems = checkUserVocabulary(options.vocabulary ?? {});
  if (problems.length > 0) {
    throw new ConfigError(problems.map((message) => ({ key: "vocabulary", message })));
  }
  const { database } = options;
  const logger = options.logger ?? silentLogger;
  const now = options.now ?? (() => new Date());
  const timezone = options.timezone ?? "Europe/Moscow";
  const { vocabulary, serveVin = true } = options;
  const withEvents = options.events ?? true;

  async function markAll(signal: AbortSignal | undefined): Promise<void> {
    let after = 0;
    for (;;) {
      signal?.throwIfAborted();
      const position = after;
      const { rows } = await database.retrying(() => database.query<{ id: number }>(MARK_ALL, [position]), {
        signal,
      });
      if (rows.length === 0) {
        return;
      }
      after = rows.reduce((last, { id }) => Math.max(last, id), after);
    }
  }

  /** Reads, computes and stores in parallel: while one batch is stored, the next is computed and a third is read. */
  async function runBatches(
    run: NormalizeRunOptions,
    counts: RunCounts,
    store: (items: readonly BatchItem[]) => Promise<void>,
  ): Promise<void> {
    const { signal } = run;
    const size = run.batchSize ?? options.batchSize ?? DEFAULT_BATCH_SIZE;
    const limit = run.limit ?? Number.POSITIVE_INFINITY;
    const { rows } = await database.retrying(() => database.query<{ count: number }>(COUNT_UNPROCESSED), {
      signal,
    });
    const total = Math.min(rows[0]?.count ?? 0, limit);
    const rules = { vocabulary, serveVin, parse: createDocumentParser() };
    let taken = 0;
    let done = 0;
    const take = (after: number): Promise<RawRow[]> => {
      const wanted = Math.min(MAX_READ_ROWS, size - (taken % size), limit - taken);
      if (wanted <= 0) {
        return Promise.resolve([]);
      }
      const batch = database.retrying(
        () => takeBatch(database, { after, size: wanted, rulesVersion: RULES_VERSION }),
        { signal },
      );
      // Awaited later; the no-op catch prevents an unhandled rejection until then.
      batch.catch(() => {});
      return batch;
    };
    const storeNext = async (items: readonly BatchItem[]) => {
      await store(items);
      done += items.length;
      run.onProgress?.({ phase: "normalize", unit: "rows", done, total });
    };
    let storing: Promise<void> = Promise.resolve();
    let batch: BatchItem[] = [];
    let next = take(0);
    try {
      for (;;) {
        const rows = await next;
        signal?.throwIfAborted();
        const last = rows.at(-1);
        taken += rows.length;
        if (last !== undefined) {
          next = take(last.id);
          const { items, issues } = await makeBatch(rows, now(), rules, run.onListing);
          counts.issues += issues;
          batch.push(...items);
        }
        if (batch.length > 0 && (batch.length === size || last === undefined)) {
          await storing;
          signal?.throwIfAborted();
          storing = storeNext(batch);
          storing.catch(() => {});
          batch = [];
        }
        if (last === undefined) {
          break;
        }
      }
    } finally {
      await storing;
    }
  }

  async function runLocked(lock: Lock, run: NormalizeRunOptions): Promise<NormalizeResult> {
    const started = performance.now();
    const { signal } = run;
    const counts: RunCounts = {
      processed: 0,
      unchanged: 0,
      deactivated: 0,
      errors: 0,
      batches: 0,
      issues: 0,
      changedMeanwhile: 0,
    };
    const failed: string[] = [];
    const operation = await startOperation(
      database,
      "normalization",
      { command: "normalize", rulesVersion: RULES_VERSION, ...counts },
      logger,
    );
    const result = () => ({ ...counts, failed: failed.slice(0, MAX_FAILED_NAMED) });
    try {
      if (run.all) {
        await markAll(signal);
      }
      if (!withEvents) {
        await database.retrying(() => breakEvents(database), { signal });
      }
      await runBatches(
        run,
        counts,
        createBatchWriter({ database, lock, operation, logger, signal, withEvents, counts, failed }),
      );
      if (counts.processed + counts.deactivated > counts.unchanged) {
        await database.retrying(() => database.query(VACUUM), { signal });
      }
      const isChanged = counts.processed + counts.deactivated > 0;
      await database.retrying(() => recordFilled(database, { now: now(), timezone }, isChanged), { signal });
      const status = counts.errors === 0 ? "OK" : "ERROR";
      await operation.finish(status, result());
      return { status, ...result(), durationMs: Math.round(performance.now() - started) };
    } catch (error) {
      const errors = counts.errors + (signal?.aborted ? 0 : 1);
      await operation.fail(error, { failed: failed.slice(0, MAX_FAILED_NAMED), errors }, signal);
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
