import { type ArkErrors, type } from "arktype";
import { Che168Error, type UpstreamError } from "../errors.ts";
import { describeBody } from "./body.ts";
import { type PageRecord, type RecordSpan, scanAnswer } from "./json/page-records.ts";
import { failure, oneLine, type Question, requestLine, tell } from "./request-errors.ts";

/** An answer that has come whole, the question it belongs to, and what takes the key out of foreign text. */
export interface AnswerContext {
  /** UTF-8. */
  readonly body: Buffer;
  /** The same, decoded. */
  readonly text: string;
  readonly question: Question;
  readonly redact: (text: string) => string;
}

/** A page of records. */
export interface RecordsPage {
  /** The whole answer in UTF-8; `result` is a key of its top level. */
  readonly body: Buffer;
  /** The same, decoded when first asked for. */
  readonly text: string;
  /** The same `result`, parsed when first asked for, otherwise as it came. */
  readonly records: readonly unknown[];
  /** Where each record stands in `body`, and what it is besides its data: enough to store it. */
  readonly parts: readonly PageRecord[];
}

/** An answer as it came; its text is decoded when first asked for. */
export function contextOf(body: Buffer, question: Question, redact: (text: string) => string): AnswerContext {
  let text: string | undefined;
  return {
    body,
    question,
    redact,
    get text() {
      text ??= body.toString();
      return text;
    },
  };
}

/** A page with all that is rarely wanted of it, and made only then. */
export function withRecords<T extends Pick<RecordsPage, "parts">>(
  context: AnswerContext,
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
      records ??= (parseAnswer(context) as { readonly result: readonly unknown[] }).result;
      return records;
    },
  };
}

// Only the envelope is checked. Records stay as they came: they are the loader's and the updater's to judge.
const OffersEnvelope = type({
  result: "unknown[]",
  meta: { next_page: "number | string | null", "page?": "unknown" },
});
const ChangesEnvelope = type({
  result: "unknown[]",
  meta: { "next_change_id?": "number | string | null", "cur_change_id?": "number | string | null" },
});
const ChangeIdAnswer = type({ change_id: "number | string | null" });
const FiltersAnswer = type({ mark: "object" });

/**
 * The answer as JSON, however deep it nests: a record that nests too deep must not keep back the rest of its page.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE` for what is no JSON: HTML, text, cut off, empty.
 */
export function parseAnswer(context: AnswerContext): unknown {
  const { text, redact } = context;
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message repeats a piece of the body.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const place = position === undefined ? "" : `, at character ${position}`;
    const body = describeBody(text, redact);
    const what = body === "JSON" ? `JSON that is cut off or broken${place} of ${text.length}` : body;
    throw invalid(context, `the service answered ${what} where JSON was expected`);
  }
}

/** An answer that lists records, without the data of these: a page is not parsed to be stored. */
function parseOutline(context: AnswerContext): { json: unknown; spans: readonly RecordSpan[] } {
  try {
    const { outline, records } = scanAnswer(context.body);
    return { json: JSON.parse(outline), spans: records };
  } catch (error) {
    parseAnswer(context);
    throw error;
  }
}

const recordsOf = (result: readonly unknown[], spans: readonly RecordSpan[]): PageRecord[] =>
  spans.map((span, index) => ({ ...span, outline: result[index] }));

/** How much of an answer's end is looked at for what the page says of itself. */
const TAIL_BYTES = 1024;

/** True when an answer of `/offers` seems to name this page as the next one: a look at its end, and no more. */
export function namesAsNext(body: Buffer, page: number): boolean {
  const tail = body.toString("latin1", Math.max(0, body.length - TAIL_BYTES));
  return new RegExp(`"next_page"\\s*:\\s*"?${page}\\b`).test(tail);
}

/**
 * A page of the catalogue. `next_page: null` is the only end; any other value must lead forward.
 * @param page the page that was asked for.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE`, which is worth another attempt.
 */
export function readOffersPage(
  page: number,
  context: AnswerContext,
): { parts: readonly PageRecord[]; nextPage: number | null } {
  const { json, spans } = parseOutline(context);
  const { result, meta } = checked(OffersEnvelope(json), context);
  const parts = recordsOf(result, spans);
  if (meta.next_page === null) {
    return { parts, nextPage: null };
  }
  const nextPage = toInteger(meta.next_page);
  if (nextPage === undefined || !Number.isSafeInteger(nextPage) || nextPage <= page) {
    const found = shown(meta.next_page, context);
    throw invalid(context, `next_page must be null or a whole number above ${page}, and is ${found}`);
  }
  const given = toInteger(meta.page);
  if (given !== undefined && given !== page) {
    throw invalid(context, `page ${page} was asked for, and page ${given} came`);
  }
  if (result.length === 0) {
    throw invalid(context, `page ${page} holds no listing and yet names page ${nextPage} as the next`);
  }
  return { parts, nextPage };
}

/**
 * A page of the change feed. It ends in three ways (contract §1): `next_change_id` is null, or the position we are
 * at, or the result is empty.
 * @param changeId the position that was asked for.
 * @throws {Che168Error} `FEED_OUT_OF_ORDER` when the feed leads backwards or beyond the whole numbers that are exact:
 * going on would be a loop or a hole.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE` for another shape, which is worth another attempt.
 */
export function readChangesPage(
  changeId: number,
  context: AnswerContext,
): { parts: readonly PageRecord[]; nextChangeId: number | null } {
  const { json, spans } = parseOutline(context);
  const { result, meta } = checked(ChangesEnvelope(json), context);
  const parts = recordsOf(result, spans);
  if (result.length === 0 || meta.next_change_id === null) {
    return { parts, nextChangeId: null };
  }
  if (meta.next_change_id === undefined) {
    throw invalid(context, "meta.next_change_id is missing");
  }
  const next = toInteger(meta.next_change_id);
  const current = meta.cur_change_id === null ? undefined : toInteger(meta.cur_change_id);
  if (next === undefined) {
    throw invalid(
      context,
      `next_change_id must be a whole number or null, and is ${shown(meta.next_change_id, context)}`,
    );
  }
  if (current !== undefined && current < changeId && next === changeId) {
    // The page before ours, from some cache: its end is our beginning, and no end of the feed.
    throw invalid(context, `changes from ${changeId} were asked for, and those from ${current} came`);
  }
  if (next === changeId || next === current) {
    return { parts, nextChangeId: null };
  }
  const reached = Math.max(changeId, current ?? changeId);
  if (!Number.isSafeInteger(next) || next < reached) {
    const how = next < reached ? "backwards" : "beyond the numbers that are exact";
    const reason = `the change feed leads ${how}: next_change_id ${shown(meta.next_change_id, context)} after ${reached}`;
    throw new Che168Error("FEED_OUT_OF_ORDER", tell(context.question, reason), {
      details: { request: requestLine(context.question), changeId, nextChangeId: next },
    });
  }
  return { parts, nextChangeId: next };
}

/**
 * The answer of `/change_id`; null when there is no change of that day yet.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE` unless it is null or a whole number from 0 on.
 */
export function readChangeId(context: AnswerContext): number | null {
  const answer = checked(ChangeIdAnswer(parseAnswer(context)), context);
  if (answer.change_id === null) {
    return null;
  }
  const changeId = toInteger(answer.change_id);
  if (changeId === undefined || !Number.isSafeInteger(changeId) || changeId < 0) {
    throw invalid(
      context,
      `change_id must be a whole number from 0 on, and is ${shown(answer.change_id, context)}`,
    );
  }
  return changeId;
}

/**
 * The answer of `/filters`, as it came.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE` without its marks.
 */
export function readFilters(context: AnswerContext): Record<string, unknown> {
  return checked(FiltersAnswer(parseAnswer(context)), context) as Record<string, unknown>;
}

/** The error for an answer that has come whole and is not what it should be. */
export function invalid({ question }: AnswerContext, reason: string): UpstreamError {
  return failure(question, "UPSTREAM_INVALID_RESPONSE", reason, { retryable: true });
}

function checked<T>(result: T | ArkErrors, context: AnswerContext): T {
  if (!(result instanceof type.errors)) {
    return result;
  }
  // What was found is left out on purpose: it may be a piece of a listing.
  const wrong = result.map(({ path, expected }) => `${path.join(".") || "the answer"} must be ${expected}`);
  const body = describeBody(context.text, context.redact);
  throw invalid(context, `the service answered ${body} of another shape: ${wrong.join("; ")}`);
}

/** A whole number, also one beyond 2^53, given as a number or as its digits; `undefined` for anything else. */
export function toInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d{1,400}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) {
    return undefined;
  }
  return Number.isInteger(number) || !Number.isFinite(number) ? number : undefined;
}

function shown(value: unknown, { redact }: AnswerContext): string {
  return typeof value === "string" ? `"${oneLine(redact(value), 40)}"` : String(value);
}
