import type { Database } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import {
  createFeedDays,
  type OpenGap,
  type Operation,
  type ReadAhead,
  type RunStatements,
  timeOf,
  tryOnce,
  unusablePage,
} from "../operations/index.ts";
import type { CallOptions, ChangesPage, Client } from "../upstream/index.ts";
import { requestsSent } from "../upstream/internal.ts";
import { addDays, dayOf } from "../util/days.ts";
import type { BackfillResult } from "./backfill.ts";
import { type GapDetector, type SeenChange, sizeOf } from "./gaps.ts";
import { createIdCheck, type IdCheck } from "./id-check.ts";
import { completeDay, readPosition } from "./position.ts";
import { type PreparedChanges, prepareChanges } from "./prepare-changes.ts";
import { refuseRestartedFeed } from "./restart.ts";
import { type StoredChanges, storeChanges, type UpdateTotals } from "./store-changes.ts";
import type { UpdateRunOptions } from "./types.ts";

/** A validated page of the feed, prepared for storing. */
export interface FetchedChanges {
  readonly page: ChangesPage;
  readonly prepared: PreparedChanges;
}

/** A page. With `reportedEnd` it is empty, although the service reports that the feed ends there. */
interface EndedPage extends FetchedChanges {
  readonly reportedEnd?: number | undefined;
}

/** State of one run. */
export interface FeedRun {
  readonly operation: Operation;
  readonly statements: RunStatements;
  readonly options: UpdateRunOptions;
  readonly call: CallOptions;
  readonly days: readonly string[];
  /** The first day that may still have unread changes. */
  readonly firstDay: string;
  readonly ids: IdCheck;
  readonly detector: GapDetector;
  readonly ahead: ReadAhead<FetchedChanges>;
  /** The position at the start. */
  start: number;
  position: number;
  /** True once a response has marked the end of the feed. */
  ended: boolean;
  totals: UpdateTotals;
  backfill: BackfillResult;
  /** Gaps that stay open, and why. */
  gaps: { readonly open: readonly OpenGap[]; readonly error?: string | undefined };
  readonly startedAt: Date;
  readonly daysDone: string[];
}

/** Reads the change feed day by day, page by page. */
export interface FeedReader {
  /** Creates the id check of one run. */
  createIdCheck(call: CallOptions, lastDay: string | null): IdCheck;
  /**
   * Reads a day up to its end - the first change of the next day, or the end of the feed - and marks it complete.
   *
   * @param isLast reads to the end of the feed
   * @throws Che168Error `FEED_RESTARTED` when the service has restarted its change ids
   */
  readDay(run: FeedRun, day: string, isLast: boolean): Promise<void>;
}

/** The outcome of one page: the difference of two totals. */
const outcomeOf = (totals: UpdateTotals, before: UpdateTotals): StoredChanges => ({
  loaded: totals.loaded - before.loaded,
  updated: totals.updated - before.updated,
  removed: totals.removed - before.removed,
  duplicates: totals.duplicates - before.duplicates,
  rejected: totals.rejected - before.rejected,
  repaired: totals.repaired - before.repaired,
  undated: totals.undated - before.undated,
});

/**
 * The changes of a page, and its rejected records with possible ids: an id that was received is not missing.
 */
function seenChanges({ page, prepared }: FetchedChanges): SeenChange[] {
  const changes = prepared.records.map(({ changeId, createdAt, hasOwnDate }) => ({
    changeId,
    createdMs: hasOwnDate ? timeOf(createdAt) : undefined,
  }));
  const highest = Math.max(page.nextChangeId ?? 0, ...changes.map(({ changeId }) => changeId));
  const rejected = prepared.rejections.flatMap(({ changeId }) =>
    changeId !== undefined && changeId < highest ? [{ changeId, createdMs: undefined }] : [],
  );
  return [...changes, ...rejected];
}

/** Creates a reader of the feed. */
export function createFeedReader(deps: {
  readonly database: Database;
  readonly client: Client;
  readonly logger: Logger;
  readonly timezone: string;
  readonly now: () => Date;
}): FeedReader {
  const { database, client, logger, timezone, now } = deps;
  const today = () => dayOf(now(), timezone);
  const feedDayOf = createFeedDays(timezone);

  async function request(run: FeedRun, position: number): Promise<FetchedChanges> {
    let prepared: PreparedChanges | undefined;
    const page = await client.changesPage(position, {
      ...run.call,
      validate: async (received) => {
        prepared = prepareChanges(received, now());
        const ids = prepared.records.map(({ changeId }) => changeId);
        const unusable = unusablePage(received.parts.length, prepared.rejections);
        return unusable ?? (await run.ids.validate(received, ids));
      },
    });
    return { page, prepared: prepared ?? prepareChanges(page, now()) };
  }

  /**
   * Reads and stores one page, with the next page already requested. At the end of the feed, the position is after the
   * last change received.
   *
   * @param end where reading will stop
   * @param day the day being read
   */
  async function readPage(run: FeedRun, end: number, day: string): Promise<void> {
    run.call.signal?.throwIfAborted();
    const before = { position: run.position, totals: run.totals };
    const first = await (run.ahead.take(run.position) ?? request(run, run.position));
    const next = first.page.nextChangeId;
    if (next !== null && next < end) {
      run.ahead.start(next, () => request(run, next));
      await requestsSent();
    }
    const isEmpty = first.page.parts.length === 0;
    const { page, prepared, reportedEnd }: EndedPage = isEmpty ? await confirmEnd(run, first) : first;
    const findings = run.detector.findGaps(page, seenChanges({ page, prepared }), reportedEnd);
    const stored = await storeChanges(
      database,
      prepared,
      { before: before.position, after: page.nextChangeId },
      {
        statements: run.statements,
        operationId: run.operation.id,
        totals: before.totals,
        findings,
        dayOfChange: (createdAt) => feedDayOf(createdAt, { from: run.firstDay, day, to: today() }),
        signal: run.call.signal,
      },
    );
    if (stored === undefined) {
      await goBack(run);
      return;
    }
    run.totals = stored.totals;
    run.position = stored.position;
    run.ended = page.nextChangeId === null;
    for (const gap of findings.gaps) {
      logger.warn(
        `${sizeOf(gap)} changes are missing (${gap.from} to ${gap.to}): the service no longer has them`,
      );
    }
    for (const rejection of stored.rejections) {
      await run.options.onRejected?.(rejection);
    }
    await run.options.onPage?.({ position: stored.position, ...outcomeOf(stored.totals, before.totals) });
  }

  /**
   * Checks an empty page: that the ids have not restarted, and that the service does not report a later end. If it does,
   * the page is requested once more; when it stays empty, everything up to the reported end is missing.
   */
  async function confirmEnd(run: FeedRun, empty: FetchedChanges): Promise<EndedPage> {
    const position = await run.statements.read(() => readPosition(database));
    await refuseRestartedFeed(client, position, { today: today(), now: now(), call: run.call });
    const end = await run.ids.reportedEnd(run.position);
    if (end === null || end <= run.position) {
      return empty;
    }
    const again = await request(run, run.position);
    return again.page.parts.length === 0 ? { ...again, reportedEnd: end } : again;
  }

  /** Continues from the stored position: a crash of the server may have lost the last pages and their counts. */
  async function goBack(run: FeedRun): Promise<void> {
    const { changeId } = await run.statements.read(() => readPosition(database));
    if (changeId === null || changeId >= run.position) {
      throw new Che168Error(
        "POSITION_MOVED",
        `The feed's position is no longer ${run.position}: another run has moved it.`,
      );
    }
    logger.warn(`The database has lost its last pages; reading again from change ${changeId}`);
    run.totals = await run.operation.recordedCounts(run.totals);
    run.ended = false;
    run.position = changeId;
    run.start = Math.min(run.start, changeId);
  }

  /**
   * The end of the feed: `/change_id` of tomorrow, because the first change of a future day is the next one. If the
   * clock was set back, "future" means after the last complete day.
   */
  async function requestEnd(call: CallOptions, lastDay: string | null): Promise<number | null> {
    const day = today();
    const tomorrow = addDays(lastDay !== null && lastDay > day ? lastDay : day, 1);
    const end = await tryOnce(call, (single) => client.changeId(tomorrow, single));
    if (end === undefined) {
      logger.info(`The service does not report where ${tomorrow} starts; continuing without it`);
    }
    return end ?? null;
  }

  /** Where the day ends; null when the service does not report it. */
  async function endOf(run: FeedRun, day: string, isLast: boolean): Promise<number | null> {
    if (isLast) {
      return run.ids.refreshEnd();
    }
    const border = await client.changeId(addDays(day, 1), run.call);
    if (border !== null) {
      run.ids.allowTo(border);
    }
    return border;
  }

  async function readDay(run: FeedRun, day: string, isLast: boolean): Promise<void> {
    const border = await endOf(run, day, isLast);
    const end = isLast || border === null ? Number.POSITIVE_INFINITY : border;
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
      while (!run.ended && run.position < end) {
        await readPage(run, end, day);
        report();
      }
      if (await run.statements.write(() => completeDay(database, day, run.position))) {
        run.daysDone.push(day);
        return;
      }
      await goBack(run);
    }
  }

  return {
    createIdCheck: (call, lastDay) => createIdCheck(() => requestEnd(call, lastDay)),
    readDay,
  };
}
