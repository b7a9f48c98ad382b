/** A shorter secret is not redacted: hiding every "abc" would make the log unreadable. */
const MIN_SECRET_LENGTH = 4;

const HIDDEN = "[hidden]";

/** Keys and tokens recognised by their context, whether listed as secrets or not. */
const CREDENTIALS = /(\bapi_key=|\bbearer\s+|\bx-api-key["']?\s*[:=]\s*["']?)[^\s&"'<>]+/gi;

/** Control characters, line and paragraph separators, and bidirectional controls. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Returns a function that makes any text safe for one log line. It hides secrets (plain, URL-encoded, in JSON) and escapes
 * characters that could start a new line, control the terminal or reorder the text.
 */
export function createLineCleaner(secrets: readonly string[] = []): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  // Longest first: a secret that contains another must be hidden as a whole.
  const hidden = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) =>
    hidden
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
      .replace(CREDENTIALS, `$1${HIDDEN}`)
      .replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT_ESCAPES[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
