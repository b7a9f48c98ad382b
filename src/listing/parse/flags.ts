import type { ReportIssue } from "../types.ts";
import { isMissing, spellingKey } from "./text.ts";

const YES = new Set(["true", "t", "on", "1", "1.0", "yes", "y", "да", "是"]);
const NO = new Set(["false", "f", "off", "0", "0.0", "no", "n", "нет", "否"]);

/**
 * A boolean in any spelling of the feed: booleans, 1 and 0, `true`/`false`, `yes`/`no`, also in Russian and Chinese.
 * Other values are null with an issue.
 */
export function parseFlag(raw: unknown, report: ReportIssue, field: string): boolean | null {
  if (typeof raw === "boolean") {
    return raw;
  }
  if (isMissing(raw)) {
    return null;
  }
  const key = typeof raw === "string" || typeof raw === "number" ? spellingKey(String(raw).slice(0, 20)) : "";
  if (YES.has(key)) {
    return true;
  }
  if (NO.has(key)) {
    return false;
  }
  report(field, "unreadable", raw);
  return null;
}

/** Value of a marker field: true or null, because its absence proves nothing. */
export const marker = (isSet: boolean): true | null => (isSet ? true : null);
