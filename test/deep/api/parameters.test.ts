import fc from "fast-check";
import { describe, test } from "vitest";
import { Problem } from "../../../src/api/http/problem.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";

const PARAMETERS = offersParameters(100);

function read(search: string) {
  return toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), { pageSize: 20 });
}

/** The problems of a query by parameter. */
function problemsOf(search: string): Record<string, string> {
  try {
    read(search);
    return {};
  } catch (error) {
    if (error instanceof Problem && error.status === 400) {
      return Object.fromEntries(error.errors.map(({ parameter, message }) => [parameter, message]));
    }
    throw error;
  }
}

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
