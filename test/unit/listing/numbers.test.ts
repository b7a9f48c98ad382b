import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NumberRule, parseNumber, readNumber, round } from "../../../src/listing/parse/numbers.ts";
import {
  CONSUMPTION_UNITS,
  DISTANCE_UNITS,
  HORSEPOWER_UNITS,
  KILOWATT_HOUR_UNITS,
  KILOWATT_UNITS,
  MILLILITRE_UNITS,
  MONEY_UNITS,
  NEWTON_METRE_UNITS,
  SPEED_UNITS,
} from "../../../src/listing/parse/units.ts";
import { issueList } from "../../support/listing/issues.ts";

const KM_AGE: NumberRule = { units: DISTANCE_UNITS, min: 0, max: 2_000_000, digits: 0 };
const PRICE: NumberRule = { units: MONEY_UNITS, min: 500, max: 100_000_000, digits: 0, zeroIsNull: true };

describe("numbers", () => {
  test.each([
    ["3.5万公里", 35_000],
    ["３．５万 公里", 35_000],
    ["3,5万公里", 35_000],
    ["56 000 км", 56_000],
    ["56\u00a0000", 56_000],
    ["56'000 km", 56_000],
    ["56 тыс. км", 56_000],
    ["5.6w公里", 56_000],
    ["5万6公里", 56_000],
    ["5.6萬公里", 56_000],
    ["110000", 110_000],
    ["1,280,000", 1_280_000],
    ["35000.0", 35_000],
    ["около 32 000 км", 32_000],
    ["approx. 30,000 km", 30_000],
    ["0", 0],
    [0, 0],
    [-0, 0],
  ])("%j kilometres are %d", (raw, km) => {
    const { report, issues } = issueList();
    expect(parseNumber(raw, report, "km_age", KM_AGE)).toBe(km);
    expect(issues).toEqual([]);
  });

  test.each([
    ["98000", 98_000],
    ["18.98万元", 189_800],
    ["18.98 万", 189_800],
    ["18万9", 189_000],
    ["9万8千", 98_000],
    ["9.8w", 98_000],
    ["98000块", 98_000],
    ["98 тыс. юаней", 98_000],
    ["人民币 9.8 万元", 98_000],
    ["￥98,000元", 98_000],
    ["CNY 98 000", 98_000],
    ["1,280,000.50", 1_280_001],
  ])("%j is a price of %d yuan", (raw, yuan) => {
    expect(readNumber(raw, PRICE).value).toBe(yuan);
  });

  test.each([
    ["1498 см³", MILLILITRE_UNITS, 1498],
    ["1 498 cm3", MILLILITRE_UNITS, 1498],
    ["120 л. с.", HORSEPOWER_UNITS, 120],
    ["192马力", HORSEPOWER_UNITS, 192],
    ["150кВт", KILOWATT_UNITS, 150],
    ["93 Н·м", NEWTON_METRE_UNITS, 93],
    ["5.2L/100km", CONSUMPTION_UNITS, 5.2],
    ["180 км/ч", SPEED_UNITS, 180],
    ["52.998 kWh", KILOWATT_HOUR_UNITS, 52.998],
  ])("%j is read with its unit", (raw, units, value) => {
    expect(readNumber(raw, { units }).value).toBe(value);
  });

  test.each([
    ["-5", KM_AGE],
    ["－5 км", KM_AGE],
    ["−5", KM_AGE],
    [1e308, KM_AGE],
    ["499", PRICE],
    ["2 亿", { units: { 亿: 1e8 }, max: 1e8 }],
  ])("%j is out of bounds, and not clamped", (raw, rule) => {
    const { report, issues } = issueList();
    expect(parseNumber(raw, report, "field", rule)).toBeNull();
    expect(issues).toEqual(["field: out_of_range"]);
  });

  test.each([
    ["约98000", 98_000],
    ["一口价 9.8万", 98_000],
    ["9.8万(含税)", 98_000],
    ["现价：9.8万元，可分期", 98_000],
    ["(9.8万)", 98_000],
  ])("%j: words around a single number are ignored", (raw, value) => {
    expect(readNumber(raw, PRICE)).toMatchObject({ value, issue: null });
  });

  test.each([
    ["abc"],
    ["5+2"],
    ["12 345 67"],
    ["1.280.000"],
    ["$98000"],
    ["98000 руб"],
    ["98000 km"],
    ["A98000"],
    ["约98000至今"],
    ["v9.8万"],
    ["10²"],
    ["3500--4500"],
    ["500-1万"],
    [true],
    [[98_000]],
    [{ value: 98_000 }],
    ["9".repeat(101)],
  ])("%j is unreadable", (raw) => {
    expect(readNumber(raw, PRICE)).toMatchObject({ value: null, issue: "unreadable" });
  });

  test("a mileage of 12.000 without a unit may be twelve or twelve thousand, and is unreadable", () => {
    const rule: NumberRule = { ...KM_AGE, isMileage: true };
    expect(readNumber("12.000", rule)).toMatchObject({ value: null, issue: "unreadable" });
    expect(readNumber("12.000 км", rule).value).toBe(12_000);
    expect(readNumber("35000.000", rule).value).toBe(35_000);
    expect(readNumber("12.0", rule).value).toBe(12);
  });

  test("a missing value is null without an issue; 0 counts as missing only where the field declares it", () => {
    for (const raw of [null, undefined, "", "-", "暂无", Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(readNumber(raw, KM_AGE)).toMatchObject({ value: null, issue: null });
    }
    expect(readNumber("0", PRICE)).toMatchObject({ value: null, issue: null });
    expect(readNumber("0万元", PRICE)).toMatchObject({ value: null, issue: null });
  });

  test.each([
    ["3500-4500", 3500, 3500, 4500],
    ["190–580", 190, 190, 580],
    ["5－6座", 5, 5, 6],
    ["4/5/6座", 4, 4, 6],
    ["7至9座", 7, 7, 9],
    ["4500-3500", 4500, 3500, 4500],
  ])("the range %j gives its first, lowest and highest number, and an issue", (raw, value, low, high) => {
    expect(readNumber(raw, { units: { 座: 1 } })).toMatchObject({ value, low, high, issue: "range" });
  });

  test("a unit after the last number of a range applies to all of it", () => {
    expect(readNumber("3-5万公里", KM_AGE)).toMatchObject({ low: 30_000, high: 50_000 });
  });

  test("decimals are rounded by their decimal digits, halves away from zero", () => {
    expect([round(1.005, 2), round(2.675, 2), round(1.498, 1), round(-1.5, 0), round(1e300, 2)]).toEqual([
      1.01, 2.68, 1.5, -2, 1e300,
    ]);
  });

  test("any value gives null or an integer within the bounds", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.stringMatching(/^[-+ ]?[\d.,' ]{1,9}[-/~万a-z ]{0,3}\d{0,5}$/)),
        (raw) => {
          const { value, low, high } = readNumber(raw, KM_AGE);
          if (value === null) {
            return;
          }
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(low ?? Number.NaN);
          expect(high).toBeGreaterThanOrEqual(low ?? Number.NaN);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(2_000_000);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
