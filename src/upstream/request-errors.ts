import { UpstreamError } from "../errors.ts";

/** One request of the service's API. It never holds the key, so all of it may be shown. */
export interface RequestInfo {
  /** For messages: "page 17 of the catalogue". */
  readonly what: string;
  readonly method: "GET" | "POST";
  /** Relative to the base URL, or to the host with `atRoot`. */
  readonly path: string;
  readonly atRoot?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Whether a retry can help, and further facts about a failure. */
export interface FailureFacts {
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The error of a failed request. Its message names the request and the reason in one line; `details.request` and
 * `details.reason` hold the two separately.
 */
export function requestFailure(
  request: RequestInfo,
  code: UpstreamError["code"],
  reason: string,
  facts: FailureFacts,
): UpstreamError {
  return new UpstreamError(code, describeFailure(request, reason), {
    ...facts,
    details: { ...facts.details, request: requestLine(request), reason },
  });
}

/** "Page 17 of the catalogue (GET /offers?page=17): REASON". */
export function describeFailure(request: RequestInfo, reason: string): string {
  const what = request.what.charAt(0).toUpperCase() + request.what.slice(1);
  return `${what} (${requestLine(request)}): ${reason}`;
}

/** Method, path and query, without the key: "GET /offers?page=17". */
function requestLine({ method, path, query = {} }: RequestInfo): string {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${oneLine(value)}`);
  return `${method} ${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}

/** Makes foreign text safe for a message: printable, on one line, at most `length` characters. */
export function oneLine(text: string, length = 120): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}

/**
 * Returns a function that replaces the key in foreign text (a system's message, a status text, a title), in every form
 * in which a URL, JSON or HTML spells it.
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
