import { describe, expect, test } from "vitest";
import {
  type CustomsListing,
  type CustomsOptions,
  estimateCustoms,
  type Tariff,
} from "../../../src/customs/index.ts";

const CAR: CustomsListing = {
  engine_type: "gasoline",
  displacement_cc: 1498,
  power: 150,
  power_kw: 110,
  price: 100_000,
};
const OPTIONS: CustomsOptions = { date: "2026-11-27", production_date: "2022-10" };
const BY: CustomsOptions = { ...OPTIONS, country: "by", rates: { CNY: "0.45", EUR: "3.4" } };
const KZ: CustomsOptions = { ...OPTIONS, country: "kz", rates: { CNY: 70, EUR: 541 } };
const RU: CustomsOptions = { ...OPTIONS, rates: { CNY: 12, EUR: 100 } };

describe("Belarus", () => {
  test("the recycling fee changed on 23 April 2026", () => {
    const fees = ["2026-04-22", "2026-04-23"].map(
      (date) => estimateCustoms(CAR, { ...BY, date }).items.recycling_fee,
    );
    expect(fees).toEqual(["1089.00", "1282.02"]);
  });

  test("an electric car over five years pays VAT of value and duty", () => {
    const car = { ...CAR, engine_type: "electric" };
    const options = { ...BY, production_date: "2020-01", ev_quota_open: false };
    // 45,000; 15 % 6,750; 20 % of 51,750.
    expect(estimateCustoms(car, options)).toMatchObject({
      status: "computed",
      items: { duty: "6750.00", vat: "10350.00" },
    });
    expect(estimateCustoms(car, { ...options, ev_quota_open: true }).warnings).toContain("disputed:ev_vat");
  });

  test("a series hybrid pays duty and VAT at any age, and has no quota", () => {
    const result = estimateCustoms({ ...CAR, engine_type: "range_extender" }, BY);
    expect(result).toMatchObject({ status: "computed", items: { duty: "6750.00", vat: "10350.00" } });
  });

  test("the benefit halves duty and VAT, which is of the full duty, but no fee", () => {
    const series = { ...CAR, engine_type: "range_extender" };
    expect(estimateCustoms(series, { ...BY, benefit_50: true }).items).toEqual({
      duty: "3375.00",
      vat: "5175.00",
      customs_fee: "120.00",
      recycling_fee: "1282.02",
    });
    const full = Number(estimateCustoms(CAR, BY).items.duty);
    expect(Number(estimateCustoms(CAR, { ...BY, benefit_50: true }).items.duty)).toBeCloseTo(full / 2, 2);
  });
});

describe("Kazakhstan", () => {
  test("has the recycling fee and the duty, and refuses a total from single sources", () => {
    expect(estimateCustoms(CAR, KZ)).toMatchObject({
      status: "not_computed",
      items: { recycling_fee: "756875.00", duty: "1050000.00", excise: "0.00", vat: null, customs_fee: null },
      missing: ["tariff:customs_fee", "tariff:registration_fee", "tariff:vat"],
    });
  });

  test("computes a total from single sources when they are allowed, with a warning", () => {
    const result = estimateCustoms(CAR, { ...KZ, allow_single_source: true });
    // VAT: 16 % of 7,000,000 + 1,050,000 + 25,950.
    expect(result).toMatchObject({
      status: "computed",
      items: { customs_fee: "25950.00", vat: "1292152.00", registration_fee: "2162500.00" },
      warnings: expect.arrayContaining(["single_source:customs_fee"]),
    });
  });

  test("the first registration fee is confirmed for cars of this and the previous year", () => {
    const result = estimateCustoms(CAR, { ...KZ, production_date: "2025-06" });
    expect(result.items.registration_fee).toBe("1081.25");
    expect(result.missing).not.toContain("tariff:registration_fee");
  });

  test.each<[string, Partial<CustomsListing>, string]>([
    ["up to 1,000 cm³", { displacement_cc: 1000 }, "324375.00"],
    ["up to 3,000 cm³", { displacement_cc: 3000 }, "1081250.00"],
    ["above", { displacement_cc: 3001 }, "2486875.00"],
    ["electric", { engine_type: "electric" }, "0.00"],
  ])("recycling fee: %s", (_name, car, fee) => {
    expect(estimateCustoms({ ...CAR, ...car }, KZ).items.recycling_fee).toBe(fee);
  });

  test("without the index of 2027 nothing is computed from that of 2026", () => {
    const result = estimateCustoms(CAR, { ...KZ, date: "2027-01-01", allow_single_source: true });
    expect(result.items.recycling_fee).toBeNull();
    expect(result.missing).toEqual(expect.arrayContaining(["tariff:mci", "tariff:recycling_fee"]));
  });
});

describe("tables", () => {
  const FEE_2027 = {
    country: "ru",
    kind: "customs_fee",
    valid_from: "2027-01-01",
    valid_to: null,
    checked_on: "2027-01-02",
    source: ["mine"],
    confidence: "confirmed",
    rows: [{ up_to_rub: null, rub: 50_000 }],
  } as const satisfies Tariff;

  test("the last day of a table counts, the day after is refused", () => {
    const missing = ["2026-12-31", "2027-01-01"].map((date) => estimateCustoms(CAR, { ...RU, date }).missing);
    expect(missing).toEqual([[], ["tariff:customs_fee", "tariff:recycling_fee"]]);
  });

  test("the user's tables override the package's", () => {
    const options = { ...RU, date: "2027-01-15", allow_provisional: true, tariffs: [FEE_2027] };
    const result = estimateCustoms(CAR, options);
    expect(result).toMatchObject({ status: "computed", items: { customs_fee: "50000.00" } });
    expect(result.warnings).toContain("provisional:recycling_fee");
    expect(result.tables.find(({ kind }) => kind === "customs_fee")).toMatchObject({ source: ["mine"] });
  });

  test("of several tables for a day the last one counts", () => {
    const newer = { ...FEE_2027, valid_from: "2026-01-01", rows: [{ up_to_rub: null, rub: 1 }] };
    expect(estimateCustoms(CAR, { ...RU, tariffs: [FEE_2027, newer] }).items.customs_fee).toBe("1.00");
  });

  test("a disputed table is refused, whatever is allowed", () => {
    const options = { ...RU, date: "2027-01-15", allow_provisional: true, allow_single_source: true };
    const tariffs: Tariff[] = [{ ...FEE_2027, confidence: "disputed" }];
    expect(estimateCustoms(CAR, { ...options, tariffs }).missing).toEqual(["tariff:customs_fee"]);
  });

  test("a disputed cell is used with a warning", () => {
    const car = { ...CAR, displacement_cc: 999 };
    const options = { ...RU, personal_use_eligible: false };
    const disputed = estimateCustoms({ ...car, power: 180, power_kw: 132 }, options);
    expect(disputed.warnings).toContain("disputed:recycling_fee");
    expect(estimateCustoms({ ...car, power: 150, power_kw: 110 }, options).warnings).toEqual([]);
  });

  test("a table without an end warns 90 days after its last check", () => {
    const tariffs: Tariff[] = [{ ...FEE_2027, valid_from: "2026-01-01", checked_on: "2026-08-29" }];
    expect(estimateCustoms(CAR, { ...RU, tariffs }).warnings).toEqual([]);
    expect(estimateCustoms(CAR, { ...RU, tariffs, date: "2026-11-28" }).warnings).toEqual([
      "unchecked:customs_fee",
    ]);
  });
});

describe("facts", () => {
  test("a hybrid of unknown kind is refused, a series one is taxed like an electric car", () => {
    const hybrid = { ...CAR, engine_type: "hybrid" };
    expect(estimateCustoms(hybrid, RU).missing).toEqual(["hybrid_kind"]);
    expect(Object.keys(estimateCustoms({ ...hybrid, hybrid_kind: "series" }, RU).items)).toContain("excise");
  });

  test("transport belongs to the customs value only when it is given", () => {
    expect(estimateCustoms(CAR, RU).steps.customs_value_rub).toBe("1200000.00");
    expect(estimateCustoms(CAR, { ...RU, transport_cost: "1000.50" }).steps.customs_value_rub).toBe(
      "1212006.00",
    );
  });

  test("a registration at midnight in China counts in its month", () => {
    const instant = { ...CAR, first_registration: "2023-11-30T16:00:00Z" };
    const day = { ...CAR, first_registration: "2023-12-01" };
    const { production_date: _none, ...options } = RU;
    expect(estimateCustoms(instant, options)).toEqual(estimateCustoms(day, options));
  });

  test("an old electric car has one total for both older bands", () => {
    const car = { ...CAR, engine_type: "electric", first_registration: "2021-12-01" };
    const { production_date: _none, ...options } = RU;
    expect(estimateCustoms(car, { ...options, power_30min_kw: 50 })).toMatchObject({
      status: "computed",
      age_band: null,
      age_bands: ["3_to_5_years", "over_5_years"],
    });
  });

  test("the dearest possible result comes first", () => {
    const { production_date: _none, ...options } = RU;
    const result = estimateCustoms({ ...CAR, first_registration: "2024-02-01" }, options);
    expect(result.variants.map(({ age_band }) => age_band)).toEqual(["up_to_3_years", "3_to_5_years"]);
    expect(result).toMatchObject({ age_band: null, items: { duty: null, customs_fee: "4924.00" } });
  });

  test.each<[string, CustomsOptions]>([
    ["date", { date: "2026-02-30" }],
    ["date", { date: "tomorrow" }],
    ["production_date", { production_date: "2022-13" }],
    ["country", { country: "us" as "ru" }],
    ["rate", { rates: { CNY: "12,88" } }],
    ["rate", { rates: { CNY: Number.NaN } }],
    ["power", { power_30min_kw: "-5" }],
  ])("an invalid %s throws", (_name, options) => {
    expect(() => estimateCustoms(CAR, { ...RU, ...options })).toThrow(RangeError);
  });

  test("a rate of zero is a missing rate", () => {
    expect(estimateCustoms(CAR, { ...RU, rates: { CNY: 0, EUR: 100 } }).missing).toEqual(["rate:CNY"]);
  });
});
