import type { Lock } from "../database/index.ts";
import {
  type ExportFile,
  fileLabel,
  refuseFuture,
  reportColumns,
  staleError,
  staleReason,
} from "../export-file/index.ts";
import { silentLogger } from "../logging/types.ts";
import {
  createRunStatements,
  type RunStatements,
  recordActive,
  startOperation,
  writeCheckpoint,
} from "../operations/index.ts";
import { addDays, dayOf } from "../util/days.ts";
import { requireDependencies } from "../util/dependencies.ts";
import {
  type Checkpoint,
  failedPagesByTurn,
  hasFeedStart,
  readFailedPages,
  readLoadCheckpoint,
  recordFeedStart,
  startWalk,
} from "./checkpoint.ts";
import { createExportLoader } from "./load-export.ts";
import type { LoadTotals } from "./stored-counts.ts";
import type { LoadedExport, Loader, LoaderOptions, LoadResult, LoadRunOptions } from "./types.ts";
import { type AbortReason, createPageReader, type LoadRun } from "./walk.ts";

const ZERO: LoadTotals = { pages: 0, loaded: 0, duplicates: 0, rejected: 0, repaired: 0, undated: 0 };

const TRUNCATED_REMEDY =
  "Its complete rows are stored. Download it again, or run the command again when the service has replaced it.";

/** Creates a loader, which copies the whole catalogue (docs/data-rules.md). */
export function createLoader(options: LoaderOptions): Loader {
  requireDependencies("createLoader", options, ["database", "client"]);
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());
  const deps = { database, client, logger, now, maxFailedPages: options.maxFailedPages ?? 3 };
  const pageReader = createPageReader(deps);
  const exportLoader = createExportLoader(deps, (run, { date }) => ensureFeedStart(run, date));

  /** Records the first change of a day, so that the first daily run reads everything that changes from then on. */
  async function ensureFeedStart(run: LoadRun, day: string): Promise<void> {
    if (await run.statements.read(() => hasFeedStart(database))) {
      return;
    }
    const changeId = await client.changeId(day, { signal: run.signal, onRetry: run.options.onRetry });
    await run.statements.write(() => recordFeedStart(database, changeId, addDays(day, -1)));
  }

  /** Loads a daily file. @returns what `exportFile` of the result has */
  async function executeExport(run: LoadRun, open: () => Promise<ExportFile>): Promise<LoadedExport> {
    const file = await open();
    refuseFuture(file, now(), timezone);
    const stale = staleReason(file, now(), timezone);
    if (stale !== undefined) {
      if (!run.options.force) {
        throw staleError(stale, "Use a newer file, or --force and then `reconcile`.", file);
      }
      logger.warn(`${stale} Run \`reconcile\` afterwards`);
    }
    reportColumns(file, logger);
    const truncated = await exportLoader.load(run, file, open);
    const { unknown: unknownColumns, missing: missingColumns } = file.columns;
    const loaded = { name: fileLabel(file), date: file.date, unknownColumns, missingColumns };
    return truncated === undefined ? loaded : { ...loaded, truncated };
  }

  async function checkpointFor(runOptions: LoadRunOptions, statements: RunStatements): Promise<Checkpoint> {
    const found = await statements.read(() => readLoadCheckpoint(database));
    if (found !== undefined && !runOptions.restart) {
      return found;
    }
    return writeCheckpoint(
      statements,
      () => startWalk(database),
      () => readLoadCheckpoint(database),
    );
  }

  async function execute(run: LoadRun, checkpoint: Checkpoint): Promise<AbortReason | undefined> {
    await ensureFeedStart(run, dayOf(now(), timezone));
    const deferred = await run.statements.read(() => failedPagesByTurn(database));
    const { nextPage } = checkpoint;
    if (nextPage !== null) {
      const aborted = await pageReader.walk(run, { ...checkpoint, nextPage });
      if (aborted) {
        return aborted;
      }
    } else if (deferred.length === 0) {
      logger.info(
        "The catalogue is complete. che168-sync reconcile compares the copy with it, --restart starts over.",
      );
    }
    return pageReader.retryFailedPages(run, deferred);
  }

  /** Closes the run's row, and returns the result. */
  async function conclude(
    run: LoadRun,
    aborted: AbortReason | undefined,
    exportFile?: LoadedExport,
  ): Promise<Omit<LoadResult, "durationMs">> {
    const [failedPages, checkpoint] = await run.statements.read(
      async () => [await readFailedPages(database), await readLoadCheckpoint(database)] as const,
    );
    const finished = exportFile ? exportFile.truncated === undefined : checkpoint?.nextPage === null;
    if (finished && run.totals.pages > 0) {
      await run.statements.read(() => database.query("analyze raw_data"));
    }
    await run.statements.write(() => recordActive(database, { now: now(), timezone }));
    const status = aborted === undefined && failedPages.length === 0 ? "OK" : "ERROR";
    const result = {
      status,
      ...run.totals,
      finished,
      nextPage: checkpoint?.nextPage ?? null,
      failedPages,
      exportFile,
      error: aborted?.error,
    } as const;
    await run.operation.finish(status, { ...result, errors: failedPages.length + (aborted?.pages ?? 0) });
    return result;
  }

  async function runLocked(lock: Lock, runOptions: LoadRunOptions): Promise<Omit<LoadResult, "durationMs">> {
    const operation = await startOperation(database, "data_fetch", { command: "initial", ...ZERO }, logger);
    try {
      const signal = runOptions.signal ?? new AbortController().signal;
      const statements = createRunStatements(database, lock, signal);
      const begin = (records: number, total: number | null): LoadRun => ({
        operation,
        statements,
        options: runOptions,
        signal,
        before: records,
        total: runOptions.expect ?? total,
        totals: ZERO,
        records,
        pagesLeft: runOptions.maxPages ?? Number.POSITIVE_INFINITY,
      });
      const { exportFile } = runOptions;
      if (exportFile !== undefined) {
        const run = begin(0, null);
        const loaded = await executeExport(run, () => exportFile({ signal, onRetry: runOptions.onRetry }));
        const { truncated, name } = loaded;
        const error = truncated && `${name} is incomplete: ${truncated}. ${TRUNCATED_REMEDY}`;
        return await conclude(run, error ? { error, pages: 1 } : undefined, loaded);
      }
      const checkpoint = await checkpointFor(runOptions, statements);
      const run = begin(checkpoint.records, checkpoint.lastRecords);
      return await conclude(run, await execute(run, checkpoint));
    } catch (error) {
      await operation.fail(error, {}, runOptions.signal);
      throw error;
    }
  }

  return {
    run: async (runOptions = {}) => {
      const started = performance.now();
      runOptions.signal?.throwIfAborted();
      const lock = await database.lock(["data_fetch"], "che168-sync initial");
      try {
        const result = await runLocked(lock, runOptions);
        return { ...result, durationMs: Math.round(performance.now() - started) };
      } finally {
        await lock.release();
      }
    },
  };
}
