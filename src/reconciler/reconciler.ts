import type { Database, Lock } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import { createRunStatements, startOperation } from "../operations/index.ts";
import { linkSignals } from "../util/abort.ts";
import { createApiSource } from "./api-source.ts";
import { type CompareDeps, type ComparisonOutcome, type ComparisonRun, compare } from "./compare.ts";
import { dryRun } from "./dry-run.ts";
import { compareWithFile, type ExportRunDeps, fileForRepair } from "./export-run.ts";
import type { FeedDeps } from "./feed-position.ts";
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
    const { operationId } = runOptions;
    const isDryRun = runOptions.dryRun === true;
    try {
      if (isDryRun) {
        return resultOf(await dryRun(deps, { source, statements, call, options: runOptions }), source, true);
      }
      const own =
        operationId === undefined
          ? await startOperation(
              database,
              "data_fetch",
              { command: "reconcile", source: source.name, ...ZERO_TOTALS },
              logger,
            )
          : undefined;
      const run: ComparisonRun = {
        source,
        statements,
        options: runOptions,
        call,
        operation: own === undefined ? { id: operationId ?? 0, key: "repair" } : { id: own.id, key: null },
      };
      try {
        const result = resultOf(await compare(deps, run), source, false);
        const { deferred, gapsRepaired } = result;
        const errors = result.error === undefined ? 0 : Math.max(1, deferred);
        await own?.finish(result.status, { ...result, deferred, gapsRepaired, errors });
        return result;
      } catch (error) {
        await own?.fail(error, {}, runOptions.signal);
        throw error;
      }
    } finally {
      link.abort(new Error("The run has ended"));
      link.unlink();
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
