import { createHmac, hash, randomInt, timingSafeEqual } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LENGTH = 16;
const SHAPE = new RegExp(`^[a-zA-Z0-9]{${LENGTH}}$`);

/** 16 characters of a-z, A-Z, 0-9, every one equally likely (95 bits). */
export function generateToken(): string {
  // randomInt draws again where a plain modulo would favour the first characters.
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
}

/** Whether a text can be a token at all; nothing else is looked up. */
export const isTokenShaped = (text: string): boolean => SHAPE.test(text);

/** What stands in the table with `tokens.storage: "hashed"`: HMAC-SHA-256 in hexadecimal digits. */
export function hashToken(token: string, secretKey: string): string {
  return createHmac("sha256", secretKey).update(token).digest("hex");
}

/** A name for a token in memory, which tells nothing of it and takes the same time to find whatever was guessed. */
export const fingerprint = (token: string): string => hash("sha256", token);

/** Compares without telling by its time how much was right. */
export function equalTexts(one: string, other: string): boolean {
  const [a, b] = [hash("sha256", one, "buffer"), hash("sha256", other, "buffer")];
  return timingSafeEqual(a, b);
}
