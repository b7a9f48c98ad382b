// Strings, numbers and literals of JSON over UTF-8 bytes. All functions throw {@link JsonSyntaxError} for invalid JSON.

/** Invalid JSON, or JSON that is cut off. */
export class JsonSyntaxError extends SyntaxError {
  /** Position of the first byte that is not JSON; the length of the text when it is cut off. */
  readonly position: number;

  constructor(position: number) {
    super(`invalid JSON at byte ${position}`);
    this.name = "JsonSyntaxError";
    this.position = position;
  }
}

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
const [MINUS, PLUS, POINT, ZERO, NINE, SMALL_E, SMALL_U] = [
  0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x65, 0x75,
] as const;
const SPACE = 0x20;
/** Literals by their first letter. */
const LITERALS = new Map(
  [..."tfn"].map((letter, index) => [
    letter.charCodeAt(0),
    Buffer.from(["true", "false", "null"][index] ?? ""),
  ]),
);
/** Valid after a backslash, besides `u` with four hexadecimal digits. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const HEXADECIMAL = new Set(Buffer.from("0123456789abcdefABCDEF"));

/** The position after the expected byte. */
export function skip(bytes: Buffer, at: number, expected: number): number {
  if (bytes[at] !== expected) {
    throw new JsonSyntaxError(at);
  }
  return at + 1;
}

/** Most responses have no white space, so the common case is one comparison without a call. */
export const skipSpace = (bytes: Buffer, at: number): number =>
  (bytes[at] ?? 0) > SPACE ? at : endOfSpace(bytes, at);

function endOfSpace(bytes: Buffer, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      return at;
    }
  }
}

function endOfEscape(bytes: Buffer, start: number): number {
  const kind = bytes[start + 1] ?? 0;
  if (ESCAPED.has(kind)) {
    return start + 2;
  }
  const digits = bytes.subarray(start + 2, start + 6);
  if (kind !== SMALL_U || digits.length < 4 || !digits.every((byte) => HEXADECIMAL.has(byte))) {
    throw new JsonSyntaxError(start);
  }
  return start + 6;
}

/** End of the string that starts at `start`, quotes included. */
export function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const byte = bytes[at] ?? 0;
    // One comparison for most bytes: lower-case letters and everything beyond ASCII.
    if (byte > BACKSLASH || (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH)) {
      at += 1;
    } else if (byte === QUOTE) {
      return at + 1;
    } else if (byte === BACKSLASH) {
      at = endOfEscape(bytes, at);
    } else {
      throw new JsonSyntaxError(at);
    }
  }
}

function endOfDigits(bytes: Buffer, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) {
      if (at === start) {
        throw new JsonSyntaxError(at);
      }
      return at;
    }
  }
}

function endOfNumber(bytes: Buffer, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === ZERO ? at + 1 : endOfDigits(bytes, at);
  if (bytes[at] === POINT) {
    at = endOfDigits(bytes, at + 1);
  }
  if (((bytes[at] ?? 0) | 0x20) === SMALL_E) {
    at += 1;
    at = endOfDigits(bytes, bytes[at] === MINUS || bytes[at] === PLUS ? at + 1 : at);
  }
  return at;
}

/** End of the number or literal that starts at `start`. */
export function endOfPlain(bytes: Buffer, start: number): number {
  const literal = LITERALS.get(bytes[start] ?? 0);
  if (literal === undefined) {
    return endOfNumber(bytes, start);
  }
  if (literal.compare(bytes, start, Math.min(start + literal.length, bytes.length)) !== 0) {
    throw new JsonSyntaxError(start);
  }
  return start + literal.length;
}
