import type { Queryable } from "../../database/index.ts";
import { addDays, dayOf } from "../../util/days.ts";

/** One feed day, from `daily_stats`. */
export interface DayStats {
  /** `YYYY-MM-DD` in the time zone of the feed's days. */
  readonly day: string;
  /** Changes in the feed, by kind. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Active listings after the day; null until a run has counted them. */
  readonly active: number | null;
  /** Share of the active listings that have a value, from 0 to 1, by field; null until a normalisation has measured it. */
  readonly filled: Readonly<Record<string, number>> | null;
}

/** A feed day, as `status --check` judges it. */
export interface CheckedDay extends DayStats {
  /** Active listings that comparisons with the catalogue ended on this day, beyond those that they added. @default 0 */
  readonly lost?: number;
}

const DAYS = `
  select to_char(day, 'YYYY-MM-DD') as day, added, changed, removed, active, filled
    from daily_stats order by daily_stats.day desc limit $1`;
const CHECKED_DAYS = DAYS.replace("filled", "filled, lost");

/** The last feed days, newest first. */
export async function readDays(db: Queryable, limit: number): Promise<DayStats[]> {
  const { rows } = await db.query<DayStats>(DAYS, [limit]);
  return rows;
}

/** The same with what `status --check` needs. */
export async function readCheckedDays(db: Queryable, limit: number): Promise<CheckedDay[]> {
  const { rows } = await db.query<CheckedDay>(CHECKED_DAYS, [limit]);
  return rows;
}

/**
 * The last day whose changes are all stored; null before the first one. A day that was marked complete before its end has
 * been read in part; a change of a later day proves that the rest has been read, because changes are read in order.
 *
 * @param newestChangeAt time of the newest change received
 */
export function lastCompleteDay(
  feed: { readonly lastDay: string | null; readonly newestChangeAt: Date | null },
  { now, timezone }: { readonly now: Date; readonly timezone: string },
): string | null {
  const { lastDay, newestChangeAt } = feed;
  if (lastDay === null) {
    return null;
  }
  const isPassed = newestChangeAt !== null && dayOf(newestChangeAt, timezone) > lastDay;
  const day = isPassed ? lastDay : addDays(lastDay, -1);
  const yesterday = addDays(dayOf(now, timezone), -1);
  return day < yesterday ? day : yesterday;
}
