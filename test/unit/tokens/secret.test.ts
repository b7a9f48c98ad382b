import fc from "fast-check";
import { expect, test } from "vitest";
import {
  equalTexts,
  fingerprint,
  generateToken,
  hashToken,
  isTokenShaped,
} from "../../../src/tokens/secret.ts";

test("a token has 16 characters of a-z, A-Z, 0-9, each as often as the others", () => {
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
  // Chi-square with 61 degrees of freedom: beyond 130 with a probability of one in a million. A plain modulo of bytes
  // (256 = 4 * 62 + 8) gives some 1,700 here.
  const mean = (tokens.length * 16) / 62;
  const chiSquare = [...counts.values()].reduce((sum, seen) => sum + (seen - mean) ** 2 / mean, 0);
  expect(chiSquare).toBeLessThan(130);
});

test("only what looks like a token is one", () => {
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

test("the hash is HMAC-SHA-256 with the key, so that the table alone tells nothing", () => {
  // echo -n 0aZ90aZ90aZ90aZ9 | openssl dgst -sha256 -hmac key
  expect(hashToken("0aZ90aZ90aZ90aZ9", "key")).toMatch(/^[0-9a-f]{64}$/);
  expect(hashToken("0aZ90aZ90aZ90aZ9", "key")).not.toBe(hashToken("0aZ90aZ90aZ90aZ9", "other"));
  expect(hashToken("what do ya want for nothing?", "Jefe")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("texts are equal exactly when they are, of whatever length", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => equalTexts(a, b) === (a === b) && equalTexts(a, a)),
  );
});

test("a fingerprint does not show the token", () => {
  expect(fingerprint("0aZ90aZ90aZ90aZ9")).toMatch(/^[0-9a-f]{64}$/);
});
