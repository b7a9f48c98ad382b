import type { ChangeType } from "../database/index.ts";
import type { JsonSpan } from "../upstream/json/json-scan.ts";
import type { PageRecord } from "../upstream/json/page-records.ts";

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
  /** The record's `id`, which is the change's id in the feed; undefined when it is no whole number below 2^53. */
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

/** `inner_id` as text: a number becomes its decimal text; undefined when it cannot be one. */
export function readInnerId(value: unknown): string | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? String(value) : undefined;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  const text = value.trim();
  return text.length > 0 && text.length <= MAX_INNER_ID_LENGTH && text.isWellFormed() && !text.includes("\0")
    ? text
    : undefined;
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
  const changeId = Number.isSafeInteger(fields.id) && Number(fields.id) >= 0 ? Number(fields.id) : undefined;
  const reject = (reason: string) => ({ rejected: { index, reason, innerId, changeId } });
  if (!isObject(value)) {
    return reject("the record is not an object");
  }
  if (innerId === undefined) {
    return reject(
      fields.inner_id === undefined || fields.inner_id === null || fields.inner_id === ""
        ? "inner_id is missing"
        : `inner_id is not a text of 1 to ${MAX_INNER_ID_LENGTH} characters`,
    );
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
