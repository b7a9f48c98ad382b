import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import { constants, createGzip, gzip, gzipSync } from "node:zlib";
import { HTTPResponse } from "h3";
import { encodeUtf8 } from "../../util/utf8.ts";
import { type MaybePromise, maybeThen } from "../maybe-promise.ts";
import type { HeaderReader } from "./client-address.ts";

/** A response body, encoded once and sent any number of times. */
export interface EncodedBody {
  readonly type: string;
  readonly bytes: Buffer;
  /** Set by {@link forCache}; a body without it is compressed for each response. */
  readonly gzipped?: Buffer | undefined;
}

/** A response body of unknown length, sent once. */
export interface StreamedBody {
  readonly type: string;
  /** Read as fast as the client takes it; cancelled when the client is gone. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Result of a route. */
export interface RouteResponse {
  /** @default 200 */
  readonly status?: number;
  readonly cacheControl: string;
  /** Identifies this version of the body, without quotes; a response without it cannot be revalidated. */
  readonly etag?: string;
  /** Not called when the client's copy is current. */
  load(): MaybePromise<EncodedBody | StreamedBody>;
  readonly headers?: readonly (readonly [string, string])[];
}

/** The parts of the request that its response depends on. */
export interface ResponseContext {
  readonly method: string;
  readonly header: HeaderReader;
  /** On every response: request id, limits, CORS. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface SentResponse {
  readonly response: HTTPResponse;
  readonly status: number;
  /** Length of the body as sent; of a {@link StreamedBody}, when it has ended or the client is gone. */
  readonly bytes: number | Promise<number>;
}

/** Revalidated each time: data changes without notice, and a 304 costs next to nothing. */
export const PRIVATE = "private, no-cache";

/** Shorter bodies are sent uncompressed: the header costs more than gzip saves. */
const MIN_COMPRESSED_BYTES = 1_024;
/** Longer bodies are compressed outside of the main thread. */
const MAX_SYNC_BYTES = 65_536;
const FAST = { level: constants.Z_BEST_SPEED };
const gzipInPool = promisify(gzip);
const GZIP_SUFFIX = "-gz";

export const encodedBody = (body: string | Buffer, type: string): EncodedBody => ({
  type,
  bytes: typeof body === "string" ? encodeUtf8([body]) : body,
});

/** @param texts the JSON, in one or several pieces */
export const jsonBody = (...texts: readonly string[]): EncodedBody =>
  encodedBody(encodeUtf8(texts), "application/json");

/** Memory that a body from {@link forCache} holds, in bytes. */
export const heldBytes = ({ bytes, gzipped }: EncodedBody): number => bytes.length + (gzipped?.length ?? 0);

/** Copies bytes out of a shared slab: a small Buffer, and every result of zlib, keeps a much larger one alive. */
function exactCopy(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) {
    return bytes;
  }
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Pictures are compressed already. */
const isCompressible = ({ bytes, type }: EncodedBody): boolean =>
  bytes.length >= MIN_COMPRESSED_BYTES && !type.startsWith("image/");

const compress = (bytes: Buffer): MaybePromise<Buffer> =>
  bytes.length < MAX_SYNC_BYTES ? gzipSync(bytes, FAST) : gzipInPool(bytes, FAST);

/** A copy of the body for the cache: compressed, in buffers whose memory {@link heldBytes} counts completely. */
export function forCache(body: EncodedBody): MaybePromise<EncodedBody> {
  const bytes = exactCopy(body.bytes);
  if (!isCompressible(body)) {
    return { type: body.type, bytes };
  }
  return maybeThen(compress(bytes), (gzipped) => ({
    type: body.type,
    bytes,
    gzipped: exactCopy(gzipped),
  }));
}

/** Whether the client accepts gzip (RFC 9110 §12.5.3); `q=0` refuses a coding. */
export function acceptsGzip(header: string | null): boolean {
  if (header === null || !/gzip/i.test(header)) {
    return false;
  }
  return header.split(",").some((part) => {
    const [coding, ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
    return coding === "gzip" && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
  });
}

/** Whether `If-None-Match` lists this tag, in any coding (RFC 9110 §13.1.2: weak comparison). */
export function matchesTag(header: string | null, etag: string): boolean {
  if (header === null) {
    return false;
  }
  return header.split(",").some((one) => {
    const tag = one.trim().replace(/^W\//, "");
    return tag === `"${etag}"` || tag === `"${etag}${GZIP_SUFFIX}"`;
  });
}

/**
 * An {@link HTTPResponse} that passes its headers to h3 as a list. h3 only forwards them to its `Response`, so a `Headers`
 * object in between would cost 6 µs per request for nothing.
 */
class ListedResponse extends HTTPResponse {
  readonly #list: [string, string][];

  constructor(body: Buffer | StreamedBody["stream"] | null, status: number, headers: [string, string][]) {
    super(body as Uint8Array<ArrayBuffer> | StreamedBody["stream"] | null, { status });
    this.#list = headers;
  }

  override get headers(): Headers {
    return this.#list as unknown as Headers;
  }
}

/** Length of the pieces of a compressed stream: each costs some 20 µs on its way. */
const PIECE_BYTES = 131_072;

/** Compressed in the thread pool, while the next rows are read. */
function gzipStream(stream: StreamedBody["stream"]): StreamedBody["stream"] {
  const encoder = createGzip({ ...FAST, chunkSize: PIECE_BYTES });
  pipeline(Readable.fromWeb(stream as NodeReadableStream), encoder, () => {
    // A failure destroys the encoder too, which cuts the connection.
  });
  return Readable.toWeb(encoder) as StreamedBody["stream"];
}

/** The same stream, and its length when it has ended. */
function counted(stream: StreamedBody["stream"]): {
  readonly body: StreamedBody["stream"];
  readonly bytes: Promise<number>;
} {
  const reader = stream.getReader();
  const { promise, resolve } = Promise.withResolvers<number>();
  let bytes = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) {
            resolve(bytes);
            controller.close();
          } else {
            bytes += value.length;
            controller.enqueue(value);
          }
        } catch (error) {
          resolve(bytes);
          throw error;
        }
      },
      cancel: async (reason) => {
        resolve(bytes);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, bytes: promise };
}

/** A response without a body. */
export const sendEmpty = (status: number, headers: [string, string][]): SentResponse => ({
  response: new ListedResponse(null, status, headers),
  status,
  bytes: 0,
});

function sendStream(
  { type, stream }: StreamedBody,
  status: number,
  headers: [string, string][],
  { method, header }: ResponseContext,
): SentResponse {
  const isGzip = acceptsGzip(header("accept-encoding"));
  headers.push(["content-type", type], ["x-content-type-options", "nosniff"]);
  if (isGzip) {
    headers.push(["content-encoding", "gzip"]);
  }
  if (method === "HEAD") {
    void stream.cancel();
    return sendEmpty(status, headers);
  }
  const { body, bytes } = counted(isGzip ? gzipStream(stream) : stream);
  return { response: new ListedResponse(body, status, headers), status, bytes };
}

/**
 * The only place that creates a response with a body. All headers and the length are known at creation, which keeps Node's
 * fast path: a response whose headers change later is chunked and costs several times as much.
 */
export function send(result: RouteResponse, context: ResponseContext): MaybePromise<SentResponse> {
  const { etag, status = 200 } = result;
  const headers: [string, string][] = [
    ["cache-control", result.cacheControl],
    ["vary", "accept-encoding, origin"],
    ...(context.headers as [string, string][]),
    ...((result.headers ?? []) as [string, string][]),
  ];
  const condition = etag === undefined ? null : context.header("if-none-match");
  const notModified = () => sendEmpty(304, [...headers, ["etag", `"${etag}"`]]);
  if (etag !== undefined && matchesTag(condition, etag)) {
    return notModified();
  }
  return maybeThen(result.load(), (body) => {
    // `*` matches any representation; a missing one has thrown.
    if (condition?.trim() === "*") {
      return notModified();
    }
    if ("stream" in body) {
      return sendStream(body, status, headers, context);
    }
    const isGzip = isCompressible(body) && acceptsGzip(context.header("accept-encoding"));
    if (isGzip) {
      headers.push(["content-encoding", "gzip"]);
    }
    if (etag !== undefined) {
      headers.push(["etag", `"${etag}${isGzip ? GZIP_SUFFIX : ""}"`]);
    }
    headers.push(["content-type", body.type], ["x-content-type-options", "nosniff"]);
    return maybeThen(isGzip ? (body.gzipped ?? compress(body.bytes)) : body.bytes, (bytes) => {
      headers.push(["content-length", String(bytes.length)]);
      if (context.method === "HEAD") {
        return sendEmpty(status, headers);
      }
      return { response: new ListedResponse(bytes, status, headers), status, bytes: bytes.length };
    });
  });
}
