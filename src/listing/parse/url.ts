import type { ReportIssue } from "../types.ts";
import { isChe168Host } from "./personal/patterns.ts";
import { isMissing } from "./text.ts";

/** Longer addresses are rejected. */
const MAX_URL_LENGTH = 2000;

/** Fast path: an address that parsing would not change except for query and fragment, as nearly all are. */
const WELL_FORMED = /^(https:\/\/(?:[a-z\d]+\.)*che168\.com(?:\/[\w~-][\w.~-]*)+)(?:[?#][!-~]*)?$/;

/**
 * A web address that is safe to serve, or null: http or https (also `//host/…`), no user name, no port. Always
 * https in the result.
 */
export function readWebAddress(text: string): URL | null {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_URL_LENGTH) {
    return null;
  }
  const absolute = trimmed.startsWith("//") ? `https:${trimmed}` : trimmed.replace(/^http:\/\//i, "https://");
  if (!/^https:\/\/[^/\\]/i.test(absolute) || !URL.canParse(absolute)) {
    return null;
  }
  const url = new URL(absolute);
  return url.username === "" && url.password === "" && url.port === "" ? url : null;
}

/** The address of the listing at che168.com, https, without query and fragment; null for every other host. */
export function parseUrl(raw: unknown, report: ReportIssue): string | null {
  if (isMissing(raw)) {
    return null;
  }
  const wellFormed = typeof raw === "string" && raw.length < MAX_URL_LENGTH ? WELL_FORMED.exec(raw) : null;
  if (wellFormed?.[1] !== undefined) {
    return wellFormed[1];
  }
  const url = typeof raw === "string" ? readWebAddress(raw) : null;
  if (url === null || !isChe168Host(url.hostname)) {
    report("url", "unreadable", raw);
    return null;
  }
  return `https://${url.hostname}${url.pathname}`;
}
