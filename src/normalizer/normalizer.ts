import { FILTER_COLUMNS, type Lock } from "../database/index.ts";
import { ConfigError } from "../errors.ts";
import { breakEvents } from "../events/index.ts";
import { RULES_VERSION } from "../listing/fields.ts";
import { checkUserVocabulary } from "../listing/index.ts";
import { silentLogger } from "../logging/types.ts";
import { recordFilled, startOperation, UNPROCESSED } from "../operations/index.ts";
import { readAhead } from "../util/read-ahead.ts";
import { makeBatch } from "./batch.ts";
import { createBatchWriter, type RunCounts } from "./batch-writer.ts";
import {
  closeCheckpoint,
  MAX_ID,
  markNextUnprocessed,
  openCheckpoint,
  readCheckpoint,
} from "./checkpoint.ts";
import { createRowReader } from "./read-rows.ts";
import type { RawRow } from "./row.ts";
import type { BatchItem } from "./store-batch.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer, NormalizerOptions } from "./types.ts";

const DEFAULT_BATCH_SIZE = 200;
/**
 * Rows per read. The documents of a whole batch would be promoted to the old generation while they wait, whose garbage is
 * collected late: 30 to 60 MB more at peak.
 */
const MAX_READ_ROWS = 40;
/** Pages that are read while one is computed: with two, PostgreSQL does not wait for the answer to be received. */
const PAGES_AHEAD = 2;
const COUNT = `select ${UNPROCESSED}::int as count`;
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

  /**
   * Reads, computes and stores in parallel: while one batch is stored, the next is computed and a third is read.
   *
   * @returns false when the limit was reached first
   */
  async function runBatches(
    run: NormalizeRunOptions,
    counts: RunCounts,
    store: (items: readonly BatchItem[]) => Promise<void>,
  ): Promise<boolean> {
    const { signal } = run;
    const size = run.batchSize ?? options.batchSize ?? DEFAULT_BATCH_SIZE;
    const limit = run.limit ?? Number.POSITIVE_INFINITY;
    const { rows } = await database.retrying(() => database.query<{ count: number }>(COUNT), { signal });
    const total = Math.min(rows[0]?.count ?? 0, limit);
    const checkpoint = await database.retrying(() => readCheckpoint(database), { signal });
    const rules = { vocabulary, serveVin };
    const reader = createRowReader(database);
    let isComplete = false;
    let done = 0;
    /** The marked rows up to the checkpoint, then every row. */
    async function* pages(): AsyncGenerator<RawRow[], void, void> {
      let [after, taken] = [0, 0];
      while (taken < limit) {
        const every = after >= checkpoint;
        const upTo = every ? MAX_ID : checkpoint;
        const wanted = Math.min(MAX_READ_ROWS, size - (taken % size), limit - taken);
        const from = after;
        const page = await database.retrying(() => reader.take({ after: from, upTo, size: wanted, every }), {
          signal,
        });
        if (page.length === 0 && upTo === MAX_ID) {
          isComplete = true;
          return;
        }
        after = page.at(-1)?.id ?? checkpoint;
        taken += page.length;
        yield page;
      }
    }
    let storing: Promise<void> = Promise.resolve();
    let batch: BatchItem[] = [];
    const storeInBackground = async (items: readonly BatchItem[]) => {
      await storing;
      signal?.throwIfAborted();
      storing = store(items).then(() => {
        done += items.length;
        run.onProgress?.({ phase: "normalize", unit: "rows", done, total });
      });
      storing.catch(() => {});
    };
    try {
      for await (const page of readAhead(pages(), PAGES_AHEAD)) {
        signal?.throwIfAborted();
        const { items, issues } = await makeBatch(page, now(), rules, run.onListing);
        counts.issues += issues;
        batch.push(...items);
        if (batch.length === size) {
          await storeInBackground(batch);
          batch = [];
        }
      }
      if (batch.length > 0) {
        await storeInBackground(batch);
      }
    } finally {
      await storing;
    }
    return isComplete;
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
      if (!withEvents) {
        await database.retrying(() => breakEvents(database), { signal });
      }
      const store = createBatchWriter({
        database,
        lock,
        operation,
        logger,
        signal,
        withEvents,
        counts,
        failed,
      });
      if (run.all) {
        await database.retrying(() => openCheckpoint(database), { signal });
      }
      let hasMore = !(await runBatches(run, counts, store));
      while (hasMore) {
        hasMore = await database.retrying(() => markNextUnprocessed(database), { signal });
      }
      await database.retrying(() => closeCheckpoint(database), { signal });
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
