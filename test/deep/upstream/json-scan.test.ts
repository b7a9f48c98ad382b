import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { depthOf, isJson } from "../../support/upstream/json-text.ts";

describe("valid JSON", () => {
  test("agrees with JSON.parse on any text", () => {
    const pieces = [
      ...'{}[]:,"\\-+.01eEtrufalsn \n\t',
      "null",
      "true",
      '"a"',
      '"é车"',
      "\\u00e9",
      "1.5e3",
      '{"a":1}',
    ];
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((list) => list.join(""));
    const spoilt = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.nat(3), fc.constantFrom(...pieces, ""))
      .map(([value, place, removed, piece]) => {
        const text = JSON.stringify(value, null, place % 3);
        const at = place % (text.length + 1);
        return text.slice(0, at) + piece + text.slice(at + removed);
      })
      // Texts with lone surrogates have no UTF-8 form; decoding rejects them earlier.
      .filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.oneof(soup, spoilt), (text) => {
        expect(depthOf(text) !== undefined).toBe(isJson(text));
      }),
      { numRuns: 20_000 },
    );
  });
});
