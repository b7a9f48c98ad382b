/** Reasons of `status --check` that compare feed days. Pure. */
import type { CheckReason } from "./check-reason.ts";
import type { CheckedDay, DayStats } from "./days.ts";

/** Complete days before the last one that are compared with it. */
const COMPARED_DAYS = 7;
/** Limits below which numbers vary by chance. */
const MIN_CHANGES = 20;
const MIN_LISTINGS = 20;
const MIN_REMOVED = 10;
const MIN_SHARE = 0.05;

const LOW_VOLUME = 0.25;
const LOW_FILL = 0.5;
const MASS_REMOVAL = 0.1;

/** Days to read for {@link evaluateTrends}: the compared ones, the last complete one, and today. */
export const TREND_DAYS = COMPARED_DAYS + 3;

const count = (value: number) => value.toLocaleString("en-US");
const percent = (share: number) => `${Math.round(share * 100)} %`;
const volumeOf = ({ added, changed, removed }: DayStats) => added + changed + removed;

/** The upper median: with an even number of values, the larger of the two in the middle. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function volumeLow(last: DayStats, before: readonly DayStats[]): CheckReason[] {
  const usual = median(before.map(volumeOf));
  const volume = volumeOf(last);
  if (before.length < COMPARED_DAYS || usual < MIN_CHANGES || volume >= usual * LOW_VOLUME) {
    return [];
  }
  return [
    {
      code: "volume_low",
      message: `The feed had ${count(volume)} changes on ${last.day}; the median of the ${COMPARED_DAYS} days before is ${count(usual)}.`,
      remedy:
        "Ask the service whether its feed is complete; che168-sync reconcile --dry-run counts what the copy lacks",
    },
  ];
}

function fillRate(last: DayStats, before: readonly DayStats[]): CheckReason[] {
  const fallen = Object.entries(last.filled ?? {}).flatMap(([field, share]) => {
    const shares = before.flatMap(({ filled }) => filled?.[field] ?? []);
    const usual = median(shares);
    return shares.length === COMPARED_DAYS && usual >= MIN_SHARE && share < usual * LOW_FILL
      ? [`${field} from ${percent(usual)} to ${percent(share)}`]
      : [];
  });
  if (fallen.length === 0 || (last.active !== null && last.active < MIN_LISTINGS)) {
    return [];
  }
  return [
    {
      code: "fill_rate",
      message: `Fewer listings have a value on ${last.day} than in the ${COMPARED_DAYS} days before: ${fallen.join(", ")}.`,
      remedy:
        "The service sends these fields differently or not at all: compare data in raw_data with its documentation, and update che168-sync",
    },
  ];
}

/** @param before the day before, whose number of active listings is the whole */
function massRemoval(day: CheckedDay, before: DayStats | undefined): CheckReason[] {
  const { lost = 0 } = day;
  const removed = day.removed + lost;
  const whole = before?.active ?? (day.active === null ? null : day.active + removed);
  if (whole === null || removed < MIN_REMOVED || removed <= whole * MASS_REMOVAL) {
    return [];
  }
  const who =
    lost === 0
      ? "The feed"
      : day.removed === 0
        ? "reconcile"
        : `The feed (${count(day.removed)}) and reconcile`;
  return [
    {
      code: "mass_removal",
      message: `${who} removed ${count(removed)} of ${count(whole)} active listings on ${day.day} (${percent(removed / whole)}).`,
      remedy:
        lost === 0
          ? "Check some of them on che168.com; if they are still for sale, che168-sync reconcile brings them back"
          : "Check some of them on che168.com; if they are still for sale, run che168-sync reconcile over the API, or with a newer daily file",
    },
  ];
}

/**
 * Compares the last complete day with the seven before (`volume_low`, `fill_rate`), and the removals of it and of later
 * days with the active listings (`mass_removal`). Without seven complete days nothing is compared.
 *
 * @param days newest first, at least {@link TREND_DAYS}
 * @param lastComplete null before the first complete day
 */
export function evaluateTrends(days: readonly CheckedDay[], lastComplete: string | null): CheckReason[] {
  const at = lastComplete === null ? -1 : days.findIndex(({ day }) => day <= lastComplete);
  const last = days[at];
  const removals = days
    .slice(0, at === -1 ? days.length : at + 1)
    .flatMap((day, index) => massRemoval(day, days[index + 1]));
  if (last === undefined) {
    return removals.slice(0, 1);
  }
  const before = days.slice(at + 1, at + 1 + COMPARED_DAYS);
  return [...volumeLow(last, before), ...fillRate(last, before), ...removals.slice(0, 1)];
}
