import type { Database, Lock } from "../database/index.ts";
import { Che168Error, isChe168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import type { Operation } from "../operations/run-log.ts";
import type { CallOptions, ChangesPage, Client } from "../upstream/index.ts";
import { requestsSent } from "../upstream/internal.ts";
import { addDays } from "../util/days.ts";
import type { BackfillResult } from "./backfill.ts";
import { completeDay, readPosition } from "./position.ts";
import { type PreparedChanges, prepareChanges } from "./prepare-changes.ts";
import { storeChanges, type UpdateTotals } from "./store-changes.ts";
import type { UpdateRunOptions } from "./types.ts";

/** A page of the feed, ready to be stored. */
interface FetchedPage {
  readonly page: ChangesPage;
  readonly prepared: PreparedChanges;
}

/** Everything that one run carries along. */
export interface Run {
  readonly operation: Operation;
  readonly lock: Lock;
  readonly options: UpdateRunOptions;
  readonly call: CallOptions;
  readonly days: readonly string[];
  /** Where the run began. */
  start: number;
  position: number;
  ended: boolean;
  totals: UpdateTotals;
  completed: BackfillResult;
  readonly daysDone: string[];
  /** The page at this position, which is on its way while the one before is being stored. */
  ahead?: { readonly position: number; readonly arrival: Promise<FetchedPage> } | undefined;
}

/** Reads the change feed day by day, page by page. */
export interface FeedReader {
  /**
   * Reads a day to its border - the first change of the next day, or the feed's end - and says that it is done.
   *
   * @param isLast the last day is read to where the feed ends
   */
  readDay(run: Run, day: string, isLast: boolean): Promise<void>;
}

/** Makes a reader of the feed. */
export function createFeedReader(means: {
  readonly database: Database;
  readonly client: Client;
  readonly logger: Logger;
  readonly now: () => Date;
}): FeedReader {
  const { database, client, logger, now } = means;

  /** A statement that may be repeated without harm; one that writes, only while the lock is ours. */
  const read = <T>(run: Pick<Run, "call">, work: () => Promise<T>) =>
    database.retrying(work, run.call.signal ? { signal: run.call.signal } : {});
  const write = <T>(run: Run, work: () => Promise<T>) =>
    read(run, async () => {
      await run.lock.ensure();
      return work();
    });

  async function request(run: Run, position: number): Promise<FetchedPage> {
    const page = await client.changesPage(position, run.call);
    return { page, prepared: prepareChanges(page, now()) };
  }

  /** The page at a position, from the request that was made ahead of its turn if there is one. */
  function arrivalAt(run: Run, position: number): Promise<FetchedPage> {
    const { ahead } = run;
    run.ahead = undefined;
    return ahead?.position === position ? ahead.arrival : request(run, position);
  }

  async function requestAhead(run: Run, position: number): Promise<void> {
    const arrival = request(run, position);
    // Looked at when its turn comes; until then a failure is no unhandled one.
    arrival.catch(() => {});
    run.ahead = { position, arrival };
    await requestsSent();
  }

  /**
   * Reads one page and stores it, while the next one is on its way; the feed's end leaves the position behind the last
   * change that was seen.
   *
   * @param end where reading will stop
   */
  async function readPage(run: Run, end: number): Promise<void> {
    run.call.signal?.throwIfAborted();
    const { page, prepared } = await arrivalAt(run, run.position);
    if (page.nextChangeId !== null && page.nextChangeId < end) {
      await requestAhead(run, page.nextChangeId);
    }
    const before = run.totals;
    const stored = await storeChanges(
      database,
      prepared,
      { before: run.position, behind: page.nextChangeId },
      { lock: run.lock, operationId: run.operation.id, totals: before, signal: run.call.signal },
    );
    if (stored === undefined) {
      await goBack(run);
      return;
    }
    const { totals, position, rejections } = stored;
    run.totals = totals;
    run.ended = page.nextChangeId === null;
    run.position = position;
    for (const rejection of rejections) {
      await run.options.onRejected?.(rejection);
    }
    await run.options.onPage?.({
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
      const end = isLast || border === null ? Number.POSITIVE_INFINITY : border;
      while (!run.ended && run.position < end) {
        await readPage(run, end);
        report();
      }
      if (await write(run, () => completeDay(database, day, run.position))) {
        run.daysDone.push(day);
        return;
      }
      await goBack(run);
    }
  }

  return { readDay };
}
