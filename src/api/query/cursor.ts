import type { SortKey } from "./sorts.ts";

/** A place in a sorted list: behind the row with this key and id. */
export interface Position {
  readonly sort: SortKey;
  /** The sort column as text, so that times keep their microseconds; null behind the rows that have a value. */
  readonly key: string | null;
  readonly id: number;
}

/** Changes when cursors of older servers can no longer be read. */
const VERSION = 1;
const LONGEST = 200;
const TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d{1,6})?\+00$/;
const WHOLE = /^-?\d{1,10}$/;
const LARGEST_INT = 2_147_483_647;

export function encodeCursor({ sort, key, id }: Position): string {
  return Buffer.from(JSON.stringify([VERSION, sort, key, id])).toString("base64url");
}

function isTime(text: string): boolean {
  const [, day, time] = TIME.exec(text) ?? [];
  const parsed = new Date(`${day}T${time}Z`);
  // JavaScript takes 30 February for 2 March; PostgreSQL refuses it.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${day}T`);
}

const isInt = (text: string) => WHOLE.test(text) && Math.abs(Number(text)) <= LARGEST_INT;

/**
 * Reads a cursor that {@link encodeCursor} made for the same sort. Pure.
 *
 * @returns what is wrong with it, as text, when it cannot be read or belongs to another sort
 */
export function decodeCursor(text: string, sort: SortKey): Position | string {
  const unreadable = "is not a cursor of this API; take next_cursor of an answer, or leave it out";
  if (text.length > LONGEST || !/^[\w-]+$/.test(text)) {
    return unreadable;
  }
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return unreadable;
  }
  if (!Array.isArray(parts) || parts.length !== 4) {
    return unreadable;
  }
  const [version, ofSort, key, id] = parts as unknown[];
  if (version !== VERSION || typeof ofSort !== "string") {
    return unreadable;
  }
  if (ofSort !== sort) {
    return `was made for another sort; send the same sort as before, or start without a cursor`;
  }
  const isKey = (value: unknown): value is string | null =>
    sort.endsWith("created_at")
      ? typeof value === "string" && isTime(value)
      : value === null || (typeof value === "string" && isInt(value));
  if (!isKey(key) || typeof id !== "number" || !Number.isInteger(id) || Math.abs(id) > LARGEST_INT) {
    return unreadable;
  }
  return { sort, key, id };
}
