import { type ErrorCode, UpstreamError } from "../errors.ts";

/** One thing asked of the service. Holds no key, so that everything in it may be shown. */
export interface Question {
  /** For people: "page 17 of the catalogue". */
  readonly what: string;
  readonly method: "GET" | "POST";
  /** Below the base URL, or below the host when `atRoot`. */
  readonly path: string;
  readonly atRoot?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

type UpstreamCode = Extract<ErrorCode, `UPSTREAM_${string}`>;

/** How asking again can help or not, and what is known besides. */
export interface FailureFacts {
  readonly retryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The error for a question that was not answered. Its message says in one line what was asked and what came;
 * `details.request` and `details.reason` hold the two apart.
 */
export function failure(
  question: Question,
  code: UpstreamCode,
  reason: string,
  facts: FailureFacts,
): UpstreamError {
  return new UpstreamError(code, tell(question, reason), {
    ...facts,
    details: { ...facts.details, request: requestLine(question), reason },
  });
}

/** One line: what was asked, by which request, and what came. */
export function tell(question: Question, reason: string): string {
  const what = question.what.charAt(0).toUpperCase() + question.what.slice(1);
  return `${what} (${requestLine(question)}): ${reason}`;
}

/** Method, path and query, without the key: "GET /offers?page=17". */
export function requestLine({ method, path, query = {} }: Question): string {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${oneLine(value)}`);
  return `${method} ${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}

/** Foreign text made fit for a message: printable, on one line, not longer than `length` characters. */
export function oneLine(text: string, length = 120): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}

/**
 * Makes the function through which all foreign text goes before it is shown (a system's message, a status text, a
 * title): it replaces the key in every form in which a URL, JSON or HTML writes it.
 */
export function createRedactor(apiKey: string): (text: string) => string {
  const html = apiKey.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const forms = new Set([
    apiKey,
    encodeURIComponent(apiKey),
    new URLSearchParams({ k: apiKey }).toString().slice(2),
    JSON.stringify(apiKey).slice(1, -1),
    JSON.stringify(apiKey).slice(1, -1).replaceAll("/", "\\/"),
    html,
    html.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  ]);
  const longestFirst = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[^\w]/g, "\\$&"));
  const pattern = new RegExp(longestFirst.join("|"), "gi");
  return (text) => text.replace(pattern, "[key]");
}
