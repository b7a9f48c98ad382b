import { transcode } from "node:buffer";

/** Texts with at most this many UTF-16 code units are encoded through {@link SCRATCH}. */
const MAX_SCRATCH_UNITS = 262_144;
const SCRATCH = Buffer.allocUnsafeSlow(2 * MAX_SCRATCH_UNITS);

/**
 * Encodes several texts as one UTF-8 buffer. They are copied into a scratch buffer as UTF-16 and transcoded at once, which takes a
 * third of the time of writing each as UTF-8: V8 encodes one character after another, `transcode` a vector of them.
 */
export function encodeUtf8(texts: readonly string[]): Buffer<ArrayBuffer> {
  let length = 0;
  for (const text of texts) {
    if (length + text.length > MAX_SCRATCH_UNITS) {
      return Buffer.from(texts.join(""));
    }
    length += SCRATCH.write(text, 2 * length, "utf16le") / 2;
  }
  try {
    return transcode(SCRATCH.subarray(0, 2 * length), "utf16le", "utf8") as Buffer<ArrayBuffer>;
  } catch {
    // Half a surrogate pair becomes U+FFFD.
    return Buffer.from(texts.join(""));
  }
}
