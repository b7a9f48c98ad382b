import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PageRecord } from "../../../src/upstream/json/page-records.ts";
import { parseChangesPage, parseOffersPage } from "../../../src/upstream/responses.ts";
import { context, INVALID, outcome } from "../../support/upstream/outcome.ts";

const recordsOf = <T extends { parts: readonly PageRecord[] }>({ parts, ...page }: T) => ({
  ...page,
  records: parts.map(({ outline }) => outline),
});

const offers = (json: unknown, page = 17) => outcome(() => recordsOf(parseOffersPage(page, context(json))));

const changes = (json: unknown, changeId = 100) =>
  outcome(() => recordsOf(parseChangesPage(changeId, context(json))));

const OUT_OF_ORDER = { code: "FEED_OUT_OF_ORDER", retryable: true };

describe("a page of the catalogue", () => {
  const page = (next_page: unknown, result: unknown = [{}], limit = 20) => ({
    result,
    meta: { page: 17, next_page, limit },
  });

  test.each([
    ["a number", 18, 18],
    ["a number as text", "18", 18],
    ["a page further on", 20, 20],
  ])("continues with %s", (_name, nextPage, expected) => {
    expect(offers(page(nextPage))).toEqual({ records: [{}], nextPage: expected });
  });

  test("ends with null, also when it is empty", () => {
    expect(offers(page(null))).toEqual({ records: [{}], nextPage: null });
    expect(offers(page(null, []))).toEqual({ records: [], nextPage: null });
  });

  test.each([
    ["0", 0],
    ["0 as text", "0"],
    ["an empty text", ""],
    ["a missing next_page", undefined],
  ])("ends with %s on a short or empty page", (_name, nextPage) => {
    expect(offers(page(nextPage))).toEqual({ records: [{}], nextPage: null });
    expect(offers(page(nextPage, []))).toEqual({ records: [], nextPage: null });
  });

  test.each([
    ["backwards", 16],
    ["to itself", 17],
    ["to itself as text", "17"],
    ["below zero", -1],
    ["beyond 2^53", 2 ** 53],
    ["beyond 2^53 as text", "9007199254740993"],
    ["to infinity, as 1e400 is read", Number.POSITIVE_INFINITY],
    ["between two pages", 17.5],
    ["to a word", "next"],
    ["to the word null", "null"],
    ["to hexadecimal digits", "0x20"],
    ["to digits with spaces", " 18 "],
    ["to true", true],
    ["to a list", [18]],
    ["to an object", { page: 18 }],
  ])("is rejected when it goes %s, and does not end the walk", (_name, nextPage) => {
    expect(offers(page(nextPage))).toMatchObject(INVALID);
  });

  test("names both pages when it goes backwards", () => {
    expect(offers(page(3))).toMatchObject({ message: expect.stringMatching(/above 17.*is 3$/) });
  });

  test("shows no key when next_page is an address with one", () => {
    const answer = offers(page("/offers?page=18&api_key=KEY"));
    expect(answer).toMatchObject({ ...INVALID, message: expect.stringContaining("[key]") });
  });

  test("is rejected when it is another page than the requested one", () => {
    expect(offers({ result: [{}], meta: { page: 16, next_page: 18 } })).toMatchObject(INVALID);
  });

  test("is rejected when it is empty but names a next page: listings would be lost, or the walk would not end", () => {
    expect(offers(page(18, []))).toMatchObject(INVALID);
  });

  test.each([
    ["no next_page on a full page", { result: Array(20).fill({}), meta: { page: 17 } }],
    ["0 on a full page", { result: Array(20).fill({}), meta: { page: 17, next_page: 0 } }],
    ["an empty text on a page that fills its limit", page("", [{}], 1)],
    ["no meta", { result: [] }],
    ["meta null", { result: [], meta: null }],
    ["meta a list", { result: [], meta: [] }],
    ["no result", { meta: { next_page: null } }],
    ["result null", { result: null, meta: { next_page: null } }],
    ["result an object", { result: {}, meta: { next_page: null } }],
    ["a list", []],
    ["null", null],
    ["a number", 5],
    ["a text", "ok"],
    ["an error with status 200", { error: "internal" }],
  ])("is rejected in another shape: %s", (_name, json) => {
    expect(offers(json)).toMatchObject(INVALID);
  });

  test("reports the problem with the service's own error message, and no data of a listing", () => {
    expect(offers({ error: "limit of\nKEY reached" })).toMatchObject({
      message:
        "Page 17 of the catalogue (GET /offers?page=17): the service returned " +
        'JSON that says "limit of [key] reached" of another shape: meta must be an object; result must be an array',
    });
    const answer = JSON.stringify(offers({ result: { phone: "13800000000" }, meta: "13800000000" }));
    expect(answer).toContain("result must be an array");
    expect(answer).not.toContain("138");
  });
});

describe("a page of changes", () => {
  const page = (next_change_id: unknown, result: unknown = [{}], cur_change_id: unknown = 100) => ({
    result,
    meta: { cur_change_id, next_change_id },
  });

  test.each([
    ["a number", 120, 120],
    ["a number as text", "120", 120],
  ])("continues with %s", (_name, next, expected) => {
    expect(changes(page(next))).toEqual({ records: [{}], nextChangeId: expected });
  });

  test("continues without cur_change_id", () => {
    expect(changes({ result: [{}], meta: { next_change_id: 120 } })).toMatchObject({ nextChangeId: 120 });
    expect(changes(page(120, [{}], null))).toMatchObject({ nextChangeId: 120 });
  });

  test.each([
    ["next_change_id null", page(null)],
    ["next_change_id equal to cur_change_id", page(100)],
    ["equal positions as strings", page("100", [{}], "100")],
    ["next_change_id equal to a later cur_change_id", page(105, [{}], 105)],
    ["next_change_id equal to the requested position", page(100, [{}], 105)],
    ["the same without cur_change_id", { result: [{}], meta: { next_change_id: 100 } }],
    ["no next_change_id on a short page", { result: [{}], meta: { cur_change_id: 100, limit: 20 } }],
    ["an empty result", page(120, [])],
    ["an empty result without positions", { result: [], meta: {} }],
    ["an empty result that leads backwards", page(5, [])],
    ["an empty result that leads to 0", page(0, [])],
    ['an empty result that leads to ""', page("", [])],
  ])("ends with %s", (_name, json) => {
    expect(changes(json)).toMatchObject({ nextChangeId: null });
  });

  test("keeps the records of the last page", () => {
    expect(changes(page(null, [1, 2]))).toEqual({ records: [1, 2], nextChangeId: null });
  });

  test.each([
    ["backwards", page(99)],
    ["below zero", page(-5)],
    ["backwards as text", page("99")],
    ["to 0 on a short page", page(0)],
    ["to 0 as text on a short page", page("0")],
    ["before cur_change_id", page(103, [{}], 105)],
    ["beyond 2^53", page(2 ** 53)],
    ["beyond 2^53 as text", page("9007199254740993")],
    ["to infinity, as 1e400 is read", page(Number.POSITIVE_INFINITY)],
  ])("is out of order when it goes %s", (_name, json) => {
    expect(changes(json)).toMatchObject(OUT_OF_ORDER);
  });

  test("names both positions when it goes backwards", () => {
    expect(changes(page(99))).toMatchObject({
      message: expect.stringMatching(/backwards: next_change_id 99 after 100$/),
    });
  });

  test("is rejected when it is the previous page: its end is our position, not the end of the feed", () => {
    expect(changes(page(100, [{}], 80))).toMatchObject(INVALID);
  });

  test.each([
    ["no next_change_id on a full page", { result: Array(20).fill({}), meta: { cur_change_id: 100 } }],
    ["no next_change_id on a page that fills its limit", { result: [{}], meta: { limit: 1 } }],
    ["no meta, though the result is empty", { result: [] }],
    ["no result", { meta: { cur_change_id: 100, next_change_id: null } }],
    ["a word as position", page("later")],
    ['"" as position on a short page', page("")],
    ["a fraction as position", page(120.5)],
    ["a truth value as position", page(false)],
    ["an object as current position", page(120, [{}], {})],
    ["an error with status 200", { error: "internal" }],
  ])("is rejected in another shape: %s", (_name, json) => {
    expect(changes(json)).toMatchObject(INVALID);
  });

  test("never continues at the same position or an earlier one, whatever the input", () => {
    const position = fc.oneof(
      fc.integer({ min: -50, max: 250 }),
      fc.integer({ min: -50, max: 250 }).map(String),
      fc.double(),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        position,
        position,
        fc.array(fc.constant({}), { maxLength: 2 }),
        (next, current, result) => {
          const answer = changes(page(next, result, current));
          if ("nextChangeId" in answer && answer.nextChangeId !== null) {
            expect(answer.nextChangeId).toBeGreaterThan(100);
            expect(Number.isSafeInteger(answer.nextChangeId)).toBe(true);
          }
        },
      ),
    );
  });
});
