/**
 * SQL of a time as ISO 8601 text in UTC, whatever the session's `DateStyle` and `TimeZone` are.
 *
 * @param expression SQL of a timestamptz
 * @param precision whole seconds, or milliseconds
 */
export const isoTime = (expression: string, precision: "s" | "ms" = "s"): string =>
  `to_char((${expression}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS${precision === "ms" ? ".MS" : ""}"Z"')`;
