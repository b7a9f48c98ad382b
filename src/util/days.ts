/**
 * Days of the feed. A day is the local date `YYYY-MM-DD` of a time zone; when clocks change it has 23 or 25 hours.
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether a text names a time zone: `Europe/Moscow`. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** The local day of `instant` in `timezone`. */
export function dayOf(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/**
 * The day `count` days after `day`; before it when negative.
 *
 * @throws RangeError when `day` is not a day
 */
export function addDays(day: string, count: number): string {
  const start = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(start)) {
    throw new RangeError(`${day} is not a day (YYYY-MM-DD)`);
  }
  return new Date(start + count * 86_400_000).toISOString().slice(0, 10);
}

/** The days from `first` to `last`, both included; none when `first` is later. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    days.push(day);
  }
  return days;
}
