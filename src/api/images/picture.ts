/** A picture of a type that browsers show and cannot run. */
export interface Picture {
  readonly type: "image/jpeg" | "image/png" | "image/webp";
  readonly bytes: Buffer;
}

export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * The type of a picture by its first bytes; undefined for anything else. What the server declares is ignored: with a
 * wrong `Content-Type`, a page or a script could be served from the API's own host. Pure.
 */
export function pictureTypeOf(bytes: Buffer): Picture["type"] | undefined {
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) {
    return "image/jpeg";
  }
  if (bytes.subarray(0, PNG.length).equals(PNG)) {
    return "image/png";
  }
  const isWebp = bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
  return isWebp ? "image/webp" : undefined;
}
