import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parseChangeId,
  parseChangesPage,
  parseFilters,
  parseOffersPage,
  parseResponse,
  type ReceivedResponse,
  toInteger,
} from "../../../src/upstream/responses.ts";
import { context, contextOf, INVALID, outcome } from "../../support/upstream/outcome.ts";

describe("the first change of a day", () => {
  const read = (json: unknown) => outcome(() => parseChangeId(context(json)));

  test.each([
    [892145, 892145],
    ["892145", 892145],
    [0, 0],
    [null, null],
  ])("is %j", (change_id, expected) => {
    expect(read({ change_id })).toBe(expected);
  });

  test("is null while the day has none", () => {
    expect(read({ change_id: null })).toBeNull();
  });

  test.each([[-1], [1.5], ["soon"], [""], ["9007199254740993"], [2 ** 53], [true], [[1]]])(
    "is rejected as %j",
    (change_id) => {
      expect(read({ change_id })).toMatchObject(INVALID);
    },
  );

  test("is rejected when it is missing", () => {
    expect(read({})).toMatchObject(INVALID);
    expect(read(892145)).toMatchObject(INVALID);
  });
});

describe("the filters", () => {
  const read = (json: unknown) => outcome(() => parseFilters(context(json)));

  test("are returned unchanged", () => {
    const filters = { mark: { BMW: { model: ["X5"] } }, color: ["белый"], new_one: 1 };
    expect(read(filters)).toEqual(filters);
  });

  test("are rejected without marks", () => {
    expect(read({ error: "internal" })).toMatchObject(INVALID);
    expect(read([])).toMatchObject(INVALID);
  });
});

describe.each([
  ["", parseResponse],
  [" of the catalogue", (answer: ReceivedResponse) => parseOffersPage(17, answer)],
  [" of the feed", (answer: ReceivedResponse) => parseChangesPage(100, answer)],
])("a response%s that is not JSON", (_which, read) => {
  const parse = (text: string) => outcome<unknown>(() => read(contextOf(text)));

  test.each([
    ["HTML", "<!doctype html><title>Bad\nGateway</title>", 'an HTML page titled "Bad Gateway" where JSON'],
    ["HTML without a title", " <html><body>", "an HTML page where JSON"],
    ["text", "no healthy upstream", 'text: "no healthy upstream" where JSON'],
    ["text with the key", "bad key KEY", 'text: "bad key [key]" where JSON'],
    ["nothing", "", "an empty body where JSON"],
    ["blanks", "\n  \n", "an empty body where JSON"],
    ["truncated JSON", '{"result":[{"phone":"138', "JSON that is cut off after 24 bytes"],
    ["JSON truncated in a number", '{"result":[1', "JSON that is cut off after 12 bytes"],
    ["JSON followed by other text", "{}x", "JSON that is broken at byte 2 of 3"],
    ["NaN, which is not JSON", '{"a":NaN}', "JSON that is broken at byte 5 of 9"],
  ])("is described: %s", (_name, text, expected) => {
    expect(parse(text)).toMatchObject({ ...INVALID, message: expect.stringContaining(expected) });
  });

  test("is not repeated when it may be a listing", () => {
    expect((parse('{"phone":"13800000000",,}') as Error).message).not.toContain("138000");
  });
});

test("a response that nests 100,000 deep is read, and only the nested record rejected", () => {
  const deep = `{"result":[${"[".repeat(100_000)}${"]".repeat(100_000)}],"meta":{"next_page":null}}`;
  expect(parseResponse(contextOf(deep))).toMatchObject({ meta: { next_page: null } });
  expect(parseOffersPage(1, contextOf(deep)).parts).toMatchObject([{ depth: 100_000 }]);
});

test("a whole number is read from a number or its digits, and from nothing else", () => {
  fc.assert(
    fc.property(fc.integer(), (number) => {
      expect(toInteger(number)).toBe(number);
      expect(toInteger(String(number))).toBe(number);
    }),
  );
  for (const other of ["", " ", "1e3", "1.0", "+1", "١", null, undefined, Number.NaN, 0.5, {}, []]) {
    expect(toInteger(other)).toBeUndefined();
  }
});
