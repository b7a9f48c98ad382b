import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { ImageSize } from "./sizes.ts";

/** A picture of a listing in one size. */
export interface PictureId {
  readonly innerId: string;
  /** Position among the listing's pictures, from 0. */
  readonly n: number;
  readonly size: ImageSize;
  /** Hash of the stored address: another picture at the same position has another one. */
  readonly v: string;
}

/** 72 bits. */
const VERSION_LENGTH = 12;
/** 132 bits. */
const SIGNATURE_LENGTH = 22;

/** The version of a picture: a hash of its stored address. */
export const versionOf = (url: string): string => hash("sha256", url, "base64url").slice(0, VERSION_LENGTH);

/** Signature of a picture's address, with which a browser needs no token. */
const signatureOf = (key: string, { innerId, n, size, v }: PictureId): string =>
  createHmac("sha256", key)
    .update(JSON.stringify([innerId, n, size, v]))
    .digest("base64url")
    .slice(0, SIGNATURE_LENGTH);

/** Compares in constant time. */
export function isSignatureOf(key: string, id: PictureId, signature: string): boolean {
  const expected = Buffer.from(signatureOf(key, id));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The address of a picture below the API: `/images/57516913/0?size=thumb&v=…&sig=…`. */
export const signedPath = (key: string, id: PictureId): string =>
  `/images/${encodeURIComponent(id.innerId)}/${id.n}?size=${id.size}&v=${id.v}&sig=${signatureOf(key, id)}`;
