import { memo } from "../memo.ts";
import { maskPersonal } from "./personal/personal.ts";

const NULL_WORDS = new Set([
  "未知",
  "无",
  "暂无",
  "待查",
  "null",
  "undefined",
  "nan",
  "infinity",
  "-infinity",
  "n/a",
  "нетданных",
]);
const DASHES_OR_SLASHES = /^[-‐-―−/]*$/u;
/** No null word starts with one. */
const STARTS_WITH_DIGIT = /^\d/;
/** First characters of the Chinese null words. */
const NULL_WORD_STARTS = new Set([..."未无暂待"].map((char) => char.charCodeAt(0)));
/** Longer texts are not compared with the null words. */
const MAX_NULL_WORD_LENGTH = 40;

/** Characters that PostgreSQL rejects in text or jsonb (NUL, lone surrogates), and invisible ones. */
const UNSTORABLE = /[\p{Surrogate}\u200B-\u200D\u2060\uFEFF]|[^\P{Cc}\s\u0085]/gu;
const WHITE_SPACE = /[\s\u0085]+/g;
/** Plain ASCII with single spaces, as most values are: needs no cleaning. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * Text in NFC, trimmed, each run of white space (also U+3000) collapsed to one space, control characters and lone
 * surrogates removed. Full-width brackets are kept.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  return text.replace(UNSTORABLE, "").normalize("NFC").replace(WHITE_SPACE, " ").trim();
}

/** Whether a text is a null word of the feed: empty, `-`, `/`, `未知`, `暂无`, `null`, `нет данных` … */
export function isNullWord(text: string): boolean {
  if (text.length > MAX_NULL_WORD_LENGTH && text.trim().length > MAX_NULL_WORD_LENGTH) {
    return false;
  }
  if (STARTS_WITH_DIGIT.test(text)) {
    return false;
  }
  const key = spellingKey(text);
  return DASHES_OR_SLASHES.test(key) || NULL_WORDS.has(key);
}

/** Fast path of {@link isBlank}: true when the first character rules out a null word, as in most values. */
function startsLikeText(text: string): boolean {
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  return isDigit || (first >= 0x4e00 && first <= 0x9fff && !NULL_WORD_STARTS.has(first));
}

/**
 * The cleaned text of a raw value; a number becomes its decimal text. Null for null words and for other types, which
 * {@link isMissing} distinguishes.
 */
export function readText(raw: unknown): string | null {
  if (typeof raw === "number") {
    return decimalText(raw);
  }
  if (typeof raw !== "string") {
    return null;
  }
  const text = cleanText(raw);
  return isNullWord(text) ? null : text;
}

/** Whether a value is missing (absent, null, a null word, a number that is not finite). Missing values report no issue. */
export function isMissing(raw: unknown): boolean {
  if (raw === null || raw === undefined) {
    return true;
  }
  if (typeof raw === "number") {
    return !Number.isFinite(raw);
  }
  return typeof raw === "string" && isNullWord(cleanText(raw));
}

/** A finite number without exponent (`1e21` → `1000000000000000000000`); null for NaN and infinities. */
export function decimalText(value: number): string | null {
  if (!Number.isFinite(value)) {
    return null;
  }
  if (Number.isInteger(value)) {
    return BigInt(value).toString();
  }
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "").replace(/\.$/, "") : text;
}

/**
 * Key for comparing spellings: lower case, no white space, `ё` as `е`, `Ⅰ…Ⅻ` as Latin letters, full-width forms as
 * half-width (`国 Ⅵ` → `国vi`, `Ёлка` → `елка`).
 */
export function spellingKey(text: string): string {
  return text
    .replace(UNSTORABLE, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/ё/g, "е")
    .replace(/[\s\u0085]+/g, "");
}

const FULL_WIDTH = /[\u3000\uFF01-\uFF5E\uFFE5]/;

/** Converts full-width letters, digits and signs, the ideographic space and `￥` to half-width. Keeps every position. */
export function halfWidth(text: string): string {
  if (!FULL_WIDTH.test(text)) {
    return text;
  }
  return text
    .replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replaceAll("\u3000", " ")
    .replaceAll("￥", "¥");
}

/** A raw value for an issue or a log: text cut to `length` characters, a structure reduced to its kind and size. */
export function shorten(raw: unknown, length = 120): unknown {
  if (raw === null || typeof raw === "number" || typeof raw === "boolean") {
    return raw;
  }
  if (typeof raw === "string") {
    return cut(cleanText(raw.slice(0, length * 4)), length);
  }
  if (typeof raw !== "object") {
    return cut(String(raw), length);
  }
  return Array.isArray(raw) ? `[array of ${raw.length}]` : `{object of ${Object.keys(raw).length}}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/\p{Surrogate}$/u, "")}…`;
}

// Memoised forms, for values that repeat from listing to listing.

const missing = memo((text) => isMissing(text));
/** Empty means null, which {@link memo} cannot hold. */
const read = memo((text) => readText(text) ?? "");
const mask = memo((text) => maskPersonal(text));

/** {@link isMissing}, memoised. */
export function isBlank(raw: unknown): boolean {
  return typeof raw === "string" ? !startsLikeText(raw) && missing(raw) : isMissing(raw);
}

/** {@link readText}, memoised. */
export function textOf(raw: unknown): string | null {
  if (typeof raw !== "string") {
    return readText(raw);
  }
  const text = read(raw);
  return text === "" ? null : text;
}

/** A text that may be served: cleaned, with personal data masked; null when it is missing. */
export function publicText(raw: unknown): string | null {
  const text = textOf(raw);
  return text === null ? null : mask(text);
}

/** {@link publicText} for names: null above `maxLength` characters. */
export function publicName(raw: unknown, maxLength: number): string | null {
  if (typeof raw === "string" && raw.length > 10 * maxLength) {
    return null;
  }
  const text = textOf(raw);
  return text === null || text.length > maxLength ? null : mask(text);
}

/** The first of several raw values that is a {@link publicName}. */
export function firstText(raws: readonly unknown[], maxLength: number): string | null {
  for (const raw of raws) {
    const text = publicName(raw, maxLength);
    if (text !== null) {
      return text;
    }
  }
  return null;
}
