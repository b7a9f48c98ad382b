import { isUtf8 } from "node:buffer";
import { oneLine } from "./failure.ts";

/** Thrown by {@link readWithin} for a body that is longer than allowed. */
export class BodyTooLong extends Error {}

/**
 * Reads a body to its end, however it is divided, without ever holding more than `maxBytes` of it (counted after
 * decompression, so that a small answer cannot unfold into a large one).
 * @throws {BodyTooLong} as soon as more has come; the connection is then closed.
 */
export async function readWithin(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  if (body === null) {
    return Buffer.alloc(0);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    if (length > maxBytes) {
      await discard(reader);
      throw new BodyTooLong(`more than ${maxBytes} bytes`);
    }
    chunks.push(part.value);
  }
  return chunks.length === 1 && chunks[0] !== undefined
    ? Buffer.from(chunks[0].buffer, chunks[0].byteOffset, chunks[0].byteLength)
    : Buffer.concat(chunks, length);
}

/** Lets go of a body that nobody reads: its connection would stay busy otherwise. Never fails. */
export async function discard(
  body: Pick<ReadableStream<Uint8Array>, "cancel"> | ReadableStreamDefaultReader<Uint8Array> | null,
): Promise<void> {
  await body?.cancel().catch(() => {});
}

/**
 * A body as text. JSON is UTF-8 (RFC 8259 §8.1), so the charset that a header names is not asked; a byte order mark
 * is dropped. Bytes that are no UTF-8 become U+FFFD, because one of them in one listing must not keep back the
 * nineteen others or stop the feed; `repaired` then says that it happened.
 */
export function decodeBody(bytes: Buffer): { text: string; repaired: boolean } {
  return { text: new TextDecoder().decode(bytes), repaired: !isUtf8(bytes) };
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
