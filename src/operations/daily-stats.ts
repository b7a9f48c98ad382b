import type { Queryable } from "../database/index.ts";
import { dayOf } from "../util/days.ts";

/** Fields whose share among the active listings is recorded per day. */
export const COUNTED_FIELDS = [
  "price",
  "images",
  "mark",
  "model",
  "year",
  "engine_type",
  "first_registration",
] as const;
export type CountedField = (typeof COUNTED_FIELDS)[number];

/** A change, as far as the statistics need it. */
export interface CountedChange {
  readonly changeType: "added" | "changed" | "removed";
  /** ISO 8601. */
  readonly createdAt: string;
}

/**
 * Assigns changes to feed days by their time. A time outside of the days from `from` to `to` (a service with constant or
 * wrong times) counts for `day`.
 *
 * @param reading `day` is the day that the updater is reading
 */
export function createFeedDays(
  timezone: string,
): (
  createdAt: string,
  reading: { readonly from: string; readonly day: string; readonly to: string },
) => string {
  // A formatter per time zone: creating one costs a thousand times as much as a use.
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return (createdAt, { from, day, to }) => {
    const found = format.format(new Date(createdAt));
    return found >= from && found <= to ? found : day;
  };
}

/** The parameter of {@link countChangesSql}: changes per day and kind. Pure. */
export function changeCounts(
  changes: readonly CountedChange[],
  dayOfChange: (createdAt: string) => string,
): string {
  const days = new Map<string, Record<CountedChange["changeType"], number>>();
  for (const { changeType, createdAt } of changes) {
    const day = dayOfChange(createdAt);
    const counts = days.get(day) ?? { added: 0, changed: 0, removed: 0 };
    counts[changeType] += 1;
    days.set(day, counts);
  }
  return JSON.stringify([...days].map(([day, counts]) => ({ day, ...counts })));
}

/**
 * SQL that adds counts of changes to their days.
 *
 * @param parameter number of the parameter with {@link changeCounts}
 * @param condition SQL of a boolean
 */
export const countChangesSql = (parameter: number, condition: string): string =>
  `insert into daily_stats as d (day, added, changed, removed)
   select c.day, c.added, c.changed, c.removed
     from jsonb_to_recordset($${parameter}::jsonb) as c(day date, added int, changed int, removed int)
    where ${condition}
   on conflict (day) do update
      set added = d.added + excluded.added, changed = d.changed + excluded.changed,
          removed = d.removed + excluded.removed`;

/** The days to measure: today, and days that were not measured after their end. $1 today, $2 time zone, $3 now. */
const daysToMeasure = (measuredAt: string): string =>
  `select $1::date as day
   union
   select day from daily_stats
    where day < $1::date
      and (${measuredAt} is null or ${measuredAt} < (day + 1)::timestamp at time zone $2::text)`;

const RECORD_ACTIVE = `
  insert into daily_stats (day, active, active_at)
  select days.day, counts.active, $3::timestamptz
    from (${daysToMeasure("active_at")}) as days,
         (select count(*)::int as active from raw_data where active_status = 0) as counts
  on conflict (day) do update set active = excluded.active, active_at = excluded.active_at`;

// The size in the row is read without fetching the value itself: an empty list takes less than 8 bytes.
const FILLED: Readonly<Record<CountedField, string>> = {
  ...(Object.fromEntries(COUNTED_FIELDS.map((name) => [name, `${name} is not null`])) as Record<
    CountedField,
    string
  >),
  images: "images is not null and pg_column_size(images) > 8",
};

const RECORD_FILLED = `
  insert into daily_stats (day, filled, filled_at)
  select days.day, shares.filled, $3::timestamptz
    from (${daysToMeasure("filled_at")}) as days,
         (select jsonb_build_object(${COUNTED_FIELDS.map(
           (name) => `'${name}', round(avg((${FILLED[name]})::int), 4)`,
         ).join(", ")}) as filled
            from processed_data where active_status = 0 and not is_incomplete having count(*) > 0) as shares
  on conflict (day) do update set filled = excluded.filled, filled_at = excluded.filled_at`;

/** The clock and the time zone of the feed's days. */
export interface FeedClock {
  readonly now: Date;
  readonly timezone: string;
}

const clockValues = ({ now, timezone }: FeedClock) => [dayOf(now, timezone), timezone, now.toISOString()];

/** Records the number of active listings for today, and for days that have ended since the last count. */
export async function recordActive(db: Queryable, clock: FeedClock): Promise<void> {
  await db.query(RECORD_ACTIVE, clockValues(clock));
}

/**
 * Records the shares of the counted fields, for the same days. One scan of `processed_data`, which is skipped when nothing
 * has changed and today was measured before.
 */
export async function recordFilled(db: Queryable, clock: FeedClock, isChanged: boolean): Promise<void> {
  const values = clockValues(clock);
  const { rows } = await db.query(
    "select from daily_stats where day = $1::date and filled_at is not null",
    values.slice(0, 1),
  );
  if (isChanged || rows.length === 0) {
    await db.query(RECORD_FILLED, values);
  }
}
