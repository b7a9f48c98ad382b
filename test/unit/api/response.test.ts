import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptsGzip, forCache, heldBytes, jsonBody, matchesTag } from "../../../src/api/http/response.ts";
import { encodeUtf8 } from "../../../src/util/utf8.ts";

const texts = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { maxLength: 50 });

describe("the bytes of a body", () => {
  test("are the UTF-8 of its concatenated pieces", () => {
    fc.assert(
      fc.property(texts, (pieces) => {
        expect(encodeUtf8(pieces).equals(Buffer.from(pieces.join("")))).toBe(true);
      }),
    );
  });

  test.each([1_000, 262_142, 262_143, 300_000])("are the same for %i Chinese characters", (count) => {
    const pieces = ["[", "车".repeat(count), "]"];
    expect(encodeUtf8(pieces).equals(Buffer.from(pieces.join("")))).toBe(true);
  });

  test.each([
    ["a pair in two pieces", ["\ud83d", "\ude97"], "🚗"],
    ["half a pair", ["a\ud83d", "b", "\ude97"], "a\ufffdb\ufffd"],
  ])("have surrogates as UTF-8 has them: %s", (_, pieces, expected) => {
    expect(encodeUtf8(pieces).toString()).toBe(expected);
  });

  test("do not change when the next body is encoded", () => {
    const first = jsonBody('{"mark":"奥迪"}');
    jsonBody('{"mark":"BMW", "model":"X5"}');
    expect(first.bytes.toString()).toBe('{"mark":"奥迪"}');
  });
});

test.each([10, 2_000, 20_000, 200_000])(
  "a cached body of %i bytes holds no more memory than is counted",
  async (length) => {
    const body = await forCache(jsonBody(`"${Array.from({ length }, (_, index) => index % 10).join("")}"`));
    const buffers = [body.bytes, ...(body.gzipped === undefined ? [] : [body.gzipped])];
    expect(buffers).toHaveLength(length < 1_024 ? 1 : 2);
    expect(buffers.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBe(heldBytes(body));
  },
);

describe("request headers", () => {
  test.each([
    ['"v1"', true],
    ['W/"v1"', true],
    ['"v1-gz"', true],
    ['"v0", "v1"', true],
    ['"v12"', false],
    ["v1", false],
    ["*", false],
    [null, false],
  ])("If-None-Match: %s matches the tag v1: %s", (header, expected) => {
    expect(matchesTag(header, "v1")).toBe(expected);
  });

  test.each([
    ["gzip, deflate, br", true],
    ["br;q=1.0, gzip;q=0.5", true],
    ["GZIP", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000, br", false],
    ["identity", false],
    [null, false],
  ])("Accept-Encoding: %s allows gzip: %s", (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
