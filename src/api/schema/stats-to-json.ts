import type { Figures, OperationReport } from "../../operations/index.ts";
import type { CopyState, CountsRow, DailyState } from "../query/read-stats.ts";

// Texts of errors are for the operator: tokens with the scope `ops` get numbers, and messages of this package.

const numbersOf = (details: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );

const instant = (seconds: number | null): string | null =>
  seconds === null ? null : new Date(seconds * 1_000).toISOString();

const feedToJson = ({ feed }: Figures, now: Date) => ({
  position: feed.position,
  last_successful_date: feed.lastDay,
  newest_change_at: instant(feed.newestChangeAt),
  data_as_of: instant(feed.dataAsOf),
  age_seconds: feed.dataAsOf === null ? null : Math.max(0, Math.round(now.getTime() / 1_000 - feed.dataAsOf)),
  missing_changes: feed.missing,
});

const healthToJson = ({ reasons }: Figures) => ({
  ok: reasons.length === 0,
  reasons: reasons.map(({ code, message, summary, remedy }) => ({
    code,
    message: summary ?? message,
    remedy,
  })),
});

const runToJson = ({ id, type, startedAt, durationSeconds, status, state, details }: OperationReport) => ({
  id,
  type,
  command: typeof details.command === "string" ? details.command : type,
  started_at: startedAt,
  duration: durationSeconds,
  status,
  state,
  details: numbersOf(details),
});

/** The response of `GET /stats`. */
export function statsToJson(
  { total, listed, active, newest }: CountsRow,
  { operations, figures }: CopyState,
  now: Date,
): string {
  return JSON.stringify({
    listings: { total, active, inactive: total - active, incomplete: active - listed, listed },
    newest_listing_at: newest,
    feed: figures === undefined ? null : feedToJson(figures, now),
    health: figures === undefined ? null : healthToJson(figures),
    operations: operations.map(runToJson),
  });
}

/** The response of `GET /stats/daily`. @param days and `operations`: newest first */
export const dailyStatsToJson = ({ days, operations }: DailyState, timezone: string): string =>
  JSON.stringify({
    result: days.toReversed(),
    timezone,
    operations: operations.map(runToJson).toReversed(),
  });
