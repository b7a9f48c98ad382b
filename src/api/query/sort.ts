import { PLAIN_SORT_COLUMNS, SORT_COLUMNS } from "../../database/index.ts";
import { MAX_INT } from "./parameter-types.ts";

type CoveredColumn = (typeof SORT_COLUMNS)[number];
type PlainColumn = (typeof PLAIN_SORT_COLUMNS)[number];
export type SortColumn = CoveredColumn | PlainColumn;
type FieldColumn = Exclude<CoveredColumn, "created_at">;
export type SortKey = "-created_at" | FieldColumn | `-${FieldColumn}` | `-${PlainColumn}`;

/** Sort orders of a list; `-` is descending. */
export const SORTS: readonly SortKey[] = [
  ...SORT_COLUMNS.flatMap((column): SortKey[] =>
    column === "created_at" ? ["-created_at"] : [column, `-${column}`],
  ),
  ...PLAIN_SORT_COLUMNS.map((column) => `-${column}` as const),
];

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
  /** The column's type in PostgreSQL. */
  readonly type: "timestamptz" | "int";
  /** Rows without a value come last in either direction. */
  readonly nullable: boolean;
}

/** The column and direction of a sort key. */
export function sortOf(key: SortKey): Sort {
  const descending = key.startsWith("-");
  const column = (descending ? key.slice(1) : key) as SortColumn;
  return column === "created_at" || column === "updated_at"
    ? { column, descending, type: "timestamptz", nullable: false }
    : { column, descending, type: "int", nullable: true };
}

/** A keyset position in a sorted list: after the row with this key and id. */
export interface CursorPosition {
  readonly sort: SortKey;
  /** The sort value as text, times as `2026-02-20T00:00:00.123456Z`; null when the row has no value. */
  readonly key: string | null;
  readonly id: number;
}

/**
 * SQL for the sort value of a row, to be read by {@link keyOf}. Times are JSON in UTC, because their text depends on `DateStyle` and
 * `TimeZone` of the session; `to_char` does not either, but takes twice as long.
 */
export function keyExpression({ column, type }: Sort, alias: string): string {
  return type === "timestamptz"
    ? `to_json(${alias}.${column} at time zone 'UTC')::text`
    : `${alias}.${column}::text`;
}

/** The key of a position from the value of {@link keyExpression}. PostgreSQL reads it back under every `DateStyle`. */
export const keyOf = (sort: SortKey, value: string | null): string | null =>
  value !== null && sortOf(sort).type === "timestamptz" ? `${JSON.parse(value)}Z` : value;

/** Raised when older cursors can no longer be read. */
const CURSOR_VERSION = 1;
const MAX_CURSOR_LENGTH = 200;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{0,5}[1-9])?Z$/;
const INTEGER = /^(?:0|-?[1-9]\d{0,9})$/;

/** An opaque text for {@link decodeCursor}. */
export function encodeCursor({ sort, key, id }: CursorPosition): string {
  return Buffer.from(JSON.stringify([CURSOR_VERSION, sort, key, id])).toString("base64url");
}

function isTime(text: string): boolean {
  const [, seconds = "0000"] = TIME.exec(text) ?? [];
  const parsed = new Date(`${seconds}Z`);
  // JavaScript reads 30 February as 2 March and accepts the year 0; PostgreSQL rejects both.
  return (
    !seconds.startsWith("0000") && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(seconds)
  );
}

const isInt = (text: string) => INTEGER.test(text) && Math.abs(Number(text)) <= MAX_INT;

function parseCursor(text: string): unknown {
  if (text.length > MAX_CURSOR_LENGTH) {
    return undefined;
  }
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}

/**
 * Reads a cursor that {@link encodeCursor} made for the same sort. Pure.
 *
 * @returns the position; or, as text, why the cursor was rejected: it is not one of ours, or belongs to another sort.
 * PostgreSQL accepts the key and id of every position that is returned.
 */
export function decodeCursor(text: string, sort: SortKey): CursorPosition | string {
  const rejected = "is not a cursor of this API; send the next_cursor of a response, or omit it";
  const parts = parseCursor(text);
  if (!Array.isArray(parts) || parts.length !== 4) {
    return rejected;
  }
  const [version, ofSort, key, id] = parts as unknown[];
  if (version !== CURSOR_VERSION || typeof ofSort !== "string" || typeof id !== "number") {
    return rejected;
  }
  const { type, nullable } = sortOf(sort);
  const isKey = (value: unknown): value is string | null =>
    value === null ? nullable : typeof value === "string" && (type === "int" ? isInt(value) : isTime(value));
  if ((SORTS as readonly string[]).includes(ofSort) && ofSort !== sort) {
    return "was made for another sort; send the same sort as before, or start without a cursor";
  }
  if (ofSort !== sort || !isKey(key) || !Number.isInteger(id) || id < 1 || id > MAX_INT) {
    return rejected;
  }
  const position = { sort, key, id };
  // Other spellings of the same position (padding, white space, 1.0) were not issued either.
  return encodeCursor(position) === text ? position : rejected;
}
