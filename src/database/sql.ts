/** Pieces of SQL, and PostgreSQL's error codes that the code refers to by name. */

/**
 * SQL of a time as ISO 8601 text in UTC, whatever the session's `DateStyle` and `TimeZone` are.
 *
 * @param expression SQL of a timestamptz
 * @param precision whole seconds, or milliseconds
 */
export const isoTime = (expression: string, precision: "s" | "ms" = "s"): string =>
  `to_char((${expression}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS${precision === "ms" ? ".MS" : ""}"Z"')`;

/** An identifier in double quotes. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Codes of errors (PostgreSQL, appendix A). */
export const SQLSTATE = {
  uniqueViolation: "23505",
  noSuchDatabase: "3D000",
  duplicateDatabase: "42P04",
  insufficientPrivilege: "42501",
  lockNotAvailable: "55P03",
} as const;
