/** Raw values as the feed encodes them. */
import { decimalText } from "./text.ts";

/** The decimal text of an id; null for 0 and for anything else. */
export function idText(raw: unknown): string | null {
  const text = typeof raw === "number" ? (decimalText(raw) ?? "") : typeof raw === "string" ? raw.trim() : "";
  return /^\d{1,10}$/.test(text) && !/^0+$/.test(text) ? text : null;
}

/** True for text that starts like an object or a list. */
export const isJsonText = (raw: string): boolean => /^\s*[{[]/.test(raw);

/** Decodes JSON text of an object or a list; other values are returned unchanged. */
export function decoded(raw: unknown): unknown {
  if (typeof raw !== "string" || !isJsonText(raw)) {
    return raw;
  }
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
