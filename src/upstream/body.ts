import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { oneLine } from "./request-errors.ts";

/** `Accept-Encoding`: what {@link decompress} supports. */
export const ENCODINGS = "gzip, deflate, br";

/** Thrown for a body that exceeds the limit. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
  }
}

/**
 * Reads a body and holds at most `maxBytes` of it.
 * @throws BodyTooLarge as soon as it is longer; the connection is then closed
 */
export async function collectBody(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      // Leaving the loop destroys the stream and its connection.
      throw new BodyTooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * Decodes `Content-Encoding` (RFC 9110 §8.4), the last coding first. Unknown codings are skipped.
 * @throws BodyTooLarge when the output exceeds `maxBytes`, so that a small response cannot expand into a large one
 * @throws zlib's error for corrupt or truncated input
 */
export async function decompress(bytes: Buffer, encodings: string | null, maxBytes: number): Promise<Buffer> {
  let result = bytes;
  for (const name of (encodings ?? "").toLowerCase().split(",").reverse()) {
    const decoder = DECODERS[name.trim()];
    if (decoder === undefined || result.length === 0) {
      continue;
    }
    try {
      result = await decoder(result, maxBytes);
    } catch (error) {
      const { code } = error as { code?: unknown };
      throw code === "ERR_BUFFER_TOO_LARGE" ? new BodyTooLarge(maxBytes) : error;
    }
  }
  return result;
}

type Decoder = (bytes: Buffer, maxOutputLength: number) => Promise<Buffer>;

const decodeGzip = promisify(gunzip);
const decodeZlib = promisify(inflate);
const decodeDeflate = promisify(inflateRaw);
const decodeBrotli = promisify(brotliDecompress);

const gzip: Decoder = (bytes, maxOutputLength) => decodeGzip(bytes, { maxOutputLength });

const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip,
  "x-gzip": gzip,
  // Some servers send raw deflate; a zlib header is recognised by its first byte.
  deflate: (bytes, maxOutputLength) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? decodeZlib(bytes, { maxOutputLength })
      : decodeDeflate(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => decodeBrotli(bytes, { maxOutputLength }),
};

const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/**
 * A body as UTF-8 without its byte order mark. JSON is always UTF-8 (RFC 8259 §8.1), so the charset of the header is
 * ignored. Invalid bytes become U+FFFD (`repaired`): one of them in one listing must not reject the other nineteen.
 */
export function toUtf8(body: Buffer): { bytes: Buffer; repaired: boolean } {
  if (!isUtf8(body)) {
    return { bytes: Buffer.from(new TextDecoder().decode(body)), repaired: true };
  }
  const hasMark = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return { bytes: hasMark ? body.subarray(BYTE_ORDER_MARK.length) : body, repaired: false };
}

/** Longest JSON that is parsed to find an error message in it. */
const MAX_ERROR_LENGTH = 4096;

/**
 * Describes an unexpected body for a message. Of JSON only the service's own error message is repeated: a listing may
 * hold a seller's phone number.
 * @param text the body, or its first 8 KB
 * @param redact removes the key from foreign text
 */
export function describeBody(text: string, redact: (text: string) => string): string {
  // Redact before cutting: half a key would not be recognised.
  const start = redact(text.slice(0, 2 * MAX_ERROR_LENGTH))
    .slice(0, MAX_ERROR_LENGTH)
    .trimStart();
  if (start === "") {
    return "an empty body";
  }
  if (start.startsWith("<")) {
    const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1]?.trim();
    return title ? `an HTML page titled "${oneLine(title)}"` : "an HTML page";
  }
  if (/^[[{"]/.test(start)) {
    const message = errorMessageOf(text);
    return message === undefined ? "JSON" : `JSON that says "${oneLine(redact(message))}"`;
  }
  return `text: "${oneLine(start, 80)}"`;
}

/** The service's own error message in a JSON body: `{"message": …, "errors": […]}`, `{"error": …}`. */
function errorMessageOf(text: string): string | undefined {
  // A page of listings is not an error, and too long to parse for one.
  if (text.length > MAX_ERROR_LENGTH) {
    return undefined;
  }
  try {
    const json: unknown = JSON.parse(text);
    if (json === null || typeof json !== "object") {
      return undefined;
    }
    const message = findMessage(json);
    return message === undefined ? undefined : [message, ...detailsOf(json)].join(": ");
  } catch {
    return undefined;
  }
}

/** The texts in `{"errors": […]}`, which name the parameters of an invalid request. */
function detailsOf(json: object): string[] {
  const errors: unknown = Reflect.get(json, "errors");
  const texts = Array.isArray(errors) ? errors.filter((error) => typeof error === "string") : [];
  return texts.length === 0 ? [] : [texts.join("; ")];
}

function findMessage(json: object): string | undefined {
  for (const name of ["error", "message", "detail", "title"]) {
    const value: unknown = Object.hasOwn(json, name) ? Reflect.get(json, name) : undefined;
    if (typeof value === "string" && value.trim() !== "") {
      return value;
    }
    if (name === "error" && value !== null && typeof value === "object") {
      const message = findMessage(value);
      if (message !== undefined) {
        return message;
      }
    }
  }
  return undefined;
}
