import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SHARED_PARTS } from "../../../src/upstream/json/document-parts.ts";
import { scanResponse } from "../../../src/upstream/json/page-records.ts";

/** What the scanner finds of a document: its depth, and the shared parts by their paths. */
function partsOf(document: string): { depth?: number; parts?: Record<string, unknown> } {
  const body = Buffer.from(`{"result": [{"data": ${document}}], "meta": {}}`);
  const { data } = scanResponse(body).records[0] ?? {};
  const found = data?.parts?.map((part) => part && JSON.parse(body.toString("utf8", part.start, part.end)));
  const names = Object.values(SHARED_PARTS).map((path) => path.join("."));
  return {
    depth: data?.depth,
    parts: found && Object.fromEntries(names.flatMap((name, i) => (found[i] ? [[name, found[i]]] : []))),
  };
}

describe("the shared parts of a document", () => {
  test("are found at their paths only, and only where they are objects or arrays", () => {
    const document = {
      configuration: { a: [1, { 排量: "1.5" }] },
      other: { configuration: { no: 1 }, option: { displayopts: [2] } },
      displayopts: [3],
      extra: {
        configuration: "text",
        option: { moreoptions: [4], displayopts: null, map: { displayopts: {} } },
        extra: { configuration: {} },
      },
    };
    expect(partsOf(JSON.stringify(document)).parts).toEqual({
      configuration: document.configuration,
      "extra.option.moreoptions": [4],
    });
    expect(partsOf(JSON.stringify(document, null, 2))).toEqual(partsOf(JSON.stringify(document)));
    expect(partsOf("{}")).toEqual({ depth: 1, parts: {} });
    expect(partsOf('{"extra": []}')).toEqual({ depth: 2, parts: {} });
    expect(partsOf("[]")).toEqual({ depth: undefined, parts: undefined });
  });

  test("are found by names that are written with escapes", () => {
    const document = String.raw`{"\u0063onfiguration": [1], "c\\": 1, "ext\u0072a": {"option": {"\"displayopts": [2]}}}`;
    expect(partsOf(document).parts).toEqual({ configuration: [1] });
  });

  test("are unknown when a name on the way is repeated", () => {
    expect(partsOf('{"configuration": [1], "configuration": [2]}').parts).toBeUndefined();
    expect(partsOf(String.raw`{"extra": {"option": {}}, "\u0065xtra": 1}`).parts).toBeUndefined();
    expect(partsOf('{"mark": 1, "mark": 2, "configuration": [1]}').parts).toEqual({ configuration: [1] });
  });

  test("equal those of the parsed document, for random documents", () => {
    const names = ["configuration", "extra", "option", "displayopts", "moreoptions", "\\", "日"];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(1, "a", null), tie("object"), fc.array(tie("value"))),
      object: fc.dictionary(fc.constantFrom(...names), tie("value")),
    }));
    const isNested = (part: unknown) => typeof part === "object" && part !== null;
    const at = (document: unknown, path: readonly string[]) =>
      path.reduce<unknown>(
        (object, name) =>
          isNested(object) && !Array.isArray(object) ? (object as Record<string, unknown>)[name] : undefined,
        document,
      );
    const depthOf = (part: unknown): number =>
      isNested(part) ? 1 + Math.max(0, ...Object.values(part as object).map(depthOf)) : 0;
    fc.assert(
      fc.property(value, fc.nat(2), (document, space) => {
        fc.pre(isNested(document) && !Array.isArray(document));
        const expected = Object.values(SHARED_PARTS).flatMap((path) => {
          const part = at(document, path);
          return isNested(part) ? [[path.join("."), part]] : [];
        });
        expect(partsOf(JSON.stringify(document, null, space))).toEqual({
          depth: depthOf(document),
          parts: Object.fromEntries(expected),
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
