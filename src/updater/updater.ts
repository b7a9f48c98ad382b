import type { Lock } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import {
  createReadAhead,
  createRunStatements,
  type OpenGap,
  readOpenGaps,
  recordActive,
  sizeOfGap,
  startOperation,
} from "../operations/index.ts";
import { linkSignals } from "../util/abort.ts";
import { addDays, dayOf, daysBetween } from "../util/days.ts";
import { backfillPending } from "./backfill.ts";
import { createFeedReader, type FeedRun } from "./feed.ts";
import { createGapDetector, DEFAULT_GAP_TOLERANCE } from "./gaps.ts";
import { readPosition, recordFirstPosition } from "./position.ts";
import type { UpdateTotals } from "./store-changes.ts";
import type { UpdateResult, UpdateRunOptions, Updater, UpdaterOptions } from "./types.ts";

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
  skipped: 0,
  missing: 0,
};

/** Why the copy is incomplete, and the remedy. */
function openGapsMessage(gaps: readonly OpenGap[], reason: string | undefined): string {
  const size = gaps.reduce((sum, gap) => sum + sizeOfGap(gap), 0);
  const ranges = gaps.slice(0, 3).map(({ fromId, toId }) => `${fromId} to ${toId}`);
  const more = gaps.length > ranges.length ? ` and ${gaps.length - ranges.length} more ranges` : "";
  return `${size} changes are missing (${ranges.join(", ")}${more}), and the copy is incomplete until che168-sync reconcile: ${reason ?? "the repair did not cover them"}`;
}

/** Creates an updater, which follows the change feed (docs/data-rules.md). */
export function createUpdater(options: UpdaterOptions): Updater {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());
  const tolerance = options.gapTolerance ?? DEFAULT_GAP_TOLERANCE;
  const feed = createFeedReader({ database, client, logger, timezone, now });

  /** The days to read, oldest first, and whether they include today. */
  function missedDays(lastDay: string | null, maxDates: number): { days: string[]; includeToday: boolean } {
    const today = dayOf(now(), timezone);
    // After the clock was set back, `lastDay` may be in the future: the feed is read nevertheless.
    const first = lastDay === null || lastDay >= today ? today : addDays(lastDay, 1);
    const missed = daysBetween(first, today);
    const days = missed.slice(0, maxDates);
    return { days, includeToday: days.length === missed.length };
  }

  /** Determines and stores the position of the very first run; null while the feed is empty. */
  async function firstPosition(run: FeedRun, lastDay: string | null): Promise<number | null> {
    const [first] = run.days;
    if (first === undefined) {
      return null;
    }
    const changeId = await client.changeId(first, run.call);
    if (changeId !== null) {
      await run.statements.write(() =>
        recordFirstPosition(database, changeId, lastDay ?? addDays(first, -1)),
      );
    }
    return changeId;
  }

  /** Repairs open gaps, if the run may. Listings that it completes need no requests of their own. */
  async function repairGaps(run: FeedRun, lock: Lock): Promise<void> {
    const gaps = await run.statements.read(() => readOpenGaps(database));
    if (gaps.length === 0) {
      return;
    }
    const { startedAt, operation, options: runOptions } = run;
    const reason = runOptions.repairGaps
      ? await runOptions.repairGaps({ gaps, lock, operationId: operation.id, startedAt })
      : "automatic repair is off";
    const open = await run.statements.read(() => readOpenGaps(database));
    if (open.length > 0) {
      const error = openGapsMessage(open, reason);
      run.gaps = { open, error };
      logger.error(error);
    }
  }

  async function execute(run: FeedRun, lock: Lock, includeToday: boolean): Promise<void> {
    const found = await run.statements.read(() => readPosition(database));
    const start = found.changeId ?? (await firstPosition(run, found.lastDay));
    if (start === null) {
      logger.info("The feed has no changes yet.");
      return;
    }
    run.start = start;
    run.position = start;
    for (const [index, day] of run.days.entries()) {
      await feed.readDay(run, day, includeToday && index === run.days.length - 1);
    }
    await repairGaps(run, lock);
    run.backfill = await backfillPending(database, client, {
      logger,
      statements: run.statements,
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

  /** Closes the run's row, and returns the result. */
  async function conclude(run: FeedRun): Promise<Omit<UpdateResult, "durationMs">> {
    const { open: openGaps, error } = run.gaps;
    const status = run.backfill.failed === 0 && openGaps.length === 0 ? "OK" : "ERROR";
    const { changeId } = await run.statements.read(() => readPosition(database));
    await run.statements.write(() => recordActive(database, { now: now(), timezone }));
    const reached = { ...run.totals, ...run.backfill, days: run.daysDone, position: changeId };
    const errors = run.backfill.failed + openGaps.length;
    await run.operation.finish(status, { ...reached, errors, error });
    return { status, ...reached, openGaps, error };
  }

  async function runLocked(lock: Lock, runOptions: UpdateRunOptions): Promise<UpdateResult> {
    const started = performance.now();
    const operation = await startOperation(database, "data_fetch", { command: "daily", ...ZERO }, logger);
    // Aborted at the end of the run: cancels a page that was requested ahead.
    const link = linkSignals(runOptions.signal);
    const call = { signal: link.signal, onRetry: runOptions.onRetry };
    const statements = createRunStatements(database, lock, link.signal);
    let run: FeedRun | undefined;
    try {
      const found = await statements.read(() => readPosition(database));
      const { lastDay } = found;
      const { days, includeToday } = missedDays(lastDay, runOptions.maxDates ?? Number.POSITIVE_INFINITY);
      run = {
        operation,
        statements,
        options: runOptions,
        call,
        days,
        // The last run may have read its last day in part.
        firstDay: lastDay ?? days[0] ?? dayOf(now(), timezone),
        ids: feed.createIdCheck(call, lastDay),
        detector: createGapDetector({ position: found, tolerance, now: now() }),
        gaps: { open: [] },
        startedAt: now(),
        ahead: createReadAhead(),
        start: 0,
        position: 0,
        ended: false,
        totals: ZERO,
        backfill: { completed: 0, unavailable: 0, failed: 0 },
        daysDone: [],
      };
      await execute(run, lock, includeToday);
      const result = await conclude(run);
      return { ...result, durationMs: Math.round(performance.now() - started) };
    } catch (error) {
      const reached = run ? { ...run.backfill, days: run.daysDone } : {};
      await operation.fail(error, reached, runOptions.signal);
      throw error;
    } finally {
      link.abort(new Error("The run has ended"));
      link.unlink();
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
