import { type ServerResponse, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Fault } from "./faults.ts";

/** A response before it is sent. */
export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A JSON response. */
export function jsonResponse(
  status: number,
  body: Buffer | string,
  headers: Record<string, string> = {},
): SandboxResponse {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: bytes };
}

const HTML =
  "<!DOCTYPE html><html><head><title>Service</title></head><body><h1>Please try again later</h1></body></html>";
const page = (status: number, headers: Record<string, string> = {}): SandboxResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: Buffer.from(HTML),
});

const COMPRESS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** One listing whose data is nested `depth` objects deep, in an envelope valid for `/offers` and `/changes`. */
function deepBody(depth: number): string {
  const data = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const meta = '{"page":1,"next_page":null,"cur_change_id":1,"next_change_id":null,"limit":20}';
  const record = `{"id":1,"inner_id":"1","change_type":"added","created_at":"2025-01-01T00:00:00Z","data":${data}}`;
  return `{"result":[${record}],"meta":${meta}}`;
}

/** Applies a fault of the content to a response; faults of the transfer leave it unchanged. Pure. */
export function distort(answer: SandboxResponse, fault: Fault): SandboxResponse {
  switch (fault.kind) {
    case "status": {
      const headers: Record<string, string> = fault.retryAfter ? { "retry-after": fault.retryAfter } : {};
      if (fault.body === "html") {
        return page(fault.status, headers);
      }
      if (fault.body === "empty") {
        return { status: fault.status, headers, body: Buffer.alloc(0) };
      }
      const message = STATUS_CODES[fault.status] ?? `Status ${fault.status}`;
      if (fault.body === "text") {
        return {
          status: fault.status,
          headers: { "content-type": "text/plain", ...headers },
          body: Buffer.from(message),
        };
      }
      return jsonResponse(fault.status, JSON.stringify({ message }), headers);
    }
    case "html200":
      return page(200);
    case "truncated":
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
    case "empty":
      return { ...answer, status: 200, body: Buffer.alloc(0) };
    case "wrongShape":
      return jsonResponse(200, '{"status":"ok","items":[{"name":"BMW"}],"count":1}');
    case "deep":
      return jsonResponse(200, deepBody(fault.depth));
    case "redirect":
      return { status: fault.status ?? 302, headers: { location: fault.location }, body: Buffer.alloc(0) };
    case "body": {
      const plain = fault.body === undefined ? answer.body : Buffer.from(fault.body);
      const marked = fault.bom ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]) : plain;
      const type = fault.contentType ?? answer.headers["content-type"]?.split(";")[0] ?? "application/json";
      const headers = {
        ...answer.headers,
        "content-type": fault.charset ? `${type}; charset=${fault.charset}` : type,
        ...(fault.encoding && { "content-encoding": fault.encoding }),
      };
      const status = fault.body === undefined ? answer.status : 200;
      return { status, headers, body: fault.encoding ? COMPRESS[fault.encoding](marked) : marked };
    }
    default:
      return answer;
  }
}

/** A body of exactly `bytes` bytes: valid JSON, nearly all of it one string. */
function* hugeBody(bytes: number): Generator<Buffer> {
  const [open, close] = ['{"result":["', '"],"meta":{"next_page":null}}'];
  const chunk = Buffer.alloc(65_536, "a");
  yield Buffer.from(open);
  for (let left = bytes - open.length - close.length; left > 0; left -= chunk.length) {
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
  }
  yield Buffer.from(close);
}

async function drip(response: ServerResponse, body: Buffer, bytesPerSecond: number, signal: AbortSignal) {
  // Ten slices per second, or single bytes at lower rates.
  const size = Math.max(1, Math.floor(bytesPerSecond / 10));
  const pause = (size / bytesPerSecond) * 1000;
  for (let from = 0; from < body.length; from += size) {
    response.write(body.subarray(from, from + size));
    await sleep(pause, undefined, { signal });
  }
  response.end();
}

/** Sends a complete response. */
export function sendComplete(response: ServerResponse, answer: SandboxResponse): void {
  response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
  response.end(answer.body);
}

/**
 * Sends a response with a fault of the transfer.
 * @param signal aborts a slow or endless response; the promise then rejects
 */
export async function sendFaulty(
  response: ServerResponse,
  answer: SandboxResponse,
  fault: Fault,
  signal: AbortSignal,
): Promise<void> {
  const head = { ...answer.headers, "content-length": answer.body.length };
  switch (fault.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      return;
    case "headersOnly":
      response.writeHead(answer.status, head);
      response.flushHeaders();
      return;
    case "resetMidBody":
      response.writeHead(answer.status, head);
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () =>
        response.socket?.resetAndDestroy(),
      );
      return;
    case "drip":
      response.writeHead(answer.status, head);
      await drip(response, answer.body, fault.bytesPerSecond, signal);
      return;
    case "huge":
      response.writeHead(200, {
        "content-type": "application/json; charset=utf-8",
        ...(fault.contentLength && { "content-length": fault.bytes }),
      });
      await pipeline(Readable.from(hugeBody(fault.bytes)), response, { signal });
      return;
    default:
      sendComplete(response, distort(answer, fault));
  }
}
