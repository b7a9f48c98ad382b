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
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) {
      at += 1;
    } else if (code === 0x22) {
      return at + 1;
    }
  }
  return text.length;
}

/** The position behind the value that begins at `start`: at the comma or bracket that follows it. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      at = skipString(text, at) - 1;
    } else if (char === "{" || char === "[") {
      depth += 1;
    } else if (char === "}" || char === "]") {
      if (depth === 0) {
        return at;
      }
      depth -= 1;
    } else if (char === "," && depth === 0) {
      return at;
    }
  }
  return text.length;
}

const skipSpace = (text: string, start: number) => {
  let at = start;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "")) {
    at += 1;
  }
  return at;
};

/** The texts of the elements of the array that begins at `start`. */
function sliceElements(text: string, start: number): string[] {
  const elements: string[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== "]") {
    const end = skipValue(text, at);
    elements.push(text.slice(at, end).trimEnd());
    at = skipSpace(text, text[end] === "," ? end + 1 : end);
  }
  return elements;
}

/**
 * The value of a top-level key, as it stands in the text; of a key that occurs twice the last one, as `JSON.parse` does.
 *
 * @param text valid JSON of an object
 */
export function sliceMember(text: string, key: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (at < text.length && text[at] !== "}") {
    const afterName = skipString(text, at);
    const name: unknown = JSON.parse(text.slice(at, afterName));
    const valueStart = skipSpace(text, skipSpace(text, afterName) + 1);
    const end = skipValue(text, valueStart);
    if (name === key) {
      found = text.slice(valueStart, end).trimEnd();
    }
    at = skipSpace(text, text[end] === "," ? end + 1 : end);
  }
  return found;
}

/**
 * The records of an answer, each as it stands in the text.
 *
 * @param text valid JSON of an object whose `result` is an array
 */
export function sliceRecords(text: string): string[] {
  const result = sliceMember(text, "result");
  return result === undefined ? [] : sliceElements(result, 0);
}

/** JSON with numbers kept as they were written; where `JSON.parse` would change a number, its text goes through untouched. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    if (typeof value === "number" && context?.source !== undefined && String(value) !== context.source) {
      return (JSON as unknown as { rawJSON(source: string): unknown }).rawJSON(context.source);
    }
    return value;
  });
}
