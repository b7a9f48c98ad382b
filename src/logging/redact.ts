/** A secret shorter than this is left alone: hiding every "abc" would hide the log. */
const MIN_SECRET_LENGTH = 4;

const HIDDEN = "[hidden]";

/** Keys and tokens by where they stand, for those that nobody listed. */
const CREDENTIALS = /(\bapi_key=|\bbearer\s+|\bx-api-key["']?\s*[:=]\s*["']?)[^\s&"'<>]+/gi;

/** Control characters, line and paragraph separators, and the marks that turn the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes a function that turns any text into one line of a log: secrets are hidden, as they are and as they stand in a
 * URL; what could begin a new line, colour a terminal or reorder text is written as an escape.
 */
export function createLineCleaner(secrets: readonly string[] = []): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  // Longer ones first, so that a secret within another leaves no rest of it.
  const hidden = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) =>
    hidden
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
      .replace(CREDENTIALS, `$1${HIDDEN}`)
      .replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

const two = (value: number) => String(value).padStart(2, "0");

/** The day in the time zone of the process, as `2026-11-24`: what the name of a log file says. */
export function localDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time in the time zone of the process with its offset, as `2026-11-24T14:05:10.123+03:00`. */
export function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${localDay(date)}T${time}.${String(date.getMilliseconds()).padStart(3, "0")}${zone}`;
}
