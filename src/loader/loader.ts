import type { Lock } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import { startOperation } from "../operations/run-log.ts";
import { addDays, dayOf } from "../util/days.ts";
import {
  beginWalk,
  type Checkpoint,
  failedPagesByTurn,
  hasFeedStart,
  noteFeedStart,
  readCheckpoint,
  readFailedPages,
} from "./checkpoint.ts";
import type { LoadTotals } from "./store-records.ts";
import type { Loader, LoaderOptions, LoadResult, LoadRunOptions } from "./types.ts";
import { type AbortReason, createWalker, type Run } from "./walk.ts";

export type { LoadTotals } from "./store-records.ts";
export type {
  LoadedPage,
  Loader,
  LoaderOptions,
  LoadProgress,
  LoadResult,
  LoadRunOptions,
} from "./types.ts";

const ZERO: LoadTotals = { pages: 0, loaded: 0, duplicates: 0, rejected: 0, repaired: 0, undated: 0 };

/** Loads the whole catalogue (contract §5). */
export function createLoader(options: LoaderOptions): Loader {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());
  const pageReader = createWalker({
    ...{ database, client, logger, now },
    maxFailedPages: options.maxFailedPages ?? 3,
  });

  const read = <T>(run: Run, work: () => Promise<T>) => database.retrying(work, { signal: run.signal });

  /** The day's first change: what happens from now on is behind it, and the first daily run reads it. */
  async function ensureFeedStart(run: Run): Promise<void> {
    if (await read(run, () => hasFeedStart(database))) {
      return;
    }
    const { onRetry } = run.options;
    const today = dayOf(now(), timezone);
    const changeId = await client.changeId(today, { signal: run.signal, ...(onRetry ? { onRetry } : {}) });
    await read(run, () => noteFeedStart(database, changeId, addDays(today, -1)));
  }

  async function checkpointFor(runOptions: LoadRunOptions, lock: Lock): Promise<Checkpoint> {
    const retry = runOptions.signal ? { signal: runOptions.signal } : {};
    const found = await database.retrying(() => readCheckpoint(database), retry);
    const mustVerify = runOptions.verify === true && (found?.walk !== "verify" || found.nextPage === null);
    if (found !== undefined && !runOptions.restart && !mustVerify) {
      return found;
    }
    if (runOptions.verify && found?.nextPage !== null && found?.walk !== "verify") {
      logger.warn("The catalogue has not been read to its end yet: this walk does both.");
    }
    const begun = await database.retrying(async () => {
      await lock.ensure();
      await beginWalk(database, runOptions.verify ? "verify" : "load");
      return readCheckpoint(database);
    }, retry);
    if (begun === undefined) {
      throw new Error("The checkpoint that was just written is not there");
    }
    return begun;
  }

  async function execute(run: Run, checkpoint: Checkpoint): Promise<AbortReason | undefined> {
    await ensureFeedStart(run);
    const left = await read(run, () => failedPagesByTurn(database));
    const { nextPage } = checkpoint;
    if (nextPage !== null) {
      const givenUp = await pageReader.walk(run, { ...checkpoint, nextPage });
      if (givenUp) {
        return givenUp;
      }
    } else if (left.length === 0) {
      logger.info(
        "The catalogue has been read to its end. --verify walks it once more, --restart begins anew.",
      );
    }
    return pageReader.retryFailedPages(run, left);
  }

  /** Says in `operations_log` and to the caller what the run has reached. */
  async function conclude(
    run: Run,
    givenUp: AbortReason | undefined,
  ): Promise<Omit<LoadResult, "durationMs">> {
    const [failedPages, checkpoint] = await read(
      run,
      async () => [await readFailedPages(database), await readCheckpoint(database)] as const,
    );
    const finished = checkpoint?.nextPage === null;
    if (finished && run.totals.pages > 0) {
      await read(run, () => database.query("analyze raw_data"));
    }
    const status = givenUp === undefined && failedPages.length === 0 ? "OK" : "ERROR";
    const result = {
      status,
      ...run.totals,
      finished,
      nextPage: checkpoint?.nextPage ?? null,
      failedPages,
      ...(givenUp === undefined ? {} : { error: givenUp.error }),
    } as const;
    await run.operation.finish(status, { ...result, errors: failedPages.length + (givenUp?.pages ?? 0) });
    return result;
  }

  async function runLocked(lock: Lock, runOptions: LoadRunOptions): Promise<Omit<LoadResult, "durationMs">> {
    const operation = await startOperation(
      database,
      "data_fetch",
      { command: "initial", ...(runOptions.verify ? { verify: true } : {}), ...ZERO },
      logger,
    );
    try {
      const checkpoint = await checkpointFor(runOptions, lock);
      const run: Run = {
        operation,
        lock,
        options: runOptions,
        signal: runOptions.signal ?? new AbortController().signal,
        before: checkpoint.records,
        total: runOptions.expect ?? checkpoint.lastRecords,
        totals: ZERO,
        records: checkpoint.records,
        pagesLeft: runOptions.maxPages ?? Number.POSITIVE_INFINITY,
      };
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
