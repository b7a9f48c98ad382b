/** Days of one time zone: the day of an instant, the start of a day, an instant as text. */
export interface Days {
  /** The day (`YYYY-MM-DD`) of an instant in milliseconds. */
  of(instant: number): string;
  /** The first instant of a day, in milliseconds. */
  start(day: string): number;
  /** The instant as ISO 8601 with the zone's offset, e.g. `2025-04-29T08:15:22.340+03:00`. */
  iso(instant: number): string;
}

const MINUTE = 60_000;

/**
 * @param timezone an IANA name
 * @throws RangeError when the name is unknown
 */
export function createDays(timezone: string): Days {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });

  /** UTC offset of the zone, in milliseconds. */
  function offset(instant: number): number {
    const parts = Object.fromEntries(
      format.formatToParts(instant).map((part) => [part.type, Number(part.value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const minutes = Math.floor(instant / MINUTE) * MINUTE;
    return Date.UTC(year, month - 1, day, hour, minute) - minutes;
  }

  const local = (instant: number) => new Date(instant + offset(instant)).toISOString();

  return {
    of: (instant) => local(instant).slice(0, 10),
    start(day) {
      const midnight = Date.parse(`${day}T00:00:00Z`);
      let instant = midnight - offset(midnight);
      instant = midnight - offset(instant);
      // When clocks jump at midnight, that minute does not exist and the day starts after the jump.
      while (local(instant).slice(0, 10) < day) {
        instant += 30 * MINUTE;
      }
      return instant;
    },
    iso(instant) {
      const ahead = offset(instant) / MINUTE;
      const sign = ahead < 0 ? "-" : "+";
      const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, "0");
      return `${local(instant).slice(0, 23)}${sign}${two(ahead / 60)}:${two(ahead % 60)}`;
    },
  };
}
