import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, jsonBody } from "../../../src/api/http/response.ts";

const texts = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { maxLength: 50 });

describe("the bytes of an answer", () => {
  test("are the UTF-8 of its pieces, one behind the other", () => {
    fc.assert(
      fc.property(texts, (pieces) => {
        expect(encode(pieces).equals(Buffer.from(pieces.join("")))).toBe(true);
      }),
    );
  });

  test.each([1_000, 87_381, 87_382, 300_000])("are the same for %i Chinese characters", (count) => {
    const pieces = ["[", "车".repeat(count), "]"];
    expect(encode(pieces).equals(Buffer.from(pieces.join("")))).toBe(true);
  });

  test("stay as they are when the next answer is made", () => {
    const first = jsonBody('{"mark":"奥迪"}');
    jsonBody('{"mark":"BMW", "model":"X5"}');
    expect(first.bytes.toString()).toBe('{"mark":"奥迪"}');
  });
});
