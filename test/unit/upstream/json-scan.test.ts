import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanResponse } from "../../../src/upstream/json/page-records.ts";
import { depthOf, isJson } from "../../support/upstream/json-text.ts";

describe("valid JSON", () => {
  test.each([
    ...["0", "-0", "1.50", "-12.3e+45", "1E9", "true", "false", "null", '""', "{}", "[]", " [ ] ", "{ }\n"],
    ...['"\\u00Ff\\n\\/\\"\\\\"', '"\u007f\u2028"', '{"":{"a":[1,{}]}}', "\t[1 , 2]\r\n"],
  ])("%s", (text) => {
    expect(isJson(text)).toBe(true);
    expect(depthOf(text)).toBeDefined();
  });

  test.each([
    ...[
      "",
      " ",
      "01",
      "+1",
      ".5",
      "1.",
      "1e",
      "1e+",
      "-",
      "--1",
      "0x1",
      "NaN",
      "Infinity",
      "tru",
      "True",
      "nul",
    ],
    ...[
      "[1,]",
      "[,1]",
      "[1 2]",
      "[",
      "]",
      "[1}",
      "{",
      "}",
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      "{a:1}",
      '{"a" 1}',
      "{1:2}",
    ],
    ...[
      '"',
      '"\\"',
      '"\\x"',
      '"\\u12"',
      '"\\u12g4"',
      '"\\u',
      '"\t"',
      '"\n"',
      '"\u0000"',
      "'a'",
      "1 2",
      "{}x",
      "/**/1",
    ],
  ])("invalid: %j", (text) => {
    expect(isJson(text)).toBe(false);
    expect(depthOf(text)).toBeUndefined();
  });
});

test("the depth of a value is exact at any depth, and brackets in strings do not count", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  expect(['{"a":["]}"]}', "1", "[[],{}]", "{}", deep].map(depthOf)).toEqual([2, 0, 2, 1, 100_000]);
});

describe("the records of a response", () => {
  /** The text of each record and of its data. */
  function recordsOf(text: string) {
    const bytes = Buffer.from(text);
    return scanResponse(bytes).records.map(({ start, end, data }) => ({
      record: bytes.toString("utf8", start, end),
      data: data && bytes.toString("utf8", data.start, data.end),
    }));
  }

  test("are the exact slices of the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ stringUnit: "grapheme" })),
        fc.constantFrom("", " ", "\n  "),
        (values, space) => {
          const slices = values.map((value) => JSON.stringify(value, null, space === "" ? 0 : 2));
          const text = `{${space}"meta":{"result":[1]},${space}"result":${space}[${slices.join(`,${space}`)}${space}]${space}}`;
          expect(recordsOf(text).map(({ record }) => record)).toEqual(slices);
        },
      ),
    );
  });

  test("have their data where it is an object, and the outline holds the scalars only", () => {
    const data = '{"price": 1.50, "车": "}{"}';
    const text = `{"meta":{"data":{"a":1}},"result":[{"data":${data},"id":7},{"id":8},{"data":[1]},5,[{"data":{"a":1}}]]}`;
    expect(recordsOf(text).map((record) => record.data)).toEqual([data, ...Array(4).fill(undefined)]);
    expect(JSON.parse(scanResponse(Buffer.from(text)).outline)).toEqual({
      meta: { data: {} },
      result: [{ data: {}, id: 7 }, { id: 8 }, { data: [0] }, 5, [0]],
    });
  });

  test("are read from the last of duplicate members, as in JSON.parse", () => {
    const text = String.raw`{"result":[{"data":{"a":1}}], "r\u0065sult" : [{"data":{"b":1}, "d\u0061ta": {"c":1}}, {"data":{},"data":1}] }`;
    expect(recordsOf(text).map((record) => record.data)).toEqual(['{"c":1}', undefined]);
    expect(JSON.parse(scanResponse(Buffer.from(text)).outline).result).toEqual([{ data: {} }, { data: 1 }]);
  });

  test.each([["{}"], ["[]"], ["5"], ['{"result":null}'], ['{"result":{}}']])("are none in %s", (text) => {
    expect(scanResponse(Buffer.from(text))).toEqual({ records: [], outline: text });
  });
});
