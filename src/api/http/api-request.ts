import { randomBytes } from "node:crypto";
import type { H3Event } from "h3";
import type { TokenInfo } from "../../tokens/index.ts";
import type { CachedQuery } from "../cache/query-cache.ts";
import type { Claim } from "../replicas/claim.ts";
import type { HeaderReader } from "./client-address.ts";
import { Problem } from "./problem.ts";

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
  /** Whose turn its queries wait for. */
  readonly claim: Claim;
  /**
   * The body of a POST as text; empty without one.
   *
   * @throws Problem 411 without a length; 413 when it is longer than {@link MAX_BODY_BYTES}; 500 when it was read before
   */
  body(): Promise<string>;
}

/** Longest body of a request. */
export const MAX_BODY_BYTES = 8_192;

/**
 * Reads a request's body. It must announce its length: the rest of a longer one would have to be read, or the connection cut
 * while the response is being sent.
 */
export async function readRequestBody(event: H3Event, header: HeaderReader): Promise<string> {
  const length = Number(header("content-length") ?? (header("transfer-encoding") === null ? 0 : Number.NaN));
  if (Number.isNaN(length)) {
    throw new Problem(411, "length_required", "A request with a body needs the header Content-Length.");
  }
  if (length > MAX_BODY_BYTES) {
    throw new Problem(413, "content_too_large", `The body must have at most ${MAX_BODY_BYTES} bytes.`, {
      headers: [["connection", "close"]],
    });
  }
  return bodyReadBefore(event) ?? event.req.text();
}

/** The part of Node's request that middleware such as `express.json()` leaves. */
interface NodeRequest {
  readonly readableDidRead: boolean;
  readonly body?: unknown;
}

/**
 * The body that middleware before this handler has read and kept in `request.body`.
 *
 * @returns undefined when the body has not been read
 * @throws Problem 500 when it was read and not kept
 */
function bodyReadBefore({ req, runtime }: H3Event): string | undefined {
  const node = runtime?.node?.req as NodeRequest | undefined;
  if (!(node?.readableDidRead ?? req.bodyUsed)) {
    return undefined;
  }
  const body = node?.body;
  if (body === undefined) {
    throw Problem.bodyConsumed();
  }
  return typeof body === "string" || Buffer.isBuffer(body) ? String(body) : JSON.stringify(body);
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
