import type { Lock } from "../database/lock.ts";
import type { Database } from "../database/types.ts";
import { Che168Error, isChe168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { type Operation, startOperation } from "../operations/log.ts";
import type { CallOptions, Client, RetryWait } from "../upstream/client.ts";
import { addDays, dayOf, daysBetween } from "../upstream/days.ts";
import { type Completed, completePending } from "./complete.ts";
import { beginAt, completeDay, readPosition } from "./position.ts";
import { type StoredChanges, storeChanges, type Totals } from "./store-page.ts";

export interface UpdaterOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Whose midnight ends a day of the feed. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** Listings in a row that cannot be completed before the rest is left for the next run. @default 3 */
  readonly maxFailedListings?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How far the feed has been read. */
export interface UpdateProgress {
  readonly phase: "changes" | "listings";
  readonly unit: "changes" | "listings";
  /** The day that is being read. */
  readonly day: string;
  /** Which of the days it is, from 1. */
  readonly dayNumber: number;
  readonly days: number;
  /** Ids passed since the run began (`changes`), or listings completed (`listings`). */
  readonly done: number;
  /** Ids from where the run began to the end of the day; null when the service does not say. */
  readonly total: number | null;
  readonly position: number;
}

export interface UpdateRunOptions {
  /** Does at most so many days. */
  readonly maxDates?: number | undefined;
  /** A lock of `data_fetch` that the caller holds already and will release. */
  readonly lock?: Lock | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called after a page and the position behind it are in the database. */
  readonly onPage?: ((page: StoredChanges & { position: number }) => void) | undefined;
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What a run reached. */
export interface UpdateResult extends Totals, Completed {
  /** ERROR when listings are left that could not be asked for. */
  readonly status: "OK" | "ERROR";
  /** Days that are complete now. */
  readonly days: readonly string[];
  /** Where the feed is read from next; null when the feed has not begun. */
  readonly position: number | null;
  readonly durationMs: number;
}

export interface Updater {
  /**
   * Brings `raw_data` from where it stands to now, day by day.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when a page failed after all attempts; everything before it is stored
   * @throws Che168Error `FEED_OUT_OF_ORDER` when the service sends the reader back
   * @throws the signal's reason when it was aborted; what was stored stays
   */
  run(options?: UpdateRunOptions): Promise<UpdateResult>;
}

const ZERO: Totals = {
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
const NOTHING_COMPLETED: Completed = { completed: 0, unavailable: 0, failed: 0 };

/** Everything that one run carries along. */
interface Run {
  readonly operation: Operation;
  readonly lock: Lock;
  readonly options: UpdateRunOptions;
  readonly call: CallOptions;
  readonly days: readonly string[];
  /** Where the run began. */
  start: number;
  position: number;
  ended: boolean;
  totals: Totals;
  completed: Completed;
  readonly daysDone: string[];
}

/** Reads the change feed (contract §5). */
export function createUpdater(options: UpdaterOptions): Updater {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());

  /** A statement that may be repeated without harm; one that writes, only while the lock is ours. */
  const read = <T>(run: Pick<Run, "call">, work: () => Promise<T>) =>
    database.retrying(work, run.call.signal ? { signal: run.call.signal } : {});
  const write = <T>(run: Run, work: () => Promise<T>) =>
    read(run, async () => {
      await run.lock.ensure();
      return work();
    });

  /** Reads one page and stores it; the feed's end leaves the position behind the last change that was seen. */
  async function readPage(run: Run): Promise<void> {
    run.call.signal?.throwIfAborted();
    const page = await client.changesPage(run.position, run.call);
    const before = run.totals;
    const stored = await storeChanges(
      database,
      page,
      { before: run.position, behind: page.nextChangeId },
      {
        lock: run.lock,
        operationId: run.operation.id,
        totals: before,
        signal: run.call.signal,
        now: now(),
      },
    );
    if (stored === undefined) {
      await goBack(run);
      return;
    }
    const { totals, position } = stored;
    run.totals = totals;
    run.ended = page.nextChangeId === null;
    run.position = position;
    run.options.onPage?.({
      position,
      loaded: totals.loaded - before.loaded,
      updated: totals.updated - before.updated,
      removed: totals.removed - before.removed,
      duplicates: totals.duplicates - before.duplicates,
      rejected: totals.rejected - before.rejected,
      repaired: totals.repaired - before.repaired,
      undated: totals.undated - before.undated,
    });
  }

  /** A server that crashed may have lost the last pages, and their counts with them: they are read again. */
  async function goBack(run: Run): Promise<void> {
    const { changeId } = await read(run, () => readPosition(database));
    if (changeId === null || changeId >= run.position) {
      throw new Che168Error(
        "POSITION_MOVED",
        `The feed's position is no longer ${run.position}: another run has moved it.`,
      );
    }
    logger.warn(`The database lost its last pages; reading on from change ${changeId} again`);
    run.totals = await run.operation.noted(run.totals);
    run.ended = false;
    run.position = changeId;
    run.start = Math.min(run.start, changeId);
  }

  /**
   * Where tomorrow begins, which only the progress wants to know. A service that does not like to be asked for a day to
   * come is not asked twice.
   */
  async function borderOfTomorrow(run: Run, tomorrow: string): Promise<number | null> {
    const once = new AbortController();
    const signal = AbortSignal.any([once.signal, ...(run.call.signal ? [run.call.signal] : [])]);
    try {
      return await client.changeId(tomorrow, { signal, onRetry: () => once.abort() });
    } catch (error) {
      run.call.signal?.throwIfAborted();
      const isOfTheService = isChe168Error(error) && error.code.startsWith("UPSTREAM_");
      if (!once.signal.aborted && (!isOfTheService || error.code === "UPSTREAM_UNAUTHORIZED")) {
        throw error;
      }
      logger.info(`Where ${tomorrow} will begin is not known, and not needed: going on without`);
      return null;
    }
  }

  /** Reads a day to its border: the first change of the next day, or the feed's end. */
  async function readDay(run: Run, day: string, isLast: boolean): Promise<void> {
    const next = addDays(day, 1);
    const border = isLast ? await borderOfTomorrow(run, next) : await client.changeId(next, run.call);
    const report = () =>
      run.options.onProgress?.({
        phase: "changes",
        unit: "changes",
        day,
        dayNumber: run.days.indexOf(day) + 1,
        days: run.days.length,
        done: run.position - run.start,
        total: border === null ? null : Math.max(border, run.position) - run.start,
        position: run.position,
      });
    report();
    for (;;) {
      // The last day is read to where the feed ends.
      while (!run.ended && (isLast || border === null || run.position < border)) {
        await readPage(run);
        report();
      }
      if (await write(run, () => completeDay(database, day, run.position))) {
        run.daysDone.push(day);
        return;
      }
      await goBack(run);
    }
  }

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
      await write(run, () => beginAt(database, changeId, lastDay ?? addDays(first, -1)));
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
    const call = {
      ...(runOptions.signal ? { signal: runOptions.signal } : {}),
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
