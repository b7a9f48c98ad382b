import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { oneLine } from "./request-errors.ts";

/** The encodings that {@link decompress} undoes, for `Accept-Encoding`. */
export const ENCODINGS = "gzip, deflate, br";

/** Thrown for a body that is longer than allowed. */
export class BodyTooLong extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
  }
}

/**
 * Reads a body to its end, however it is divided, without ever holding more than `maxBytes` of it.
 * @throws {BodyTooLong} as soon as more has come; the connection is then closed.
 */
export async function readWithin(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      // Leaving the loop destroys the stream, and with it the connection.
      throw new BodyTooLong(maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Lets go of a body that nobody reads, and of its connection. */
export function discard(body: Readable): void {
  body.destroy();
}

/**
 * Undoes what `Content-Encoding` names (RFC 9110 §8.4), the last one first. What is unknown stays as it is.
 * @throws {BodyTooLong} when more than `maxBytes` come out: a small answer cannot unfold into a large one.
 * @throws zlib's error for what is not so encoded, or cut off.
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
      throw code === "ERR_BUFFER_TOO_LARGE" ? new BodyTooLong(maxBytes) : error;
    }
  }
  return result;
}

type Decoder = (bytes: Buffer, maxOutputLength: number) => Promise<Buffer>;

const [gunzipAll, inflateAll, inflateRawAll, brotliAll] = [
  promisify(gunzip),
  promisify(inflate),
  promisify(inflateRaw),
  promisify(brotliDecompress),
];

const unzip: Decoder = (bytes, maxOutputLength) => gunzipAll(bytes, { maxOutputLength });

const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip: unzip,
  "x-gzip": unzip,
  // Some servers leave out the header that zlib's format has; its first byte tells.
  deflate: (bytes, maxOutputLength) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? inflateAll(bytes, { maxOutputLength })
      : inflateRawAll(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => brotliAll(bytes, { maxOutputLength }),
};

const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/**
 * A body as UTF-8. JSON is nothing else (RFC 8259 §8.1), so the charset that a header names is not asked; a byte order
 * mark is dropped. Bytes that are no UTF-8 become U+FFFD, because one of them in one listing must not keep back the
 * nineteen others or stop the feed; `repaired` then says that it happened.
 */
export function toUtf8(body: Buffer): { bytes: Buffer; repaired: boolean } {
  if (!isUtf8(body)) {
    return { bytes: Buffer.from(new TextDecoder().decode(body)), repaired: true };
  }
  const hasMark = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return { bytes: hasMark ? body.subarray(BYTE_ORDER_MARK.length) : body, repaired: false };
}

/**
 * What a body that is not the one expected looks like, for a message. Of JSON nothing is repeated but the service's
 * own words for an error: a listing may hold a seller's telephone number.
 * @param redact takes the key out of foreign text.
 */
export function describeBody(text: string, redact: (text: string) => string): string {
  // Before anything is cut off: half a key would not be recognised.
  const start = redact(text.slice(0, 8192)).slice(0, 4096).trimStart();
  if (start === "") {
    return "an empty body";
  }
  if (start.startsWith("<")) {
    const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1]?.trim();
    return title ? `an HTML page titled "${oneLine(title)}"` : "an HTML page";
  }
  if (/^[[{"]/.test(start)) {
    const words = errorWords(text);
    return words === undefined ? "JSON" : `JSON that says "${oneLine(redact(words))}"`;
  }
  return `text: "${oneLine(start, 80)}"`;
}

function errorWords(text: string): string | undefined {
  // A page of listings is no error, and too long to be parsed for its words.
  if (text.length > 4096) {
    return undefined;
  }
  try {
    const json: unknown = JSON.parse(text);
    return json !== null && typeof json === "object" ? findWords(json) : undefined;
  } catch {
    return undefined;
  }
}

function findWords(json: object): string | undefined {
  for (const name of ["error", "message", "detail", "title"]) {
    const value: unknown = Object.hasOwn(json, name) ? Reflect.get(json, name) : undefined;
    if (typeof value === "string" && value.trim() !== "") {
      return value;
    }
    if (name === "error" && value !== null && typeof value === "object") {
      const words = findWords(value);
      if (words !== undefined) {
        return words;
      }
    }
  }
  return undefined;
}
