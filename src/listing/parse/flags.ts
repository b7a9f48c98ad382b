import type { Report } from "../types.ts";
import { isMissing, spellingKey } from "./text.ts";

const YES = new Set(["true", "t", "on", "1", "1.0", "yes", "y", "да", "是"]);
const NO = new Set(["false", "f", "off", "0", "0.0", "no", "n", "нет", "否"]);

/**
 * A boolean from the spellings of the feed: booleans, 1 and 0 (also as text), `true`/`false`, `yes`/`no` and the
 * same in Russian and Chinese, in any case. Anything else is null with an issue.
 */
export function parseFlag(raw: unknown, report: Report, field: string): boolean | null {
  if (typeof raw === "boolean") return raw;
  if (isMissing(raw)) return null;
  const key = typeof raw === "string" || typeof raw === "number" ? spellingKey(String(raw).slice(0, 20)) : "";
  if (YES.has(key)) return true;
  if (NO.has(key)) return false;
  report(field, "unreadable", raw);
  return null;
}
