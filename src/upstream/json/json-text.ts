/** Edits and parses JSON as text, so that the stored document keeps every number as the service wrote it. */

/** One JSON escape sequence. Matched as a whole, so that `\\u0000` (a backslash, then letters) is not taken for U+0000. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** Cheap test for text that PostgreSQL may be unable to store. */
const MAYBE_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * Replaces characters that `jsonb` cannot store (U+0000 and lone surrogates) with U+FFFD.
 * @returns the text and the number of replaced characters; with 0 the text is the given one
 */
export function repairJsonText(text: string): { text: string; repaired: number } {
  if (!MAYBE_UNSTORABLE.test(text)) {
    return { text, repaired: 0 };
  }
  let repaired = 0;
  let result = "";
  let copied = 0;
  /** Escape of a high surrogate whose low half has not been seen yet. */
  let high: { start: number; end: number } | undefined;
  const replace = (start: number, end: number) => {
    result += `${text.slice(copied, start)}\\ufffd`;
    copied = end;
    repaired += 1;
  };
  for (const match of text.matchAll(ESCAPE)) {
    const start = match.index;
    const end = start + match[0].length;
    const unit = match[1] === undefined ? undefined : Number.parseInt(match[1], 16);
    if (high !== undefined) {
      const isPair = high.end === start && unit !== undefined && isLowSurrogate(unit);
      const lone = high;
      high = undefined;
      if (isPair) {
        continue;
      }
      replace(lone.start, lone.end);
    }
    if (unit === undefined) {
      continue;
    }
    if (isHighSurrogate(unit)) {
      high = { start, end };
    } else if (unit === 0 || isLowSurrogate(unit)) {
      replace(start, end);
    }
  }
  if (high !== undefined) {
    replace(high.start, high.end);
  }
  return { text: result + text.slice(copied), repaired };
}

/**
 * Numbers that JavaScript may print differently: more than 15 digits, an exponent, a trailing zero after the point, very
 * small, or -0. A number follows a colon, a comma or a bracket; a match inside a string only costs time.
 */
const INEXACT_NUMBER = /[:,[]\s*-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|0\.0{5}|(?<=-)0(?![.\d]))/;

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Parses JSON; numbers that `JSON.parse` would change become `JSON.rawJSON` objects, which print as they were written. */
export function parseExactly(text: string): unknown {
  if (!INEXACT_NUMBER.test(text) && !/^\s*-?\d/.test(text)) {
    return JSON.parse(text);
  }
  // A reviver makes parsing about three times as slow.
  const keepSource: Reviver = (_key, value, context) =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? (JSON as unknown as { rawJSON(source: string): unknown }).rawJSON(context.source)
      : value;
  return JSON.parse(text, keepSource);
}

const LONG_INTEGER = /[:,[]\s*-?\d{16}/;

/** Parses JSON; whole numbers beyond 2^53 become strings of their digits, so that long ids stay exact. */
export function parseWithLongIds(text: string): unknown {
  if (!LONG_INTEGER.test(text)) {
    return JSON.parse(text);
  }
  const keepDigits: Reviver = (_key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value;
  return JSON.parse(text, keepDigits);
}
