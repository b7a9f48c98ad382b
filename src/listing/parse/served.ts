import { memo } from "../memo.ts";
import { maskPersonal } from "./personal.ts";
import { beginsLikeText, isMissing, readText } from "./text.ts";

const missing = memo((text) => isMissing(text));
/** The empty text stands for null, which is no text. */
const read = memo((text) => readText(text) ?? "");
const mask = memo((text) => maskPersonal(text));

/** {@link isMissing}, kept for texts met before. */
export function isBlank(raw: unknown): boolean {
  return typeof raw === "string" ? !beginsLikeText(raw) && missing(raw) : isMissing(raw);
}

/** {@link readText}, kept for texts met before. */
export function textOf(raw: unknown): string | null {
  if (typeof raw !== "string") return readText(raw);
  const text = read(raw);
  return text === "" ? null : text;
}

/** A text as it may be served: cleaned by the general rule, personal data masked; null for what says nothing. */
export function publicText(raw: unknown): string | null {
  const text = textOf(raw);
  return text === null ? null : mask(text);
}

/** {@link publicText} for names; null also for what is too long to be one. */
export function serveShortText(raw: unknown, longest: number): string | null {
  if (typeof raw === "string" && raw.length > 10 * longest) return null;
  const text = textOf(raw);
  return text === null || text.length > longest ? null : mask(text);
}
