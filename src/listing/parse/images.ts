import type { ReportIssue } from "../types.ts";
import { isMissing } from "./text.ts";
import { readWebAddress } from "./url.ts";

/** Maximum depth of JSON strings inside JSON strings. */
const MAX_ENCODINGS = 3;

/** Separators between addresses in one text; an address may contain a comma. */
const BETWEEN_ADDRESSES = /[\s,;|，；]+(?=(?:https?:)?\/\/)/iu;
const MAX_IN_TEXT = 1000;
const MAX_PLAIN_LENGTH = 500;
/** Fast path: an address that parsing would not change, as nearly all are. */
const WELL_FORMED = /^https:\/\/(?:[a-z\d]+\.)*[a-z\d]+\.autoimg\.cn(?:\/[\w~-][\w.~-]*)+$/;

/**
 * Addresses of the photographs, in the order given, without repeats: `//` and `http:` become `https:`; only hosts
 * below autoimg.cn are kept. Takes an array, or the same as a JSON string, also encoded twice, or one address.
 * Rejected addresses leave one issue per kind.
 */
export function parseImages(raw: unknown, report: ReportIssue): string[] {
  if (isMissing(raw)) {
    return [];
  }
  const list = decode(raw);
  if (list === null) {
    report("images", "unreadable", raw);
    return [];
  }
  const kept = new Set<string>();
  let foreign: string | undefined;
  let unreadable: unknown;
  for (const item of list) {
    if (typeof item === "string" && item.length < MAX_PLAIN_LENGTH && WELL_FORMED.test(item)) {
      kept.add(item);
      continue;
    }
    if (isMissing(item)) {
      continue;
    }
    const url = typeof item === "string" ? readWebAddress(item) : null;
    if (url === null) {
      unreadable ??= item;
    } else if (url.hostname.endsWith(".autoimg.cn")) {
      kept.add(url.href);
    } else {
      foreign ??= url.href;
    }
  }
  if (unreadable !== undefined) {
    report("images", "unreadable", unreadable);
  }
  if (foreign !== undefined) {
    report("images", "unknown_value", foreign);
  }
  return [...kept];
}

function decode(raw: unknown): unknown[] | null {
  let value = raw;
  for (let times = 0; times <= MAX_ENCODINGS; times++) {
    if (Array.isArray(value)) {
      return value;
    }
    if (value === null) {
      return [];
    }
    if (typeof value !== "string") {
      return null;
    }
    const text = value.trim();
    if (/^(?:https?:)?\/\//i.test(text)) {
      return text.split(BETWEEN_ADDRESSES, MAX_IN_TEXT);
    }
    if (isMissing(text)) {
      return [];
    }
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
  }
  return null;
}
