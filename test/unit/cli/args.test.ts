import { describe, expect, test } from "vitest";
import { checkArguments, futureTime, oneOf, wholeNumber } from "../../../src/cli/args.ts";

const defined = {
  count: { type: "string" },
  "max-pages": { type: "string" },
  json: { type: "boolean" },
  normalize: { type: "boolean", default: true },
  token: { type: "positional" },
} as const;

const problemOf = (...raw: string[]): string | undefined => {
  try {
    checkArguments(raw, defined);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: "USAGE" });
    return (error as Error).message;
  }
};

describe("checkArguments", () => {
  test.each([
    [[]],
    [["--count", "3", "--json"]],
    [["--count=3", "abc"]],
    [["abc", "--no-normalize"]],
    [["--json", "--", "-abc"]],
    [["--count=-3"]],
  ])("%j is passed on", (raw) => {
    expect(problemOf(...raw)).toBeUndefined();
  });

  test.each([
    [["--cuont", "3"], "Unknown flag --cuont; did you mean --count?"],
    [["--maxPages", "3"], "Unknown flag --maxPages; did you mean --max-pages?"],
    [["-c"], "Unknown flag -c"],
    [["--no-json"], "Unknown flag --no-json; did you mean --json?"],
    [["--count"], "--count needs a value"],
    [["--count="], "--count needs a value"],
    [["--count", "--json"], '--count needs a value, and "--json" looks like a flag'],
    [["--count", "-1"], "--count must not be negative, and is -1"],
    [["--json=yes"], "--json is a switch and takes no value"],
    [["--count", "1", "--count", "2"], "--count is given twice"],
    [["a", "b"], 'Unexpected argument "b"'],
    [["--zzzzzz\u001b[31m\n"], "Unknown flag --zzzzzz\\u001b[31m\\n"],
    [["--xyzxyz", "--count"], "Unknown flag --xyzxyz\n--count needs a value"],
  ])("%j is wrong usage", (raw, message) => {
    expect(problemOf(...raw)).toBe(message);
  });
});

describe("wholeNumber", () => {
  test.each(["0", "-1", "1.5", "1e3", "0x10", "", " ", "12a", "99999999999999999999", "11"])(
    "rejects %j",
    (text) => {
      expect(() => wholeNumber(text, "--count", { max: 10 })).toThrow(
        /^--count must be a whole number from 1 to 10, not/,
      );
    },
  );
  test("parses a number; undefined without the flag", () => {
    expect(wholeNumber("10", "--count")).toBe(10);
    expect(wholeNumber(undefined, "--count")).toBeUndefined();
  });
});

describe("futureTime", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  test.each([
    ["2027-01-01", "2027-01-01T00:00:00.000Z"],
    ["2027-01-01T12:00:00+03:00", "2027-01-01T09:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["30d", "2026-12-24T12:00:00.000Z"],
    ["8w", "2027-01-19T12:00:00.000Z"],
    ["12h", "2026-11-25T00:00:00.000Z"],
    ["90m", "2026-11-24T13:30:00.000Z"],
  ])("%s is %s", (text, time) => {
    expect(futureTime(text, "--expires", now)?.toISOString()).toBe(time);
  });
  test.each(["2026-11-24", "0d", "2020-01-01T00:00:00Z"])("rejects %s, which has passed", (text) => {
    expect(() => futureTime(text, "--expires", now)).toThrow(/must be in the future/);
  });
  test.each([
    "2027-02-29",
    "2027-13-01",
    "tomorrow",
    "30",
    "30y",
    "-30d",
    "01.01.2027",
    "2027-01-01T25:00:00Z",
    "9999999d",
  ])("rejects %s", (text) => {
    expect(() => futureTime(text, "--expires", now)).toThrow(/^--expires must be a day/);
  });
});

test("oneOf names the valid words", () => {
  expect(oneOf("up", "The direction", ["up", "down"])).toBe("up");
  expect(() => oneOf("dwon", "The direction", ["up", "down"])).toThrow(
    'The direction must be up or down, not "dwon"; did you mean down?',
  );
});
