import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, oneLine } from "../../../src/upstream/request-errors.ts";
import { formatDuration } from "../../../src/upstream/retry-request.ts";

describe("text for messages", () => {
  test("never contains the key as URLs, JSON or HTML spell it", () => {
    const key = fc.string({
      minLength: 4,
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
    });
    fc.assert(
      fc.property(key, fc.string(), fc.string(), (secret, before, after) => {
        const redact = createRedactor(secret);
        const forms = [
          secret,
          secret.toUpperCase(),
          encodeURIComponent(secret),
          new URLSearchParams({ k: secret }).toString().slice(2),
          JSON.stringify(secret).slice(1, -1),
        ];
        for (const form of forms) {
          expect(redact(`${before}${form}${after}`)).not.toContain(form);
        }
      }),
    );
  });

  test("is one printable line of bounded length", () => {
    expect(oneLine("a\r\n\u001b[31mb\u202e\u0000c")).toBe("a [31mb c");
    expect(oneLine(`${"x".repeat(119)}😀😀`)).toBe(`${"x".repeat(119)}\ufffd…`);
  });

  test.each([
    [0, "0 ms"],
    [350, "350 ms"],
    [2000, "2 s"],
    [90_000, "90 s"],
    [720_000, "12 min"],
    [3_600_000, "60 min"],
    [4 * 86_400_000, "4 days"],
  ])("formats %i milliseconds as %s", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});
