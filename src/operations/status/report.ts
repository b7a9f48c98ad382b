import type { Database } from "../../database/index.ts";
import { RULES_VERSION } from "../../listing/fields.ts";
import { dayOf } from "../../util/days.ts";
import { requireDependencies } from "../../util/dependencies.ts";
import { readOpenGaps } from "../feed-gaps.ts";
import { findAttention } from "./attention.ts";
import { readDays } from "./days.ts";
import { readAge, readDetailedCounts, readOperations, readProgress, readRowCounts } from "./facts.ts";
import type { StatusReport } from "./types.ts";

/** Options of a report. */
export interface StatusOptions {
  readonly database: Database;
  /** Time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The end of the feed, for `changesBehind`: the client's `changeId` of tomorrow. @default unknown */
  readonly feedEnd?: number | null | undefined;
  /** Number of recent runs. @default 10 */
  readonly operations?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

const REPORTED_DAYS = 8;

/** Reads the state of the copy and the issues that need attention. */
export async function getStatus(options: StatusOptions): Promise<StatusReport> {
  requireDependencies("getStatus", options, ["database"]);
  const { database, timezone = "Europe/Moscow", feedEnd = null, operations: limit = 10, now } = options;
  const at = now?.() ?? new Date();
  const today = dayOf(at, timezone);
  const running = await database.lockHolders();
  const { failedPages: _, position, lastDay, ...counts } = await readRowCounts(database);
  const detailed = await readDetailedCounts(database, RULES_VERSION);
  const { load, updatedAt, failedPages } = await readProgress(database);
  const operations = await readOperations(database, running, limit);
  const { newestChangeAt, dataAsOf } = await readAge(database);
  const elapsedMs = lastDay === null ? null : Date.parse(today) - Date.parse(lastDay);
  const report = {
    database: database.description,
    timezone,
    rows: { ...counts, ...detailed },
    load: {
      state: load === undefined ? "none" : load.next_page === null ? "finished" : "unfinished",
      nextPage: load?.next_page ?? null,
      records: load?.records ?? 0,
      startedAt: load?.started_at ?? null,
      finishedAt: load?.finished_at ?? null,
      failedPages,
      mayBeMissing: load?.removed_meanwhile ?? 0,
    },
    feed: {
      position,
      lastSuccessfulDate: lastDay,
      updatedAt,
      newestChangeAt: newestChangeAt?.toISOString() ?? null,
      ageSeconds:
        dataAsOf === null ? null : Math.max(0, Math.round((at.getTime() - dataAsOf.getTime()) / 1_000)),
      daysBehind: elapsedMs === null ? null : Math.max(0, Math.round(elapsedMs / 86_400_000)),
      changesBehind: feedEnd === null || position === null ? null : Math.max(0, feedEnd - position),
    },
    gaps: await readOpenGaps(database),
    days: await readDays(database, REPORTED_DAYS),
    running,
    operations,
  } as const;
  return { ...report, attention: findAttention(report) };
}
