const NULL_WORDS = new Set([
  "未知",
  "无",
  "暂无",
  "null",
  "undefined",
  "nan",
  "infinity",
  "-infinity",
  "n/a",
  "нетданных",
]);
const DASHES_OR_SLASHES = /^[-‐-―−/]*$/u;
/** No null word does. */
const BEGINS_WITH_DIGIT = /^\d/;
/** Chinese characters with which a null word begins. */
const NULL_WORDS_BEGIN = new Set([..."未无暂"].map((char) => char.charCodeAt(0)));
/** Longer texts are no null words and no spellings; the limit spares their normalisation. */
const MAX_NULL_WORD_LENGTH = 40;

/** Characters that PostgreSQL refuses in text or jsonb (NUL, lone surrogates), and others nobody sees. */
const UNSTORABLE = /[\p{Surrogate}\u200B-\u200D\u2060\uFEFF]|[^\P{Cc}\s\u0085]/gu;
const WHITE_SPACE = /[\s\u0085]+/g;
/** Most values are plain ASCII with single spaces: nothing in them needs cleaning. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * Text by the general rule: NFC, trimmed, every run of white space (also U+3000) one space; control characters and
 * lone surrogates out. Full-width brackets stay.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSTORABLE, "").normalize("NFC").replace(WHITE_SPACE, " ").trim();
}

/** Is this one of the ways in which the feed says "nothing": empty, `-`, `/`, `未知`, `暂无`, `null`, `нет данных` …? */
export function isNullWord(text: string): boolean {
  if (text.length > MAX_NULL_WORD_LENGTH && text.trim().length > MAX_NULL_WORD_LENGTH) return false;
  if (BEGINS_WITH_DIGIT.test(text)) return false;
  const key = spellingKey(text);
  return DASHES_OR_SLASHES.test(key) || NULL_WORDS.has(key);
}

/** Tells from its first character alone that a text is no null word; most values begin with a digit or in Chinese. */
export function beginsLikeText(text: string): boolean {
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  return isDigit || (first >= 0x4e00 && first <= 0x9fff && !NULL_WORDS_BEGIN.has(first));
}

/**
 * The text of a raw value by the general rule, or null: for the null words, and for anything that is neither text
 * nor a finite number. A number becomes its decimal text. Whether a wrong type deserves an issue is the caller's to
 * say; {@link isMissing} tells it from a missing value.
 */
export function readText(raw: unknown): string | null {
  if (typeof raw === "number") return decimalText(raw);
  if (typeof raw !== "string") return null;
  const text = cleanText(raw);
  return isNullWord(text) ? null : text;
}

/** Does the raw value say nothing (absent, null, a null word, not a finite number), so that no issue is due? */
export function isMissing(raw: unknown): boolean {
  if (raw === null || raw === undefined) return true;
  if (typeof raw === "number") return !Number.isFinite(raw);
  return typeof raw === "string" && isNullWord(cleanText(raw));
}

/** A finite number without exponent (`1e21` → `1000000000000000000000`); null for NaN and the infinities. */
export function decimalText(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "").replace(/\.$/, "") : text;
}

/**
 * The form in which spellings are compared: without case, white space and the difference of `ё` and `е`, with
 * `Ⅰ…Ⅻ` as Latin letters and full-width forms as half-width ones (`国 Ⅵ` → `国vi`, `Ёлка` → `елка`).
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

/** Full-width letters, digits and signs, the ideographic space and `￥` as half-width ones; all else stays. */
export function halfWidth(text: string): string {
  if (!FULL_WIDTH.test(text)) return text;
  return text
    .replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replaceAll("\u3000", " ")
    .replaceAll("￥", "¥");
}

/** A raw value as it is quoted in an issue or a log: text cut to `length` characters, of a structure
 * only its kind and size. */
export function shorten(raw: unknown, length = 120): unknown {
  if (raw === null || typeof raw === "number" || typeof raw === "boolean") return raw;
  if (typeof raw === "string") return cut(cleanText(raw.slice(0, length * 4)), length);
  if (typeof raw !== "object") return cut(String(raw), length);
  return Array.isArray(raw) ? `[array of ${raw.length}]` : `{object of ${Object.keys(raw).length}}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/\p{Surrogate}$/u, "")}…`;
}
