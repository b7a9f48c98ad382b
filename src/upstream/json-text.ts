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

/** The position behind the string that begins at `start`. */
function skipString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return quote + 1;
    }
  }
  return text.length;
}

/** The position behind the value that begins at `start` - at the comma or bracket that follows it - and its depth. */
function skipValue(text: string, start: number): { end: number; depth: number } {
  let level = 0;
  let depth = 0;
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x22 /* " */) {
      end = skipString(text, end) - 1;
    } else if (code === 0x7b /* { */ || code === 0x5b /* [ */) {
      level += 1;
      depth = Math.max(level, depth);
    } else if (code === 0x7d /* } */ || code === 0x5d /* ] */) {
      if (level === 0) {
        break;
      }
      level -= 1;
    } else if (code === 0x2c /* , */ && level === 0) {
      break;
    }
  }
  return { end, depth };
}

const skipSpace = (text: string, start: number) => {
  let at = start;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "")) {
    at += 1;
  }
  return at;
};

/** A value as it stands in a text. */
export interface JsonSlice {
  readonly text: string;
  /** How deep its objects and arrays nest; 0 for a plain value. */
  readonly depth: number;
}

/** How deep the objects and arrays of a JSON text nest; 0 for a plain value. */
export const jsonDepth = (text: string): number => skipValue(text, skipSpace(text, 0)).depth;

/** The elements of the array that begins at `start`, and the position behind its bracket. */
function sliceElements(text: string, start: number): { elements: JsonSlice[]; end: number } {
  const elements: JsonSlice[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== "]") {
    const { end, depth } = skipValue(text, at);
    elements.push({ text: text.slice(at, end).trimEnd(), depth });
    at = skipSpace(text, text[end] === "," ? end + 1 : end);
  }
  return { elements, end: at + 1 };
}

/**
 * Reads the value of a top-level key; of a key that occurs twice the last one counts, as `JSON.parse` has it.
 *
 * @param text valid JSON of an object
 * @param read gets where a value of that key begins, and gives what it read and where that ended
 */
function readMember<T>(
  text: string,
  key: string,
  read: (start: number) => { value: T; end: number },
): T | undefined {
  let found: T | undefined;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (at < text.length && text[at] !== "}") {
    const afterName = skipString(text, at);
    const name: unknown = JSON.parse(text.slice(at, afterName));
    const start = skipSpace(text, skipSpace(text, afterName) + 1);
    let end: number;
    if (name === key) {
      const member = read(start);
      found = member.value;
      end = member.end;
    } else {
      end = skipValue(text, start).end;
    }
    const next = skipSpace(text, end);
    at = skipSpace(text, text[next] === "," ? next + 1 : next);
  }
  return found;
}

/**
 * The value of a top-level key as it stands in the text.
 *
 * @param text valid JSON of an object
 */
export function sliceMember(text: string, key: string): JsonSlice | undefined {
  return readMember(text, key, (start) => {
    const { end, depth } = skipValue(text, start);
    return { value: { text: text.slice(start, end).trimEnd(), depth }, end };
  });
}

/**
 * The records of an answer, each as it stands in the text.
 *
 * @param text valid JSON of an object whose `result` is an array
 */
export function sliceRecords(text: string): JsonSlice[] {
  const records = readMember(text, "result", (start) => {
    const { elements, end } = sliceElements(text, start);
    return { value: elements, end };
  });
  return records ?? [];
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
