import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDate, parseRegistration, parseYear } from "../../../src/listing/parse/dates.ts";
import { issueList } from "../../support/listing/issues.ts";

const now = new Date("2026-11-24T12:00:00Z");

describe("dates", () => {
  test.each([
    ["2022-09", "2022-09-01"],
    ["2019.05", "2019-05-01"],
    ["2019.5", "2019-05-01"],
    ["2019/5", "2019-05-01"],
    ["2019年5月", "2019-05-01"],
    ["２０１９年０５月", "2019-05-01"],
    ["201905", "2019-05-01"],
    [201905, "2019-05-01"],
    [2019.11, "2019-11-01"],
    ["05.2019", "2019-05-01"],
    ["Sep 2022", "2022-09-01"],
    ["сентябрь 2022 г.", "2022-09-01"],
    ["2022-09上牌", "2022-09-01"],
  ])("%j is a month", (raw, date) => {
    const { report, issues } = issueList();
    expect(parseDate(raw, report, "first_registration", { now })).toEqual({ date, precision: "month" });
    expect(issues).toEqual([]);
  });

  test.each([
    ["2022-09-15", "2022-09-15"],
    ["2022.9.5", "2022-09-05"],
    ["2019年5月12日", "2019-05-12"],
    ["20190512", "2019-05-12"],
    ["12.05.2019", "2019-05-12"],
    ["1 сентября 2022", "2022-09-01"],
    ["15/09/2022", "2022-09-15"],
    ["15-09-2022", "2022-09-15"],
    ["9/15/2022", "2022-09-15"],
    ["2025-08-05 23:59:59", "2025-08-05"],
    ["2025-08-05T23:18:10.679", "2025-08-05"],
    // An instant gives its day in China.
    ["2025-08-05T15:59:59.999Z", "2025-08-05"],
    ["2025-08-05T16:00:00Z", "2025-08-06"],
    ["2025-08-05 23:18:10+00:00", "2025-08-06"],
    ["2025-08-06T01:00:00+0800", "2025-08-06"],
  ])("%j is a day", (raw, date) => {
    const { report } = issueList();
    expect(parseDate(raw, report, "offer_created", { now })).toEqual({ date, precision: "day" });
  });

  test.each([
    "2022-13",
    "2022-00",
    "2022-02-30",
    "2022-09-31",
    "2022",
    "05/06/2019",
    "2019-05.12",
    2019.1,
    1_756_166_400,
    {},
    ["2022-09"],
  ])("%j is not guessed", (raw) => {
    const { report, issues } = issueList();
    expect(parseDate(raw, report, "first_registration", { now })).toBeNull();
    expect(issues).toEqual(["first_registration: unreadable"]);
  });

  test.each([
    ["2026-11-26", null],
    ["2026-12", null],
    ["1979-12", null],
    ["2017-12", 2020],
  ])("%j is out of bounds for a car of %j", (raw, year) => {
    const { report, issues } = issueList();
    expect(parseDate(raw, report, "first_registration", { now, year })).toBeNull();
    expect(issues).toEqual(["first_registration: out_of_range"]);
  });

  test("a car may be registered two years before its model year, or on the current day in China", () => {
    const { report, issues } = issueList();
    expect(parseDate("2018-01", report, "first_registration", { now, year: 2020 })?.date).toBe("2018-01-01");
    const evening = new Date("2026-11-24T17:00:00Z");
    expect(parseDate("2026-11-25", report, "offer_created", { now: evening })?.date).toBe("2026-11-25");
    expect(issues).toEqual([]);
  });

  test("a car that was never registered is marked as such", () => {
    const { report, issues } = issueList();
    for (const raw of ["не зарегистрирован", "Не состоял на учёте", "Not registered"]) {
      expect(parseRegistration(raw, report, "first_registration", { now }).neverRegistered).toBe(true);
    }
    expect(parseRegistration("未上牌", report, "first_registration", { now })).toEqual({
      date: null,
      year: null,
      neverRegistered: true,
    });
    expect(parseRegistration("-", report, "first_registration", { now })).toEqual({
      date: null,
      year: null,
      neverRegistered: false,
    });
    expect(issues).toEqual([]);
  });

  test.each([
    ["2022", 2022],
    [2022, 2022],
    ["2020.0", 2020],
    ["2017年", 2017],
    ["2017款", 2017],
    ["2017 г.", 2017],
    ["2022-09", 2022],
    ["2019年5月", 2019],
    ["2019.10", 2019],
    ["2027", 2027],
  ])("%j is the year %d", (raw, year) => {
    const { report, issues } = issueList();
    expect(parseYear(raw, report, "year", now)).toBe(year);
    expect(issues).toEqual([]);
  });

  test.each([
    ["1890", null, ["year: out_of_range"]],
    ["2028", null, ["year: out_of_range"]],
    ["-2017", null, ["year: out_of_range"]],
    ["2021-2022", 2021, ["year: range"]],
    ["new", null, ["year: unreadable"]],
    [0, null, []],
    ["-", null, []],
  ])("%j as a year is %j, with issues %j", (raw, year, expected) => {
    const { report, issues } = issueList();
    expect(parseYear(raw, report, "year", now)).toBe(year);
    expect(issues).toEqual(expected);
  });

  test("any value gives null or a calendar day within the bounds", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.stringMatching(/^\d{4}[-./年]?\d{1,2}([-./月]\d{0,2})?$/)),
        (raw) => {
          const { report } = issueList();
          const date = parseDate(raw, report, "first_registration", { now })?.date ?? "2000-01-01";
          expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
          expect(date >= "1980-01-01" && date <= "2026-11-24").toBe(true);
          const year = parseYear(raw, report, "year", now) ?? 2000;
          expect(Number.isInteger(year) && year >= 1950 && year <= 2027).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
