import { randomBytes } from "node:crypto";
import type { H3Event } from "h3";
import type { TokenInfo } from "../../tokens/index.ts";
import type { CachedQuery } from "../cache/query-cache.ts";
import type { HeaderReader } from "./client-address.ts";

/** A request on its way through the API. */
export interface ApiRequest {
  readonly event: H3Event;
  /** By which the log can be searched; in the answer as `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** The query string, taken apart. */
  readonly search: CachedQuery;
  readonly address: string;
  /** Who asks; undefined where no token is needed. */
  readonly token: TokenInfo | undefined;
  readonly header: HeaderReader;
}

const START = randomBytes(6).toString("base64url");
let count = 0;

/** A run as long as a token might be one. */
const TOKEN_LIKE = /(?<![a-zA-Z0-9])[a-zA-Z0-9]{16}(?![a-zA-Z0-9])/;

/** The caller's `X-Request-Id` when it is harmless, else one of our own. */
export function requestId(given: string | null): string {
  if (given !== null && /^[\w.:-]{1,64}$/.test(given) && !TOKEN_LIKE.test(given)) {
    return given;
  }
  count += 1;
  return `${START}-${count.toString(36)}`;
}
