import { expect, test } from "vitest";
import { fingerprint, generateToken, hashToken, isTokenShaped, keyIdOf } from "../../../src/tokens/secret.ts";

test("a token has 16 characters of a-z, A-Z, 0-9, all equally frequent", () => {
  const counts = new Map<string, number>();
  const tokens = Array.from({ length: 10_000 }, generateToken);
  for (const token of tokens) {
    expect(token).toMatch(/^[a-zA-Z0-9]{16}$/);
    for (const character of token) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(counts.size).toBe(62);
  // Chi-square with 61 degrees of freedom: above 130 with a probability of one in a million. A plain modulo of bytes
  // (256 = 4 * 62 + 8) gives about 1,700.
  const mean = (tokens.length * 16) / 62;
  const chiSquare = [...counts.values()].reduce((sum, seen) => sum + (seen - mean) ** 2 / mean, 0);
  expect(chiSquare).toBeLessThan(130);
});

test("only 16 letters and digits can be a token", () => {
  for (const text of [
    "",
    "a".repeat(15),
    "a".repeat(17),
    "aaaaaaaaaaaaaaa-",
    "aaaaaaaaaaaaaaa\n",
    "ааaaaaaaaaaaaaaa",
    "a".repeat(64),
  ]) {
    expect(isTokenShaped(text)).toBe(false);
  }
  expect(isTokenShaped("0aZ9".repeat(4))).toBe(true);
});

test("a hash is HMAC-SHA-256 with the key", () => {
  expect(hashToken("0aZ90aZ90aZ90aZ9", "key")).not.toBe(hashToken("0aZ90aZ90aZ90aZ9", "other"));
  // RFC 4231, test case 2.
  expect(hashToken("what do ya want for nothing?", "Jefe")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("a key id identifies the key and is not one of its hashes", () => {
  expect(keyIdOf("key")).toMatch(/^[0-9a-f]{16}$/);
  expect(keyIdOf("key")).not.toBe(keyIdOf("other"));
});

test("a fingerprint does not contain the token", () => {
  expect(fingerprint("0aZ90aZ90aZ90aZ9")).toMatch(/^[0-9a-f]{64}$/);
});
