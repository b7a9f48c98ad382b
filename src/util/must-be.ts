/** Completes "must be …". */
export const A_DAY = "a day such as 2026-11-27";
export const A_TIME_ZONE = "an IANA time zone such as Europe/Moscow";
export const A_TIME_OF_DAY = "a time of day such as 03:00";

/** A received value as JSON on one line, at most 60 characters of it. */
export function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const line = text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text;
  return typeof value === "string" ? JSON.stringify(line) : line;
}

/** "must be EXPECTED, not RECEIVED". */
export const mustBe = (expected: string, received: unknown): string =>
  `must be ${expected}, not ${quoted(received)}`;
