import { createHmac, hash, randomInt } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LENGTH = 16;
const SHAPE = new RegExp(`^[a-zA-Z0-9]{${LENGTH}}$`);
const KEY_ID_LENGTH = 16;

/** 16 characters of a-z, A-Z, 0-9, each equally likely (95 bits). */
export function generateToken(): string {
  // randomInt draws again where a plain modulo would favour the first characters.
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
}

/** Whether a text can be a token; any other is refused without a lookup. */
export const isTokenShaped = (text: string): boolean => SHAPE.test(text);

const hmac = (text: string, secretKey: string) => createHmac("sha256", secretKey).update(text).digest("hex");

/** The stored form with `tokens.storage: "hashed"`: HMAC-SHA-256, 64 hexadecimal digits. */
export const hashToken = (token: string, secretKey: string): string => hmac(token, secretKey);

/** Identifies a secret key without revealing it: stored with each hash, so that a changed key can be reported. */
export const keyIdOf = (secretKey: string): string =>
  hmac("che168-sync token key", secretKey).slice(0, KEY_ID_LENGTH);

/**
 * Key of a stored form in memory: SHA-256, hexadecimal. The time of a lookup by it does not reveal how much of a
 * guess is right.
 */
export const fingerprint = (stored: string): string => hash("sha256", stored);
