import { isChe168Error, type UpstreamError } from "../errors.ts";
import { describeBody } from "./body.ts";
import { type JsonSpan, scanElements, scanMembers, scanText, scanValue } from "./json/json-scan.ts";
import { failure } from "./request-errors.ts";
import { type AnswerContext, parseAnswer } from "./responses.ts";

/** One listing, as the service gave it. */
export interface RawListing {
  /** The JSON text of `data`, cut out of the answer as it stands there: every number as it came. */
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** What an answer of `/offer` tells: the listing, that there is none, or that it is another one than was asked for. */
export type ListingAnswer = { listing: RawListing } | { none: "unknown" | "another" };

/** A listing has one of these; its wrappers have none. */
const SIGNS = ["mark", "model", "url"];

/**
 * Finds the listing in an answer of `/offer` or `/offer/info`, which come bare, as `{result: …}` and as
 * `{inner_id, data}`, also one in another (contract §1). An empty `result` or `data` says that there is none.
 * @param innerId the listing that was asked for, where it is known.
 * @throws {UpstreamError} `UPSTREAM_INVALID_RESPONSE` when the answer holds no listing.
 */
export function readListing(context: AnswerContext, innerId?: string): ListingAnswer {
  let value = parseAnswer(context);
  const { body } = context;
  let span = scanOnly(body);
  let isWrapped = false;
  const ids: string[] = [];
  for (;;) {
    if (isWrapped && isEmpty(value)) {
      return { none: "unknown" };
    }
    if (!isObject(value)) {
      throw noListing(context, `the service answered ${kindOf(value)} where a listing was expected`);
    }
    if (typeof value.inner_id === "string" || typeof value.inner_id === "number") {
      ids.push(String(value.inner_id).trim());
    }
    const key = wrapperKey(value);
    if (key === undefined) {
      break;
    }
    const inner = value[key];
    const isList = key === "result" && Array.isArray(inner) && inner.length === 1;
    span = spanOfMember(body, span, key);
    span = isList ? spanOfFirst(body, span) : span;
    value = isList ? inner[0] : inner;
    isWrapped = true;
  }
  if (ids.length === 0 && !SIGNS.some((field) => Object.hasOwn(Object(value), field))) {
    throw noListing(
      context,
      `the service answered ${describeBody(context.text, context.redact)} that is no listing`,
    );
  }
  if (innerId !== undefined && ids.some((id) => id !== innerId.trim())) {
    return { none: "another" };
  }
  return { listing: { text: body.toString("utf8", span.start, span.end), data: value } };
}

function scanOnly(bytes: Buffer): JsonSpan {
  let only: JsonSpan = { start: 0, end: 0, depth: 0 };
  scanText(bytes, (start) => {
    only = scanValue(bytes, start);
    return only.end;
  });
  return only;
}

/** The value of a member that the object has; of several with one name the last one, as parsing has it. */
function spanOfMember(bytes: Buffer, object: JsonSpan, key: string): JsonSpan {
  let found = object;
  scanMembers(bytes, object.start, (name, start) => {
    const value = scanValue(bytes, start);
    found = name === key ? value : found;
    return value.end;
  });
  return found;
}

/** The first element of an array that has one. */
function spanOfFirst(bytes: Buffer, array: JsonSpan): JsonSpan {
  const elements: JsonSpan[] = [];
  scanElements(bytes, array.start, (start) => {
    elements.push(scanValue(bytes, start));
    return elements.at(-1)?.end ?? start;
  });
  return elements[0] ?? array;
}

/** The error for JSON that is whole and yet holds no listing. */
function noListing({ question }: AnswerContext, reason: string): UpstreamError {
  const details = { noListing: true };
  return failure(question, "UPSTREAM_INVALID_RESPONSE", reason, { retryable: true, details });
}

/**
 * True when the service did answer, with whole JSON, and it was no listing: its trouble is with this one listing, and not
 * with its network or its power, for which one waits.
 */
export const isNoListing = (error: unknown): boolean =>
  isChe168Error(error) && error.code === "UPSTREAM_INVALID_RESPONSE" && error.details.noListing === true;

function wrapperKey(value: Record<string, unknown>): "result" | "data" | undefined {
  if (SIGNS.some((field) => Object.hasOwn(value, field))) {
    return undefined;
  }
  return (["result", "data"] as const).find((key) => Object.hasOwn(value, key));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return Array.isArray(value) ? `a list of ${value.length}` : `a ${typeof value}`;
}
