import { maskPersonal } from "../../listing/index.ts";
import type { QueryString } from "./query-string.ts";

/** Anything that may be a token. */
const TOKEN_LIKE = /[a-zA-Z0-9]{16,}/g;
const MAX_LENGTH = 300;

const masked = (value: string) => encodeURIComponent(value.replace(TOKEN_LIKE, "***")).slice(0, MAX_LENGTH);

/** A query string for the log: known parameters only, without possible tokens. */
export function loggedSearch(query: QueryString, known: ReadonlySet<string>): string {
  const parts: string[] = [];
  for (const [name, value] of query.values) {
    if (known.has(name)) {
      // `q` is free text and may contain a phone number.
      parts.push(`${name}=${masked(name === "q" ? maskPersonal(value) : value)}`);
    }
  }
  const others = query.values.size - parts.length + query.problems.length + query.repeated.size;
  if (others > 0) {
    parts.push(`(${others} other)`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&").slice(0, 2 * MAX_LENGTH)}`;
}

/** A path segment for the log. */
export const loggedSegment = masked;

/** The log line of a request. The size is that of the body as sent; the time starts when the request head is parsed. */
export function accessLine(facts: {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly tokenId: number | undefined;
  readonly address: string;
  readonly id: string;
}): string {
  const client = facts.tokenId === undefined ? "no token" : `token ${facts.tokenId}`;
  return `${facts.method} ${facts.path} ${facts.status} ${facts.bytes} B ${facts.elapsedMs.toFixed(1)} ms, ${client}, ${facts.address}, ${facts.id}`;
}
