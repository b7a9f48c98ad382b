import { isChe168Error, type UpstreamError } from "../errors.ts";
import { describeBody } from "./body.ts";
import { type JsonSpan, scanElements, scanMembers, scanText, scanValue } from "./json/json-scan.ts";
import { requestFailure } from "./request-errors.ts";
import { parseResponse, type ReceivedResponse } from "./responses.ts";

/** One listing, as the service returned it. */
export interface RawListing {
  /** The JSON text of `data`, a slice of the response: every number is as it was written. */
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** The content of an `/offer` response: the listing, none, or another listing than the requested one. */
export type ListingResult = { readonly listing: RawListing } | { readonly none: "unknown" | "another" };

/** A listing has one of these members; its wrappers have none. */
const LISTING_MEMBERS = ["mark", "model", "url"];

/**
 * Finds the listing in a response of `/offer` or `/offer/info`: bare, as `{result: …}`, as `{result: [record]}`, as
 * `{inner_id, data}`, or nested in several of these. An empty `result` or `data` means no listing.
 * @param innerId the requested listing, where it is known
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` when the response holds no listing
 */
export function parseListing(context: ReceivedResponse, innerId?: string): ListingResult {
  let value = parseResponse(context);
  const { body } = context;
  let span = scanOnly(body);
  let isWrapped = false;
  const ids: string[] = [];
  for (;;) {
    if (isWrapped && isEmpty(value)) {
      return { none: "unknown" };
    }
    if (!isObject(value)) {
      throw invalidListing(context, `the service returned ${kindOf(value)} where a listing was expected`);
    }
    const id = readId(value.inner_id, body, span);
    if (id !== undefined) {
      ids.push(id);
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
  if (ids.length === 0 && !LISTING_MEMBERS.some((field) => Object.hasOwn(Object(value), field))) {
    const found = describeBody(context.text, context.redact);
    throw invalidListing(context, `the service returned ${found}, which is not a listing`);
  }
  if (innerId !== undefined && ids.some((id) => id !== innerId.trim())) {
    return { none: "another" };
  }
  return { listing: { text: body.toString("utf8", span.start, span.end), data: value } };
}

/** `inner_id` as text; one beyond 2^53 is read from the bytes, with every digit. */
function readId(value: unknown, body: Buffer, object: JsonSpan): string | undefined {
  if (typeof value === "string") {
    return value.trim();
  }
  if (typeof value !== "number") {
    return undefined;
  }
  const { start, end } = spanOfMember(body, object, "inner_id");
  return Number.isSafeInteger(value) ? String(value) : body.toString("utf8", start, end);
}

function scanOnly(bytes: Buffer): JsonSpan {
  let only: JsonSpan = { start: 0, end: 0, depth: 0 };
  scanText(bytes, (start) => {
    only = scanValue(bytes, start);
    return only.end;
  });
  return only;
}

/** The value of an existing member; of duplicates the last one, as in `JSON.parse`. */
function spanOfMember(bytes: Buffer, object: JsonSpan, key: string): JsonSpan {
  let found = object;
  scanMembers(bytes, object.start, (name, start) => {
    const value = scanValue(bytes, start);
    found = name === key ? value : found;
    return value.end;
  });
  return found;
}

/** The first element of a non-empty array. */
function spanOfFirst(bytes: Buffer, array: JsonSpan): JsonSpan {
  const elements: JsonSpan[] = [];
  scanElements(bytes, array.start, (start) => {
    elements.push(scanValue(bytes, start));
    return elements.at(-1)?.end ?? start;
  });
  return elements[0] ?? array;
}

/** The error for valid JSON without a listing. */
function invalidListing({ request }: ReceivedResponse, reason: string): UpstreamError {
  const details = { isInvalidListing: true };
  return requestFailure(request, "UPSTREAM_INVALID_RESPONSE", reason, { retryable: true, details });
}

/** True for a complete JSON response without a listing: a fault of one listing, not an outage worth waiting for. */
export const isInvalidListing = (error: unknown): boolean =>
  isChe168Error(error) &&
  error.code === "UPSTREAM_INVALID_RESPONSE" &&
  error.details.isInvalidListing === true;

function wrapperKey(value: Record<string, unknown>): "result" | "data" | undefined {
  if (LISTING_MEMBERS.some((field) => Object.hasOwn(value, field))) {
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
