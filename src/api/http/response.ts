import { FastResponse } from "srvx";
import { maybeThen } from "../maybe-promise.ts";
import type { HeaderReader } from "./client-address.ts";
import { acceptsGzip, type Entity, gzippedOf, isCompressible } from "./entity.ts";

/** What a route gives: something to send, and under which tag it is remembered by clients. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly cacheControl: string;
  /** Names this version of the body, without quotes; without it the answer is not asked for again. */
  readonly etag?: string;
  /** The body; not asked for when the client has it already. */
  load(): Entity | Promise<Entity>;
  /** Called when a compressed copy was made, for whoever counts memory. */
  onGrown?(entity: Entity): void;
  readonly headers?: readonly (readonly [string, string])[];
}

/** What is known of the request when its answer is sent. */
export interface ResponseContext {
  readonly method: string;
  readonly header: HeaderReader;
  /** On every answer: request id, limits, CORS. */
  readonly headers: readonly (readonly [string, string])[];
}

/** The answer and how many bytes its body has. */
export interface SentResponse {
  readonly response: Response;
  readonly bytes: number;
}

/** Revalidated each time: data changes without notice, and a 304 costs next to nothing. */
export const PRIVATE = "private, no-cache";
const ZIPPED = "-gz";

/**
 * Whether `If-None-Match` names this tag, in any coding (RFC 9110 §13.1.2: weak comparison). `*` is not taken for a match:
 * whether there is something at all is not known before it is read.
 */
export function matchesTag(header: string | null, etag: string): boolean {
  if (header === null) {
    return false;
  }
  return header.split(",").some((one) => {
    const tag = one.trim().replace(/^W\//, "");
    return tag === `"${etag}"` || tag === `"${etag}${ZIPPED}"`;
  });
}

/**
 * The only place that makes a response with a body: all headers at once and a known length, which is what keeps Node's
 * fast path (a response whose headers are touched later is sent in chunks, and costs several times as much).
 */
export function send(answer: Answer, request: ResponseContext): SentResponse | Promise<SentResponse> {
  const { etag } = answer;
  const headers: [string, string][] = [
    ["cache-control", answer.cacheControl],
    ["vary", "accept-encoding, origin"],
    ...(request.headers as [string, string][]),
    ...((answer.headers ?? []) as [string, string][]),
  ];
  if (etag !== undefined && matchesTag(request.header("if-none-match"), etag)) {
    headers.push(["etag", `"${etag}"`]);
    return { response: new FastResponse(null, { status: 304, headers }), bytes: 0 };
  }
  return maybeThen(answer.load(), (entity) => {
    const zipped = isCompressible(entity) && acceptsGzip(request.header("accept-encoding"));
    if (zipped) {
      headers.push(["content-encoding", "gzip"]);
    }
    if (etag !== undefined) {
      headers.push(["etag", `"${etag}${zipped ? ZIPPED : ""}"`]);
    }
    headers.push(["content-type", entity.type], ["x-content-type-options", "nosniff"]);
    const body = zipped ? gzippedOf(entity, () => answer.onGrown?.(entity)) : entity.bytes;
    return maybeThen(body, (bytes) => sendBytes(bytes, answer.status ?? 200, headers, request.method));
  });
}

function sendBytes(bytes: Buffer, status: number, headers: [string, string][], method: string): SentResponse {
  headers.push(["content-length", String(bytes.length)]);
  const isHead = method === "HEAD";
  const response = new FastResponse(isHead ? null : (bytes as Uint8Array<ArrayBuffer>), { status, headers });
  return { response, bytes: isHead ? 0 : bytes.length };
}

/** An answer without a body. */
export function sendEmpty(status: number, headers: [string, string][]): SentResponse {
  return { response: new FastResponse(null, { status, headers }), bytes: 0 };
}
