import { describe, expect, test } from "vitest";
import { type CustomsListing, type CustomsOptions, estimateCustoms } from "../../../src/customs/index.ts";

const CAR: CustomsListing = {
  engine_type: "gasoline",
  displacement_cc: 1498,
  power: 150,
  power_kw: 110,
  price: 100_000,
};
/** 1 CNY is 1 RUB, and 1 EUR is 100 RUB, so that prices are customs values. */
const OPTIONS: CustomsOptions = {
  date: "2026-11-27",
  production_date: "2022-10",
  rates: { CNY: 1, EUR: 100 },
};
const estimate = (car: CustomsListing = {}, options: CustomsOptions = {}) =>
  estimateCustoms({ ...CAR, ...car }, { ...OPTIONS, ...options });

/** Cents below, on and above a border of hundredths. */
const around = (border: string) => {
  const hundredths = Math.round(Number(border) * 100);
  return [hundredths - 1, hundredths, hundredths + 1].map((value) => (value / 100).toFixed(2));
};

describe("borders belong to the row below them, one unit to each side", () => {
  test.each([
    [1000, "1.5", "1.7"],
    [1500, "1.7", "2.5"],
    [1800, "2.5", "2.7"],
    [2300, "2.7", "3.0"],
    [3000, "3.0", "3.6"],
  ])("duty of 3 to 5 years: %i cm³", (border, below, above) => {
    const rates = [border - 1, border, border + 1].map(
      (displacement_cc) => (estimate({ displacement_cc }).steps.duty as Record<string, string>).eur_per_cc,
    );
    expect(rates).toEqual([below, below, above]);
  });

  test.each([
    [8_500, "54", "48", "2.5", "3.5"],
    [16_700, "48", "48", "3.5", "5.5"],
    [42_300, "48", "48", "5.5", "7.5"],
    [84_500, "48", "48", "7.5", "15"],
    [169_000, "48", "48", "15", "20"],
  ])("duty up to 3 years: a value of %i EUR", (border, percent, percentAbove, minimum, minimumAbove) => {
    const steps = [-1, 0, 1].map((more) => {
      const { duty } = estimate({ price: border * 100 + more }, { production_date: "2025-05" }).steps;
      return [(duty as Record<string, string>).percent, (duty as Record<string, string>).min_eur_per_cc];
    });
    expect(steps).toEqual([
      [percent, minimum],
      [percent, minimum],
      [percentAbove, minimumAbove],
    ]);
  });

  test("the value in EUR is not rounded before the comparison", () => {
    // 850,000.01 RUB are 8,500.0001 EUR.
    const { duty } = estimate(
      { price: 85_000_001 },
      { production_date: "2025-05", rates: { CNY: "0.01", EUR: 100 } },
    ).steps;
    expect(duty).toMatchObject({ percent: "48" });
  });

  test.each([
    [200_000, "1231.00", "2462.00"],
    [450_000, "2462.00", "4924.00"],
    [1_200_000, "4924.00", "13541.00"],
    [2_700_000, "13541.00", "18465.00"],
    [4_200_000, "18465.00", "21344.00"],
    [5_500_000, "21344.00", "49240.00"],
    [10_000_000, "49240.00", "73860.00"],
  ])("customs fee: a value of %i RUB", (border, below, above) => {
    const fees = [-1, 0, 1].map((more) => {
      const price = border * 100 + more;
      return estimate({ price }, { rates: { CNY: "0.01", EUR: 100 } }).items.customs_fee;
    });
    expect(fees).toEqual([below, below, above]);
  });

  test.each([
    ["117.68", "5200.00", "1492800.00"],
    ["139.75", "1492800.00", "1584000.00"],
    ["161.81", "1584000.00", "1677600.00"],
    ["183.88", "1677600.00", "1838400.00"],
    ["205.94", "1838400.00", "2011200.00"],
    ["228", "2011200.00", "2203200.00"],
    ["250.07", "2203200.00", "2412000.00"],
    ["272.13", "2412000.00", "2640000.00"],
    ["294.2", "2640000.00", "2892000.00"],
    ["316.26", "2892000.00", "3168000.00"],
    ["338.33", "3168000.00", "3468000.00"],
    ["367.75", "3468000.00", "3796800.00"],
  ])("recycling fee: %s kW", (border, below, above) => {
    const fees = around(border).map(
      (certified_power_kw) => estimate({}, { certified_power_kw }).items.recycling_fee,
    );
    expect(fees).toEqual([below, below, above]);
  });

  test.each([
    [1000, "552000.00", "1408800.00"],
    [2000, "1408800.00", "3407200.00"],
    [3000, "3407200.00", "3956200.00"],
    [3500, "3956200.00", "4325800.00"],
  ])("recycling fee without preference: %i cm³", (border, below, above) => {
    const fees = [border - 1, border, border + 1].map(
      (displacement_cc) =>
        estimate({ displacement_cc }, { personal_use_eligible: false }).items.recycling_fee,
    );
    expect(fees).toEqual([below, below, above]);
  });

  test.each([
    ["58.84", "5200.00", "1641600.00"],
    ["73.55", "1641600.00", "1912800.00"],
    ["95.61", "1912800.00", "2227200.00"],
    ["117.68", "2227200.00", "2594400.00"],
    ["139.75", "2594400.00", "3024000.00"],
    ["161.81", "3024000.00", "3523200.00"],
    ["183.88", "3523200.00", "4104000.00"],
    ["205.94", "4104000.00", "4780800.00"],
  ])("recycling fee of an electric car: %s kW of 30-minute power", (border, below, above) => {
    const fees = around(border).map(
      (power_30min_kw) => estimate({ engine_type: "electric" }, { power_30min_kw }).items.recycling_fee,
    );
    expect(fees).toEqual([below, below, above]);
  });

  test.each([
    ["67.5", "0", "64"],
    ["112.5", "64", "613"],
    ["150", "613", "1004"],
    ["225", "1004", "1711"],
    ["300", "1711", "1771"],
    ["375", "1771", "1829"],
  ])("excise: %s kW", (border, below, above) => {
    const rates = around(border).map((power_30min_kw) => {
      const { excise } = estimate({ engine_type: "electric" }, { power_30min_kw }).steps;
      return (excise as Record<string, string>).rub_per_hp;
    });
    expect(rates).toEqual([below, below, above]);
  });

  test.each([
    ["2023-11-28", "up_to_3_years"],
    ["2023-11-27", "up_to_3_years"],
    ["2023-11-26", "3_to_5_years"],
    ["2021-11-27", "3_to_5_years"],
    ["2021-11-26", "over_5_years"],
    // Of a month the 15th, of a year 1 July.
    ["2021-11", "over_5_years"],
    ["2021-12", "3_to_5_years"],
    ["2021", "over_5_years"],
    ["2022", "3_to_5_years"],
  ])("age: produced %s", (production_date, band) => {
    expect(estimate({}, { production_date }).age_band).toBe(band);
  });
});

describe("powers printed as whole hp and kW", () => {
  test.each([
    [160, 118],
    [190, 140],
    [220, 162],
    [250, 184],
    [280, 206],
    [500, 368],
  ])("%i hp and %i kW are on both sides of a border", (power, power_kw) => {
    const result = estimate({ power, power_kw });
    expect(result).toMatchObject({ status: "range", warnings: expect.arrayContaining(["power_at_border"]) });
    expect(result.variants).toHaveLength(2);
    expect(Number(result.variants[0]?.total)).toBeGreaterThan(Number(result.variants[1]?.total));
  });

  test.each([
    [159, 117],
    [161, 118],
    [310, 228],
    [340, 250],
  ])("%i hp and %i kW are on one side", (power, power_kw) => {
    expect(estimate({ power, power_kw })).toMatchObject({ status: "computed", warnings: [] });
  });
});

describe("litres", () => {
  test.each([
    [1.5, "5200.00"],
    [2.0, "5200.00"],
    [2.9, "5200.00"],
    [3.0, null],
    [3.2, "3956200.00"],
  ])("%d l: the preference holds when every displacement with these litres has it", (displacement, fee) => {
    const result = estimate({ displacement_cc: null, displacement });
    expect(result.items).toMatchObject({ duty: null, recycling_fee: fee });
    expect(result.missing).toEqual(["displacement_cc"]);
  });

  test.each([
    [1.5, "1408800.00"],
    [2.0, null],
    [2.1, "3407200.00"],
  ])("%d l without preference: the class decides", (displacement, fee) => {
    const options = { personal_use_eligible: false };
    expect(estimate({ displacement_cc: null, displacement }, options).items.recycling_fee).toBe(fee);
  });
});
