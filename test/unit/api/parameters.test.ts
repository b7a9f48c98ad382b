import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../../src/api/http/problem.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";

const PARAMETERS = offersParameters(100);

function read(search: string) {
  return toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), 20);
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
  test.each([
    ["price_from=abc", "price_from", 'must be a whole number from 0 to 2147483647 (was "abc")'],
    ["price_from=-1", "price_from", 'must be a whole number from 0 to 2147483647 (was "-1")'],
    ["price_to=2147483648", "price_to", 'must be a whole number from 0 to 2147483647 (was "2147483648")'],
    ["year_from=1e3", "year_from", 'must be a whole number from 0 to 9999 (was "1e3")'],
    [
      "displacement_to=1.555",
      "displacement_to",
      'must be a number from 0 to 1000 with at most two decimals (was "1.555")',
    ],
    ["limit=0", "limit", 'must be a whole number from 1 to 100 (was "0")'],
    ["limit=101", "limit", 'must be a whole number from 1 to 100 (was "101")'],
    ["page=0", "page", 'must be a whole number from 1 to 1000000 (was "0")'],
    ["sort=name", "sort", expect.stringContaining('"-created_at"')],
    ["lang=de", "lang", expect.stringContaining('"ru"')],
    ["color=Красный", "color", expect.stringContaining("a code as in /filters")],
    ["color=red,", "color", expect.stringContaining("a code as in /filters")],
    ["mark=", "mark", "must not be empty; omit it instead"],
    ["mark=BMW,,Audi", "mark", expect.stringContaining("a name of 1 to 100 characters")],
    ["mark=BMW&mark=Audi", "mark", "must be given once; several values are separated by commas"],
    ["q=%20", "q", expect.stringContaining("1 to 200 characters")],
    ["q=...", "q", "must contain a letter or a digit"],
    ["q=a+b+c+d+e+f+g+h+i+j+k", "q", "must have at most 10 words"],
    ["pricefrom=1", "pricefrom", "is unknown; did you mean price_from?"],
    ["colour=red", "colour", "is unknown; did you mean color?"],
    ["__proto__=1", "__proto__", expect.stringContaining("is unknown")],
    ["constructor=1", "constructor", expect.stringContaining("is unknown")],
    ["mark=%FF", "mark", "must be percent-encoded UTF-8"],
    ["mark=%E0%A4%A", "mark", "must be percent-encoded UTF-8"],
    ["mark=a%00b", "mark", "must not contain control characters"],
    ["q=a%0D%0ASet-Cookie:x", "q", "must not contain control characters"],
    ["year_from=2020&year_to=2010", "year_from", "must not be above year_to (2020 > 2010)"],
    ["page=2&cursor=abc", "page", "cannot be combined with cursor; send one of them"],
    ["cursor=abc", "cursor", expect.stringContaining("is not a cursor of this API")],
  ])("%s: is rejected, naming %s and the expected value", (search, parameter, message) => {
    expect(problemsOf(search)).toEqual({ [parameter]: message });
  });

  test("all problems are reported together", () => {
    expect(Object.keys(problemsOf("price_from=x&year_to=y&foo=1"))).toEqual(["price_from", "year_to", "foo"]);
  });

  test("a wrong value is quoted shortened", () => {
    expect(problemsOf(`price_from=${"9".repeat(3_000)}`).price_from?.length).toBeLessThan(200);
  });

  test("equivalent queries have the same key", () => {
    const selection = (search: string) => read(search).selection;
    expect(selection("mark=BMW,Audi&color=red")).toBe(selection("color=red&mark=Audi,BMW,Audi"));
    expect(selection("q=land+CRUISER")).toBe(selection("q=cruiser%20Land"));
    expect(selection("mark=BMW")).not.toBe(selection("model=BMW"));
  });

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
