import { describe, expect, test } from "vitest";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { readParameters } from "../../../src/api/query/parameters.ts";
import { PARAMETERS, problemsOf, readQuery } from "../../support/api/parameters.ts";

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
    [
      "sort=name",
      "sort",
      'must be "-created_at", "-km_age", "-price", "-price_drop", "-updated_at", "-year", "km_age", "price" or "year" (was "name")',
    ],
    ["lang=de", "lang", 'must be "en", "ru" or "zh" (was "de")'],
    [
      "engine_type=gasolin",
      "engine_type",
      'must be a known value; "gasolin" is unknown, did you mean gasoline? (was "gasolin")',
    ],
    ["drive_type=qwertyuiop", "drive_type", expect.stringContaining("one of fwd, rwd")],
    ["seats=five", "seats", expect.stringContaining("whole numbers from 0")],
    ["registered_from=2021-13", "registered_from", expect.stringContaining("a month such as 2021-06")],
    ["created_since=7", "created_since", expect.stringContaining("an age such as 7d")],
    ["updated_since=2026-02-30", "updated_since", expect.stringContaining("an ISO 8601 time")],
    ["has_images=yes", "has_images", 'must be "false" or "true" (was "yes")'],
    ["fields=mark,prise", "fields", expect.stringContaining("did you mean price?")],
    [
      `ids=${Array.from({ length: 101 }, (_, id) => id).join(",")}`,
      "ids",
      expect.stringContaining("at most 100"),
    ],
    ["ids=1&mark=BMW", "ids", "cannot be combined with mark; send one of them"],
    [
      "registered_from=2022-02&registered_to=2021-12",
      "registered_from",
      expect.stringContaining("must not be above"),
    ],
    ["mark=BMW&mark=Audi", "mark", "is given more than once; separate its values by commas"],
    ["limit=5&limit=20", "limit", "is given more than once; it takes one value"],
    ["q=bmw&q=audi", "q", "is given more than once; it takes one value"],
    ["foo=1&foo=2", "foo", expect.stringContaining("is unknown; the parameters are")],
    ["q=a+b+c+d+e+f+g+h+i+j+k", "q", "must have at most 10 words"],
    ["pricefrom=1", "pricefrom", "is unknown; did you mean price_from?"],
    ["colour=red", "colour", "is unknown; did you mean color?"],
    ["year=2019", "year", "is unknown; did you mean year_from and year_to?"],
    ["price_min=1", "price_min", "is unknown; did you mean price_from?"],
    ["max_price=1", "max_price", "is unknown; did you mean price_to?"],
    ["engine=diesel", "engine", "is unknown; did you mean engine_type?"],
    ["make=BMW", "make", "is unknown; did you mean mark?"],
    ["name=BMW", "name", expect.stringMatching(/^is unknown; the parameters are mark, /)],
    ["engine_type=steam", "engine_type", expect.stringMatching(/^must be one of gasoline, /)],
    ["sort=price_drop", "sort", expect.stringMatching(/\(was "price_drop"\); did you mean -price_drop\?$/)],
    ["sort=cheapest", "sort", expect.stringMatching(/ or "year" \(was "cheapest"\)$/)],
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

  test("empty parameters and empty values count as absent", () => {
    expect(readQuery("mark=&year_from=&q=%20&sort=&page=").selection).toBe(readQuery("").selection);
    expect(readQuery("mark=BMW,,Audi,&color=,").selection).toBe(readQuery("mark=BMW,Audi").selection);
  });

  test.each([
    ["mark=bmw", "mark=BMW"],
    ["mark=БМВ,ауди", "mark=BMW,Audi"],
    ["mark=奔驰", "mark=Mercedes-Benz"],
    ["color=Белый,BLACK", "color=white,black"],
    ["engine_type=Бензин", "engine_type=gasoline"],
    ["city=шэньчжэнь", "city=Shenzhen"],
    ["city=深圳", "city=Shenzhen"],
    ["province=guangdong", "province=Guangdong"],
    ["sort=price&seats=5,7", "seats=7,5&sort=price"],
  ])("%s means the same as %s", (search, canonical) => {
    expect(readQuery(search).selection).toBe(readQuery(canonical).selection);
  });

  test("a text without letters and digits finds nothing", () => {
    expect(readQuery("q=...").conditions).toEqual([{ kind: "words", terms: [] }]);
  });

  test("months include their last day", () => {
    expect(readQuery("registered_from=2024-02&registered_to=2024-02").conditions).toEqual([
      { kind: "range", column: "first_registration", from: "2024-02-01", to: "2024-02-29" },
    ]);
  });

  test("passable compares with today, or with the same day of a later month", () => {
    const conditionsOn = (search: string, day: string) =>
      toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), {
        pageSize: 20,
        now: Date.parse(day),
      }).conditions;
    expect(conditionsOn("passable=true", "2026-08-31T12:00:00Z")).toEqual([
      { kind: "passable", from: "2026-08-31", until: "2026-08-31" },
    ]);
    expect(conditionsOn("passable=6m", "2026-08-31T12:00:00Z")).toEqual([
      { kind: "passable", from: "2027-02-28", until: "2026-08-31" },
    ]);
  });

  test("ages count back from the start of the minute and expire with it", () => {
    const values = readParameters(PARAMETERS, parseQueryString("created_since=7d"));
    const query = toOffersQuery(values, { pageSize: 20, now: Date.UTC(2026, 10, 27, 12, 0, 30) });
    expect(query.conditions).toEqual([
      { kind: "since", column: "created_at", at: "2026-11-20T12:00:00.000Z" },
    ]);
    expect(query.validUntil).toBe(Date.UTC(2026, 10, 27, 12, 1));
  });

  test("all problems are reported together", () => {
    expect(Object.keys(problemsOf("price_from=x&year_to=y&foo=1"))).toEqual(["price_from", "year_to", "foo"]);
  });

  test("a wrong value is quoted shortened", () => {
    expect(problemsOf(`price_from=${"9".repeat(3_000)}`).price_from?.length).toBeLessThan(200);
  });

  test("equivalent queries have the same key", () => {
    const selection = (search: string) => readQuery(search).selection;
    expect(selection("mark=BMW,Audi&color=red")).toBe(selection("color=red&mark=Audi,BMW,Audi"));
    expect(selection("q=land+CRUISER")).toBe(selection("q=cruiser%20Land"));
    expect(selection("mark=BMW")).not.toBe(selection("model=BMW"));
  });
});
