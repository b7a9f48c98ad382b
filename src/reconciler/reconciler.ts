import type { Database, Lock } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import { createRunStatements, startOperation } from "../operations/index.ts";
import { linkSignals } from "../util/abort.ts";
import { createApiSource } from "./api-source.ts";
import { type CompareDeps, type ComparisonOutcome, compare } from "./compare.ts";
import { dryRun } from "./dry-run.ts";
import { compareWithFile, type ExportRunDeps, fileForRepair } from "./export-run.ts";
import type { FeedDeps } from "./feed-position.ts";
import type { ComparisonRun } from "./read-source.ts";
import type { SnapshotSource } from "./source.ts";
import { claimRepair, ZERO_TOTALS } from "./state.ts";
import type { ReconcileResult, ReconcileRunOptions, Reconciler, ReconcilerOptions } from "./types.ts";

/** Records of the last complete walk: the expected total. */
async function expectedRecords(database: Database): Promise<number | null> {
  const { rows } = await database.retrying(() =>
    database.query<{ records: number | null }>("select last_records as records from load_state where id = 1"),
  );
  return rows[0]?.records ?? null;
}

/** Creates a reconciler, which makes the copy equal to the catalogue (docs/data-rules.md). */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const feed: FeedDeps = {
    database,
    client,
    logger,
    timezone: options.timezone ?? "Europe/Moscow",
    now: options.now ?? (() => new Date()),
  };
  const maxFailedPages = options.maxFailedPages ?? 3;
  const deps: CompareDeps = {
    ...feed,
    maxEndedShare: options.maxEndedShare ?? 0.2,
    maxFailures: maxFailedPages,
  };

  const exportDeps: ExportRunDeps = { ...feed, total: () => expectedRecords(database) };

  const apiSource = async (): Promise<SnapshotSource> =>
    createApiSource({ ...feed, maxFailedPages, total: await expectedRecords(database) });

  function resultOf(
    { state, deferred, gapsRepaired, complete, error }: ComparisonOutcome,
    source: SnapshotSource,
    isDryRun: boolean,
  ): Omit<ReconcileResult, "durationMs"> {
    return {
      status: error === undefined ? "OK" : "ERROR",
      dryRun: isDryRun,
      source: source.name,
      position: state.position,
      complete,
      ...state.counts,
      deferred,
      gapsRepaired,
      error,
    };
  }

  async function runLocked(
    lock: Lock,
    runOptions: ReconcileRunOptions,
  ): Promise<Omit<ReconcileResult, "durationMs">> {
    const { exportFile, operationId, signal, onRetry } = runOptions;
    if (exportFile === undefined || runOptions.source !== undefined) {
      return runOn(runOptions.source ?? (await apiSource()), lock, runOptions);
    }
    return compareWithFile(exportDeps, {
      open: exportFile,
      force: runOptions.force === true,
      dryRun: runOptions.dryRun === true,
      call: { signal, onRetry },
      compare: (source) => runOn(source, lock, runOptions),
      onUnusable: async (error) => {
        if (operationId === undefined && !runOptions.dryRun) {
          const details = { command: "reconcile", source: "export", ...ZERO_TOTALS };
          await (await startOperation(database, "data_fetch", details, logger)).fail(error, {}, signal);
        }
      },
    });
  }

  async function runOn(
    source: SnapshotSource,
    lock: Lock,
    runOptions: ReconcileRunOptions,
  ): Promise<Omit<ReconcileResult, "durationMs">> {
    // Aborted at the end of the run: cancels requests that are still pending.
    const link = linkSignals(runOptions.signal);
    const call = { signal: link.signal, onRetry: runOptions.onRetry };
    const statements = createRunStatements(database, lock, link.signal);
    const run = { source, statements, call, options: runOptions };
    try {
      return runOptions.dryRun === true
        ? resultOf(await dryRun(deps, run), source, true)
        : await runRecorded(run);
    } finally {
      link.abort(new Error("The run has ended"));
      link.unlink();
    }
  }

  /** Compares, with the counts in a row of `operations_log`: the caller's, or the run's own. */
  async function runRecorded(
    run: Omit<ComparisonRun, "operation">,
  ): Promise<Omit<ReconcileResult, "durationMs">> {
    const { source, options: runOptions } = run;
    const { operationId, signal } = runOptions;
    if (operationId !== undefined) {
      const outcome = await compare(deps, { ...run, operation: { id: operationId, key: "repair" } });
      return resultOf(outcome, source, false);
    }
    const details = { command: "reconcile", source: source.name, ...ZERO_TOTALS };
    const operation = await startOperation(database, "data_fetch", details, logger);
    try {
      const outcome = await compare(deps, { ...run, operation: { id: operation.id, key: null } });
      const result = resultOf(outcome, source, false);
      const errors = result.error === undefined ? 0 : Math.max(1, result.deferred);
      await operation.finish(result.status, { ...result, errors });
      return result;
    } catch (error) {
      await operation.fail(error, {}, signal);
      throw error;
    }
  }

  async function run(runOptions: ReconcileRunOptions = {}): Promise<ReconcileResult> {
    const started = performance.now();
    runOptions.signal?.throwIfAborted();
    const lock = runOptions.lock ?? (await database.lock(["data_fetch"], "che168-sync reconcile"));
    try {
      const result = await runLocked(lock, runOptions);
      return { ...result, durationMs: Math.round(performance.now() - started) };
    } finally {
      if (runOptions.lock === undefined) {
        await lock.release();
      }
    }
  }

  return {
    run,
    repair: async ({ startedAt, ...runOptions }) => {
      const { exportFile } = options;
      const { signal, onRetry } = runOptions;
      const file = exportFile && (await fileForRepair(exportDeps, exportFile, { signal, onRetry }));
      if (file !== undefined) {
        return run({ ...runOptions, exportFile: file });
      }
      const claim = (attempt: number) => claimRepair(database, startedAt, attempt > 1);
      if (!(await database.retrying(claim, { signal }))) {
        return undefined;
      }
      return run(runOptions);
    },
  };
}
