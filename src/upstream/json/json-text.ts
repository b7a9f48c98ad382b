/**
 * Work on the text of an answer, so that what is stored is what came: parsing and printing again would round long
 * numbers and turn 1e400 into null.
 */

/** One escape sequence of JSON; taken whole, so that the `\u0000` in `"\\u0000"` (a backslash, then letters) is none. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** Cheap sign that a text may hold what PostgreSQL cannot store. */
const SUSPICIOUS = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * Replaces what `jsonb` cannot hold - U+0000 and surrogates without their other half - by U+FFFD.
 *
 * @returns the text, and how many characters were replaced (0: the text is the one that came)
 */
export function repairJsonText(text: string): { text: string; repaired: number } {
  if (!SUSPICIOUS.test(text)) {
    return { text, repaired: 0 };
  }
  let repaired = 0;
  let result = "";
  let copied = 0;
  /** A high surrogate that waits for its low half: where its escape begins, and where it ends. */
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
      const pair = high.end === start && unit !== undefined && isLow(unit);
      const orphan = high;
      high = undefined;
      if (pair) {
        continue;
      }
      replace(orphan.start, orphan.end);
    }
    if (unit === undefined) {
      continue;
    }
    if (isHigh(unit)) {
      high = { start, end };
    } else if (unit === 0 || isLow(unit)) {
      replace(start, end);
    }
  }
  if (high !== undefined) {
    replace(high.start, high.end);
  }
  return { text: result + text.slice(copied), repaired };
}

/**
 * Numbers that JavaScript may write otherwise than they came: of more than 15 digits, with an exponent, with a last zero
 * behind the point, very small, or -0. A number follows a colon, a comma or a bracket; what only looks so in a string costs
 * time and nothing else.
 */
const CHANGEABLE_NUMBER =
  /[:,[]\s*-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|0\.0{5}|(?<=-)0(?![.\d]))/;

/** JSON with numbers kept as they were written; where `JSON.parse` would change a number, its text goes through untouched. */
export function parseExactly(text: string): unknown {
  if (!CHANGEABLE_NUMBER.test(text) && !/^\s*-?\d/.test(text)) {
    return JSON.parse(text);
  }
  // Asked for each value: some three times as slow.
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    if (typeof value === "number" && context?.source !== undefined && String(value) !== context.source) {
      return (JSON as unknown as { rawJSON(source: string): unknown }).rawJSON(context.source);
    }
    return value;
  });
}
