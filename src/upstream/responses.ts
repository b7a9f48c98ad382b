import { type ArkErrors, type } from "arktype";
import type { UpstreamError } from "../errors.ts";
import { expectedOf } from "../util/expected.ts";
import { describeBody } from "./body.ts";
import { JsonLimitError, MAX_VALUES, scanText, scanValue } from "./json/json-scan.ts";
import { parseWithLongIds } from "./json/json-text.ts";
import { JsonSyntaxError } from "./json/json-tokens.ts";
import { type PageRecord, type RecordSpan, scanResponse } from "./json/page-records.ts";
import { oneLine, type RequestInfo, requestFailure } from "./request-errors.ts";

/** A complete response, and the request for error messages. */
export interface ReceivedResponse {
  /** UTF-8. */
  readonly body: Buffer;
  /** The decoded body. */
  readonly text: string;
  readonly request: RequestInfo;
  /** Removes the key from foreign text. */
  readonly redact: (text: string) => string;
}

/** A page of records. */
export interface RecordsPage {
  /** The whole response in UTF-8. */
  readonly body: Buffer;
  /** The same as text; decoded on first access. */
  readonly text: string;
  /** The response's `result`; parsed on first access. */
  readonly records: readonly unknown[];
  /**
   * Each record's position in `body` and its own fields, as needed to store it.
   * @internal
   */
  readonly parts: readonly PageRecord[];
}

/** Wraps a response body; the text is decoded on first access. */
export function responseContext(
  body: Buffer,
  request: RequestInfo,
  redact: (text: string) => string,
): ReceivedResponse {
  let text: string | undefined;
  return {
    body,
    request,
    redact,
    get text() {
      text ??= body.toString();
      return text;
    },
  };
}

/** Adds the members of {@link RecordsPage} to a page; text and records are made on first access. */
export function withRecords<T extends Pick<RecordsPage, "parts">>(
  context: ReceivedResponse,
  page: T,
): T & RecordsPage {
  let records: readonly unknown[] | undefined;
  return {
    ...page,
    body: context.body,
    get text() {
      return context.text;
    },
    get records() {
      records ??= (JSON.parse(context.text) as { readonly result: readonly unknown[] }).result;
      return records;
    },
  };
}

// Only the envelope is validated. The loader and the updater validate each record.
const OffersEnvelope = type({
  result: "unknown[]",
  meta: { "next_page?": "number | string | null", "page?": "unknown", "limit?": "unknown" },
});
const ChangesEnvelope = type({
  result: "unknown[]",
  meta: {
    "next_change_id?": "number | string | null",
    "cur_change_id?": "number | string | null",
    "limit?": "unknown",
  },
});
const ChangeIdResponse = type({ change_id: "number | string | null" });
const FiltersResponse = type({ mark: "object" });

/** Records on a full page, unless `meta.limit` says otherwise. */
const PAGE_LIMIT = 20;

/**
 * Parses a response, of any depth below the scanner's limit: one record that nests too deep must not reject its page.
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for HTML, text, an empty body, and JSON that is invalid, cut off
 * or beyond the limits
 */
export function parseResponse(context: ReceivedResponse): unknown {
  const budget = { values: MAX_VALUES };
  orInvalid(context, () => scanText(context.body, (start) => scanValue(context.body, start, budget).end));
  return JSON.parse(context.text);
}

/** Parses a page without the data of its records: a page is stored from the bytes of its response. */
function parseOutline(context: ReceivedResponse): { json: unknown; spans: readonly RecordSpan[] } {
  const { outline, records } = orInvalid(context, () => scanResponse(context.body));
  return { json: parseWithLongIds(outline), spans: records };
}

/** Converts an error of the scanner into one that describes the response without repeating it. */
function orInvalid<T>(context: ReceivedResponse, scan: () => T): T {
  try {
    return scan();
  } catch (error) {
    const start = context.body.toString("utf8", 0, MAX_DESCRIBED_BYTES);
    const body = describeBody(start, context.redact);
    if (error instanceof JsonLimitError) {
      throw invalidResponse(context, `the service returned JSON with ${error.message}`);
    }
    if (error instanceof JsonSyntaxError) {
      const what = body === "JSON" ? describeBroken(error.position, context.body.length) : body;
      throw invalidResponse(context, `the service returned ${what} where JSON was expected`);
    }
    throw error;
  }
}

const MAX_DESCRIBED_BYTES = 8192;

const describeBroken = (position: number, length: number): string =>
  position >= length
    ? `JSON that is cut off after ${length} bytes`
    : `JSON that is broken at byte ${position} of ${length}`;

const recordsOf = (result: readonly unknown[], spans: readonly RecordSpan[]): PageRecord[] =>
  spans.map((span, index) => ({ ...span, outline: result[index] }));

/** Bytes at the end of a response that hold `meta`. */
const TAIL_BYTES = 1024;

/** True when the end of an `/offers` response seems to name this page as the next one. A hint: nothing is parsed. */
export function namesAsNext(body: Buffer, page: number): boolean {
  const tail = body.toString("latin1", Math.max(0, body.length - TAIL_BYTES));
  return new RegExp(`"next_page"\\s*:\\s*"?${page}\\b`).test(tail);
}

const isShort = (result: readonly unknown[], limit: unknown): boolean =>
  result.length < (toInteger(limit) ?? PAGE_LIMIT);

/**
 * Parses a page of the catalogue. Its end is `next_page: null`; on a page with fewer records than its limit, a missing
 * `next_page`, 0 and "" as well. Any other value must be greater than the page.
 * @param page the requested page
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE`, retryable
 */
export function parseOffersPage(
  page: number,
  context: ReceivedResponse,
): { parts: readonly PageRecord[]; nextPage: number | null } {
  const { json, spans } = parseOutline(context);
  const { result, meta } = checkShape(OffersEnvelope(json), context);
  const parts = recordsOf(result, spans);
  const { next_page: next } = meta;
  const isNothing = next === undefined || next === "" || toInteger(next) === 0;
  if (next === null || (isNothing && isShort(result, meta.limit))) {
    return { parts, nextPage: null };
  }
  const nextPage = toInteger(next);
  if (nextPage === undefined || !Number.isSafeInteger(nextPage) || nextPage <= page) {
    const found = next === undefined ? "missing on a full page" : display(next, context);
    throw invalidResponse(context, `next_page must be null or a whole number above ${page}, and is ${found}`);
  }
  const received = toInteger(meta.page);
  if (received !== undefined && received !== page) {
    throw invalidResponse(context, `the service returned page ${received} for page ${page}`);
  }
  if (result.length === 0) {
    throw invalidResponse(context, `page ${page} is empty but names page ${nextPage} as the next one`);
  }
  return { parts, nextPage };
}

/**
 * Parses a page of the change feed. The feed ends with `next_change_id: null`, with one that equals `cur_change_id` or
 * the requested position, with an empty `result`, and with a missing `next_change_id` on a page with fewer records than
 * its limit.
 *
 * Unlike `next_page`, 0 and "" are errors on a page with records: the service was never seen to send them, 0 is a
 * position before ours, as ids that restart produce, and an end taken by mistake would close the day of the feed.
 * @param changeId the requested position
 * @throws UpstreamError `FEED_OUT_OF_ORDER` for a `next_change_id` that goes backwards or beyond 2^53 - 1: following
 * it would loop or skip changes; `UPSTREAM_INVALID_RESPONSE` for any other shape. Both are retryable.
 */
export function parseChangesPage(
  changeId: number,
  context: ReceivedResponse,
): { parts: readonly PageRecord[]; nextChangeId: number | null } {
  const { json, spans } = parseOutline(context);
  const { result, meta } = checkShape(ChangesEnvelope(json), context);
  const parts = recordsOf(result, spans);
  if (result.length === 0 || meta.next_change_id === null) {
    return { parts, nextChangeId: null };
  }
  if (meta.next_change_id === undefined) {
    if (isShort(result, meta.limit)) {
      return { parts, nextChangeId: null };
    }
    throw invalidResponse(context, "meta.next_change_id is missing on a full page");
  }
  const next = toInteger(meta.next_change_id);
  const current = meta.cur_change_id === null ? undefined : toInteger(meta.cur_change_id);
  if (next === undefined) {
    const found = display(meta.next_change_id, context);
    throw invalidResponse(context, `next_change_id must be a whole number or null, and is ${found}`);
  }
  if (current !== undefined && current < changeId && next === changeId) {
    // The previous page from a cache: its end is our position, not the end of the feed.
    throw invalidResponse(
      context,
      `the service returned the changes from ${current} for those from ${changeId}`,
    );
  }
  if (next === changeId || next === current) {
    return { parts, nextChangeId: null };
  }
  const reached = Math.max(changeId, current ?? changeId);
  if (!Number.isSafeInteger(next) || next < reached) {
    const where = next < reached ? "backwards" : "beyond 2^53 - 1";
    const reason = `the change feed goes ${where}: next_change_id ${display(meta.next_change_id, context)} after ${reached}`;
    throw requestFailure(context.request, "FEED_OUT_OF_ORDER", reason, {
      retryable: true,
      details: { changeId, nextChangeId: next },
    });
  }
  return { parts, nextChangeId: next };
}

/**
 * Parses a response of `/change_id`; null when that day has no change yet.
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` unless it is null or a whole number from 0 to 2^53 - 1
 */
export function parseChangeId(context: ReceivedResponse): number | null {
  const { change_id: value } = checkShape(ChangeIdResponse(parseResponse(context)), context);
  if (value === null) {
    return null;
  }
  const changeId = toInteger(value);
  if (changeId === undefined || !Number.isSafeInteger(changeId) || changeId < 0) {
    const found = display(value, context);
    throw invalidResponse(context, `change_id must be a whole number from 0 to 2^53 - 1, and is ${found}`);
  }
  return changeId;
}

/**
 * Parses a response of `/filters`, unchanged.
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` without `mark`
 */
export function parseFilters(context: ReceivedResponse): Record<string, unknown> {
  return checkShape(FiltersResponse(parseResponse(context)), context) as Record<string, unknown>;
}

/** The error for a complete response that is not usable. */
export function invalidResponse({ request }: ReceivedResponse, reason: string): UpstreamError {
  return requestFailure(request, "UPSTREAM_INVALID_RESPONSE", reason, { retryable: true });
}

function checkShape<T>(result: T | ArkErrors, context: ReceivedResponse): T {
  if (!(result instanceof type.errors)) {
    // arktype accepts an array where every member of an object is optional.
    if (Array.isArray((result as { readonly meta?: unknown }).meta)) {
      throw invalidResponse(context, "meta must be an object");
    }
    return result;
  }
  // The value itself is left out: it may be part of a listing.
  const problems = result.map(
    (error) => `${error.path.join(".") || "the response"} must be ${expectedOf(error)}`,
  );
  const body = describeBody(context.body.toString("utf8", 0, MAX_DESCRIBED_BYTES), context.redact);
  throw invalidResponse(context, `the service returned ${body} of another shape: ${problems.join("; ")}`);
}

/** A whole number, also one beyond 2^53, from a number or its decimal digits; undefined for anything else. */
export function toInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d{1,400}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) {
    return undefined;
  }
  return Number.isInteger(number) || !Number.isFinite(number) ? number : undefined;
}

function display(value: unknown, { redact }: ReceivedResponse): string {
  return typeof value === "string" ? `"${oneLine(redact(value), 40)}"` : String(value);
}
