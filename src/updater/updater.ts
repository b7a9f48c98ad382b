import type { Lock } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import { startOperation } from "../operations/run-log.ts";
import { addDays, dayOf, daysBetween } from "../util/days.ts";
import { type BackfillResult, completePending } from "./backfill.ts";
import { createFeedReader, type Run } from "./feed.ts";
import { beginAt, readPosition } from "./position.ts";
import type { UpdateTotals } from "./store-changes.ts";
import type { UpdateResult, UpdateRunOptions, Updater, UpdaterOptions } from "./types.ts";

export type { BackfillResult } from "./backfill.ts";
export type { StoredChanges, UpdateTotals } from "./store-changes.ts";
export type {
  UpdatedPage,
  UpdateProgress,
  UpdateResult,
  UpdateRunOptions,
  Updater,
  UpdaterOptions,
} from "./types.ts";

const ZERO: UpdateTotals = {
  pages: 0,
  changes: 0,
  loaded: 0,
  updated: 0,
  removed: 0,
  duplicates: 0,
  rejected: 0,
  repaired: 0,
  undated: 0,
};
const NOTHING_COMPLETED: BackfillResult = { completed: 0, unavailable: 0, failed: 0 };

/** Reads the change feed (contract §5). */
export function createUpdater(options: UpdaterOptions): Updater {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());
  const { readDay } = createFeedReader({ database, client, logger, now });

  const read = <T>(run: Pick<Run, "call">, work: () => Promise<T>) =>
    database.retrying(work, run.call.signal ? { signal: run.call.signal } : {});

  /** The days to do, oldest first, and whether the last of them is today. */
  function daysToDo(lastDay: string | null, maxDates: number): { days: string[]; endsToday: boolean } {
    const today = dayOf(now(), timezone);
    // A clock that was set back may show a day that is done already: the feed is read on all the same.
    const first = lastDay === null || lastDay >= today ? today : addDays(lastDay, 1);
    const missed = daysBetween(first, today);
    const days = missed.slice(0, maxDates);
    return { days, endsToday: days.length === missed.length };
  }

  async function firstPosition(run: Run, lastDay: string | null): Promise<number | null> {
    const [first] = run.days;
    if (first === undefined) {
      return null;
    }
    const changeId = await client.changeId(first, run.call);
    if (changeId !== null) {
      await read(run, async () => {
        await run.lock.ensure();
        await beginAt(database, changeId, lastDay ?? addDays(first, -1));
      });
    }
    return changeId;
  }

  async function execute(run: Run, endsToday: boolean): Promise<void> {
    const found = await read(run, () => readPosition(database));
    const start = found.changeId ?? (await firstPosition(run, found.lastDay));
    if (start === null) {
      logger.info("The feed has no change yet from which it could be read.");
      return;
    }
    run.start = start;
    run.position = start;
    for (const [index, day] of run.days.entries()) {
      const isLast = endsToday && index === run.days.length - 1;
      await readDay(run, day, isLast);
    }
    run.completed = await completePending(database, client, {
      logger,
      lock: run.lock,
      maxFailures: options.maxFailedListings ?? 3,
      call: run.call,
      onRejected: run.options.onRejected,
      onListing: (done) =>
        run.options.onProgress?.({
          phase: "listings",
          unit: "listings",
          day: run.days.at(-1) ?? "",
          dayNumber: run.days.length,
          days: run.days.length,
          done,
          total: null,
          position: run.position,
        }),
    });
  }

  /** Says in `operations_log` and to the caller what the run has reached. */
  async function conclude(run: Run, endsToday: boolean): Promise<Omit<UpdateResult, "durationMs">> {
    await execute(run, endsToday);
    const status = run.completed.failed === 0 ? "OK" : "ERROR";
    const { changeId } = await read(run, () => readPosition(database));
    const reached = { ...run.totals, ...run.completed, days: run.daysDone, position: changeId };
    await run.operation.finish(status, { ...reached, errors: run.completed.failed });
    return { status, ...reached };
  }

  async function runLocked(lock: Lock, runOptions: UpdateRunOptions): Promise<UpdateResult> {
    const started = performance.now();
    const operation = await startOperation(database, "data_fetch", { command: "daily", ...ZERO }, logger);
    // Ends with the run what was asked for ahead of its turn.
    const over = new AbortController();
    const call = {
      signal: AbortSignal.any([over.signal, ...(runOptions.signal ? [runOptions.signal] : [])]),
      ...(runOptions.onRetry ? { onRetry: runOptions.onRetry } : {}),
    };
    let run: Run | undefined;
    try {
      const { lastDay } = await read({ call }, () => readPosition(database));
      const { days, endsToday } = daysToDo(lastDay, runOptions.maxDates ?? Number.POSITIVE_INFINITY);
      run = {
        operation,
        lock,
        options: runOptions,
        call,
        days,
        start: 0,
        position: 0,
        ended: false,
        totals: ZERO,
        completed: NOTHING_COMPLETED,
        daysDone: [],
      };
      const result = await conclude(run, endsToday);
      return { ...result, durationMs: Math.round(performance.now() - started) };
    } catch (error) {
      const reached = run ? { ...run.completed, days: run.daysDone } : {};
      await operation.fail(error, reached, runOptions.signal);
      throw error;
    } finally {
      over.abort();
    }
  }

  return {
    run: async (runOptions = {}) => {
      runOptions.signal?.throwIfAborted();
      if (runOptions.lock) {
        return runLocked(runOptions.lock, runOptions);
      }
      const lock = await database.lock(["data_fetch"], "che168-sync daily");
      try {
        return await runLocked(lock, runOptions);
      } finally {
        await lock.release();
      }
    },
  };
}
