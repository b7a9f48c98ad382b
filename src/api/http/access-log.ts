import { maskPersonal } from "../../listing/index.ts";
import type { QueryString } from "./query-string.ts";

/** Long runs of letters and digits: a token, wherever someone put it. */
const TOKEN_LIKE = /[a-zA-Z0-9]{16,}/g;
const LONGEST = 300;

const masked = (value: string) => encodeURIComponent(value.replace(TOKEN_LIKE, "***")).slice(0, LONGEST);

/** A query string as the log may show it: only parameters that there are, and nothing that may be a token. */
export function loggedSearch(query: QueryString, known: ReadonlySet<string>): string {
  const parts: string[] = [];
  for (const [name, value] of query.values) {
    if (known.has(name)) {
      // The one parameter with free text: somebody may look for a telephone number.
      parts.push(`${name}=${masked(name === "q" ? maskPersonal(value) : value)}`);
    }
  }
  const others = query.values.size - parts.length + query.problems.length;
  if (others > 0) {
    parts.push(`(${others} other)`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&").slice(0, 2 * LONGEST)}`;
}

/** A part of a path as the log may show it. */
export const loggedSegment = masked;

/** One line for one request. Sizes are of the body as sent, times from the first byte of the request's head. */
export function accessLine(facts: {
  method: string;
  path: string;
  status: number;
  bytes: number;
  elapsedMs: number;
  tokenId: number | undefined;
  address: string;
  id: string;
}): string {
  const who = facts.tokenId === undefined ? "no token" : `token ${facts.tokenId}`;
  return `${facts.method} ${facts.path} ${facts.status} ${facts.bytes} B ${facts.elapsedMs.toFixed(1)} ms, ${who}, ${facts.address}, ${facts.id}`;
}
