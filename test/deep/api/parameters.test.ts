import fc from "fast-check";
import { describe, test } from "vitest";
import { PARAMETERS, problemsOf } from "../../support/api/parameters.ts";

describe("parameters", () => {
  test("every query string is either accepted or rejected with 400", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom(...Object.keys(PARAMETERS), "=", "&", "%", "%00", "+", ",", "1"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        problemsOf(pieces.join(""));
      }),
      { numRuns: 3_000 },
    );
  });
});
