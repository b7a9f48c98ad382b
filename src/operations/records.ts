import type { ChangeType } from "../database/index.ts";
import type { JsonSpan, PageRecord } from "../upstream/internal.ts";

/** A record of the catalogue or of the feed that can be stored. */
export interface ListingRecord {
  /** Its place in the answer's `result`, from 0. */
  readonly index: number;
  readonly innerId: string;
  readonly changeType: ChangeType;
  /** As it came, or the time of arrival when it came without a usable one. */
  readonly createdAt: string;
  /** False when `createdAt` is the time of arrival. */
  readonly hasOwnDate: boolean;
  /** The record's `id`, in the feed the change's id; undefined unless it is a whole number from 0 to 2^53 - 1. */
  readonly changeId: number | undefined;
  /** Where its `data` stands in the answer; undefined when it came without, as a removal may. */
  readonly data: JsonSpan | undefined;
}

/** A record that cannot be stored, and why. */
export interface RejectedRecord {
  readonly index: number;
  readonly reason: string;
  readonly innerId: string | undefined;
  readonly changeId: number | undefined;
}

/** The longest `inner_id` that the tables hold. */
const MAX_INNER_ID_LENGTH = 255;
/** Deeper nesting than any listing has; PostgreSQL itself gives up at some thousands. */
export const DEEPEST_NESTING = 200;

const CHANGE_TYPES = new Set<unknown>(["added", "changed", "removed"]);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `inner_id` as text; a whole number becomes its digits. Undefined when it cannot be stored. */
export function readInnerId(value: unknown): string | undefined {
  // Beyond 2^53 the outline has the digits as text.
  const text = Number.isSafeInteger(value) ? String(value) : typeof value === "string" ? value.trim() : "";
  const isStorable = text.length <= MAX_INNER_ID_LENGTH && text.isWellFormed() && !text.includes("\0");
  return text !== "" && isStorable ? text : undefined;
}

/** A whole number from 0 to 2^53 - 1, also as its digits; undefined for anything else. */
function readChangeId(value: unknown): number | undefined {
  const id = typeof value === "string" && /^\s*\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(id) && Number(id) >= 0 ? Number(id) : undefined;
}

/** What is wrong with an `inner_id`, without repeating it. */
function describeInnerId(value: unknown): string {
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === "")) {
    return "inner_id is missing";
  }
  if (typeof value === "string") {
    return value.trim().length > MAX_INNER_ID_LENGTH
      ? `inner_id has more than ${MAX_INNER_ID_LENGTH} characters`
      : "inner_id has characters that PostgreSQL cannot store";
  }
  const found =
    typeof value === "number"
      ? "a number with a fraction"
      : Array.isArray(value)
        ? "a list"
        : `of type ${typeof value}`;
  return `inner_id must be a text or a whole number, and is ${found}`;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4])(?::?\d{2})?)?)?$/;
const OLDEST_YEAR = 2000;

/** The time as it came when it is one, between 2000 and a day from now; without a zone it is UTC. */
function readTime(value: unknown, now: Date): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  const [, year, month, day] = ISO.exec(text) ?? [];
  // JavaScript takes 30 February for 2 March; PostgreSQL refuses it.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const tomorrow = now.getTime() + 86_400_000;
  const usable = Number(year) >= OLDEST_YEAR && Number(day) <= daysInMonth && Date.parse(text) <= tomorrow;
  return usable ? text : undefined;
}

/** Reads one record of an answer (contract §1, §5; FAULTS 20-22). */
function readRecord(
  { outline: value, depth, data: span }: PageRecord,
  index: number,
  now: Date,
): { record: ListingRecord } | { rejected: RejectedRecord } {
  const fields = isObject(value) ? value : {};
  const innerId = readInnerId(fields.inner_id);
  const changeId = readChangeId(fields.id);
  const reject = (reason: string) => ({ rejected: { index, reason, innerId, changeId } });
  if (!isObject(value)) {
    return reject("the record is not an object");
  }
  if (innerId === undefined) {
    return reject(describeInnerId(fields.inner_id));
  }
  if (!CHANGE_TYPES.has(fields.change_type)) {
    return reject("change_type is not added, changed or removed");
  }
  const changeType = fields.change_type as ChangeType;
  const { data } = fields;
  const isEmpty = data === undefined || data === null;
  if (
    !isObject(data) &&
    !(changeType === "removed" && (isEmpty || (Array.isArray(data) && data.length === 0)))
  ) {
    return reject("data is not an object");
  }
  if (depth > DEEPEST_NESTING) {
    return reject(`it is nested deeper than ${DEEPEST_NESTING} levels`);
  }
  const ownDate = readTime(fields.created_at, now);
  return {
    record: {
      index,
      innerId,
      changeType,
      createdAt: ownDate ?? now.toISOString(),
      hasOwnDate: ownDate !== undefined,
      changeId,
      data: span,
    },
  };
}

/**
 * Parts the records of a page into what can be stored and what cannot.
 *
 * @param now the time of arrival, which stands in for a missing or absurd `created_at`
 */
export function readRecords(
  parts: readonly PageRecord[],
  now: Date,
): { records: ListingRecord[]; rejected: RejectedRecord[] } {
  const records: ListingRecord[] = [];
  const rejected: RejectedRecord[] = [];
  for (const [index, part] of parts.entries()) {
    const read = readRecord(part, index, now);
    if ("record" in read) {
      records.push(read.record);
    } else {
      rejected.push(read.rejected);
    }
  }
  return { records, rejected };
}
