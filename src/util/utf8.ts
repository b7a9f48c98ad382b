import { transcode } from "node:buffer";

/** Texts with at most this many UTF-16 code units are encoded through {@link SCRATCH}. */
const MAX_SCRATCH_UNITS = 262_144;
const SCRATCH = Buffer.allocUnsafeSlow(2 * MAX_SCRATCH_UNITS);

/**
 * Encodes several texts as one UTF-8 buffer. They are joined, copied into a scratch buffer as UTF-16 and transcoded, which takes a
 * quarter of the time of writing UTF-8: V8 encodes one character after another, `transcode` a vector of them.
 */
export function encodeUtf8(texts: readonly string[]): Buffer<ArrayBuffer> {
  // Copies every piece once; writing them one by one would first copy those that are concatenations.
  const text = texts.length === 1 ? (texts[0] ?? "") : texts.join("");
  if (text.length > MAX_SCRATCH_UNITS) {
    return Buffer.from(text);
  }
  const bytes = SCRATCH.write(text, 0, "utf16le");
  try {
    return transcode(SCRATCH.subarray(0, bytes), "utf16le", "utf8") as Buffer<ArrayBuffer>;
  } catch {
    // Half a surrogate pair becomes U+FFFD.
    return Buffer.from(text);
  }
}
