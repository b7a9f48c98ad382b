import type { ChangeType } from "../database/index.ts";
import type { DocumentSpan, PageRecord } from "../upstream/internal.ts";

/** A valid record of the catalogue or of the feed. */
export interface ListingRecord {
  /** Index in the response's `result`, from 0. */
  readonly index: number;
  readonly innerId: string;
  readonly changeType: ChangeType;
  /** As received, or the arrival time when the record has no usable one. */
  readonly createdAt: string;
  /** False when `createdAt` is the arrival time. */
  readonly hasOwnDate: boolean;
  /** The record's `id`, which in the feed is the change's id; undefined unless it is an integer from 0 to 2^53 - 1. */
  readonly changeId: number | undefined;
  /** Position of its `data` in the response body; undefined without one, as in a removal. */
  readonly data: DocumentSpan | undefined;
}

/** An invalid record, and the reason. */
export interface InvalidRecord {
  readonly index: number;
  readonly reason: string;
  readonly innerId: string | undefined;
  readonly changeId: number | undefined;
}

/** Width of the `inner_id` column. */
const MAX_INNER_ID_LENGTH = 255;
/** Deeper than any listing; PostgreSQL's own limit is a few thousand levels. */
export const MAX_NESTING = 200;
/** Records on a page of the service that is not the last one. */
const FULL_PAGE = 20;

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

/** Why an `inner_id` is invalid, without quoting it. */
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
const MIN_YEAR = 2000;

/** Milliseconds since 1970 of a time as {@link ListingRecord.createdAt} has it: UTC when it names no zone. */
export function timeOf(text: string): number {
  const [, date = "", time = "", sign, hours, minutes = "00"] =
    /^([\d-]{10})[T ]?([\d:.]*)(?:Z|([+-])(\d{2}):?(\d{2})?)?$/.exec(text) ?? [];
  const zone = sign === undefined ? "Z" : `${sign}${hours}:${minutes}`;
  return Date.parse(`${date}T${time || "00:00"}${zone}`);
}

/** The time as received, when it is valid and between the year 2000 and a day from now. */
export function readTime(value: unknown, now: Date): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  const [, year, month, day] = ISO.exec(text) ?? [];
  // JavaScript reads 30 February as 2 March; PostgreSQL rejects it.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const tomorrow = now.getTime() + 86_400_000;
  const usable = Number(year) >= MIN_YEAR && Number(day) <= daysInMonth && timeOf(text) <= tomorrow;
  return usable ? text : undefined;
}

/** Validates one record of a response (docs/data-rules.md). */
function readRecord(
  part: PageRecord,
  index: number,
  now: Date,
): { record: ListingRecord } | { invalid: InvalidRecord } {
  const value = part.outline;
  const fields = isObject(value) ? value : {};
  const innerId = readInnerId(fields.inner_id);
  const changeId = readChangeId(fields.id);
  const invalid = (reason: string) => ({ invalid: { index, reason, innerId, changeId } });
  if (!isObject(value)) {
    return invalid("the record is not an object");
  }
  if (part.depth > MAX_NESTING) {
    return invalid(`the record is nested deeper than ${MAX_NESTING} levels`);
  }
  if (innerId === undefined) {
    return invalid(describeInnerId(fields.inner_id));
  }
  if (!CHANGE_TYPES.has(fields.change_type)) {
    return invalid("change_type must be added, changed or removed");
  }
  const changeType = fields.change_type as ChangeType;
  const { data } = fields;
  const isEmpty = data === undefined || data === null || (Array.isArray(data) && data.length === 0);
  if (!isObject(data) && !(changeType === "removed" && isEmpty)) {
    return invalid("data must be an object");
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
      data: part.data,
    },
  };
}

/**
 * Validates the records of a page.
 *
 * @param now the arrival time, which replaces a missing or absurd `created_at`
 */
export function readRecords(
  parts: readonly PageRecord[],
  now: Date,
): { records: ListingRecord[]; invalid: InvalidRecord[] } {
  const records: ListingRecord[] = [];
  const invalid: InvalidRecord[] = [];
  for (const [index, part] of parts.entries()) {
    const read = readRecord(part, index, now);
    if ("record" in read) {
      records.push(read.record);
    } else {
      invalid.push(read.invalid);
    }
  }
  return { records, invalid };
}

/**
 * Reason to treat a page as a fault of the service: a full page without a valid record. Undefined otherwise.
 *
 * @param size number of records on the page
 * @param rejections the invalid ones, in page order
 */
export function unusablePage(
  size: number,
  rejections: readonly { readonly reason: string }[],
): string | undefined {
  return size >= FULL_PAGE && rejections.length === size
    ? `all ${size} records of the page are invalid (the first: ${rejections[0]?.reason})`
    : undefined;
}
