import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExactly, repairJsonText } from "../../../src/upstream/json/json-text.ts";

describe("repairing characters that PostgreSQL cannot store", () => {
  test.each([
    ["U+0000", String.raw`"a\u0000b"`, "a\ufffdb", 1],
    ["a lone high surrogate", String.raw`"a\ud83d"`, "a\ufffd", 1],
    ["a lone low surrogate", String.raw`"\udE00b"`, "\ufffdb", 1],
    ["a high surrogate before an ordinary escape", String.raw`"\ud83d\n"`, "\ufffd\n", 1],
    ["two high surrogates before a low one", String.raw`"\ud83d\ud83d\ude00"`, "\ufffd😀", 1],
    ["a high surrogate, text, a low one", String.raw`"\ud83dx\ude00"`, "\ufffdx\ufffd", 2],
    ["a whole pair", String.raw`"\ud83d\ude00"`, "😀", 0],
    ["a written backslash before u0000", String.raw`"\\u0000"`, String.raw`\u0000`, 0],
    ["a written backslash, then a real one", String.raw`"\\\u0000"`, "\\\ufffd", 1],
  ])("%s", (_name, text, value, count) => {
    const { text: result, repaired } = repairJsonText(text);
    expect(JSON.parse(result)).toBe(value);
    expect(repaired).toBe(count);
  });

  test("changes nothing else in any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = JSON.stringify(value);
        const repaired = repairJsonText(text);
        const parsed = JSON.stringify(JSON.parse(repaired.text));
        expect(parsed.isWellFormed() && !/\\u(?:0000|d[89a-f])/.test(parsed.replaceAll("\\\\", ""))).toBe(
          true,
        );
        if (repaired.repaired === 0) {
          expect(repaired.text).toBe(text);
        }
      }),
    );
  });
});

describe("parsing exactly", () => {
  test("numbers that JavaScript would round are printed unchanged", () => {
    const text = '{"a":1e400,"b":12345678901234567890,"c":1.10,"d":[0.5,-0,1],"e":"1.10"}';
    expect(JSON.stringify(parseExactly(text))).toBe(text);
  });

  test("a number is printed unchanged in any notation and position", () => {
    const digits = fc.stringMatching(/^\d{0,22}$/);
    const number = fc
      .tuple(
        fc.constantFrom("", "-"),
        fc.stringMatching(/^(?:0|[1-9]\d{0,20})$/),
        fc.option(digits),
        fc.option(digits),
      )
      .map(([sign, whole, fraction, exponent]) =>
        [sign, whole, fraction ? `.${fraction}` : "", exponent ? `e${exponent}` : ""].join(""),
      );
    const place = fc.constantFrom(
      "#",
      "[#]",
      "[1, #]",
      '{"a":#}',
      '{"a": {"b" :\n#,"c":"d"}}',
      '["1.10",[[#]]]',
    );
    fc.assert(
      fc.property(number, place, (written, where) => {
        const text = where.replace("#", written);
        const plain = JSON.stringify(JSON.parse(where.replace("#", "7"))).replace("7", written);
        expect(JSON.stringify(parseExactly(text))).toBe(plain);
      }),
      { numRuns: 2_000 },
    );
  });
});
