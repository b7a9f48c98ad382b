import { randomBytes } from "node:crypto";
import type { H3Event } from "h3";
import type { TokenInfo } from "../../tokens/index.ts";
import type { CachedQuery } from "../cache/query-cache.ts";
import type { HeaderReader } from "./client-address.ts";

/** A parsed request, as routes receive it. */
export interface ApiRequest {
  readonly event: H3Event;
  /** Identifies the request in the log; the response has it as `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** The parsed query string. */
  readonly search: CachedQuery;
  readonly address: string;
  /** Undefined on routes without a token. */
  readonly token: TokenInfo | undefined;
  readonly header: HeaderReader;
}

const PREFIX = randomBytes(6).toString("base64url");
let count = 0;

/** A possible token. */
const TOKEN_LIKE = /(?<![a-zA-Z0-9])[a-zA-Z0-9]{16}(?![a-zA-Z0-9])/;

/** The client's `X-Request-Id` when it is short, plain and not a possible token; otherwise a new one. */
export function requestId(given: string | null): string {
  if (given !== null && /^[\w.:-]{1,64}$/.test(given) && !TOKEN_LIKE.test(given)) {
    return given;
  }
  count += 1;
  return `${PREFIX}-${count.toString(36)}`;
}
