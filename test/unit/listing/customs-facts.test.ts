import { describe, expect, test } from "vitest";
import {
  addMonths,
  type CustomsOffer,
  type CustomsVehicle,
  centikilowatts,
  customsFacts,
} from "../../../src/listing/customs-facts.ts";
import { normalizeListing } from "../../../src/listing/index.ts";

const CAR: CustomsOffer & CustomsVehicle = {
  price: 100_000,
  engine_type: "gasoline",
  hybrid_kind: null,
  body_type: "suv",
  displacement_cc: 1498,
  power: 150,
  power_kw: 110,
  motor_power_kw: null,
  year: 2023,
  model_year: 2023,
  first_registration: "2023-11-15",
  never_registered: null,
};
const facts = (changes: Partial<CustomsOffer & CustomsVehicle> = {}) => {
  const car = { ...CAR, ...changes };
  return customsFacts(car, car);
};

describe("the passable age", () => {
  test.each([
    ["2023-11-15", "2026-11-16", "2028-11-15"],
    // A month counts as its first day.
    ["2023-12-01", "2026-12-02", "2028-12-01"],
    ["2023-12-31", "2027-01-01", "2028-12-31"],
    ["2024-02-29", "2027-03-01", "2029-02-28"],
  ])("of a registration on %s lasts from %s to %s", (registered, from, until) => {
    expect(facts({ first_registration: registered })).toMatchObject({
      passable_from: from,
      passable_until: until,
    });
  });

  test("is unknown without a registration, whatever the year", () => {
    expect(facts({ first_registration: null })).toMatchObject({ passable_from: null, passable_until: null });
  });
});

describe("the highest power that a recycling fee may count", () => {
  test.each<[string, Partial<CustomsOffer & CustomsVehicle>, number | null, string | null]>([
    ["159 hp and 117 kW are below 117.68 kW", { power: 159, power_kw: 117 }, 117, "engine"],
    ["160 hp and 118 kW count as 118", { power: 160, power_kw: 118 }, 118, "engine"],
    ["hp alone is converted", { power: 310, power_kw: null }, 228, "engine"],
    ["kW alone is kept", { power: null, power_kw: 110 }, 110, "engine"],
    [
      "a plug-in hybrid adds its motors",
      { engine_type: "plug_in_hybrid", motor_power_kw: 145 },
      255.32,
      "engine_and_motors",
    ],
    ["a hybrid with unknown motors has none", { engine_type: "plug_in_hybrid" }, null, null],
    [
      "a range extender counts its motors",
      { engine_type: "range_extender", motor_power_kw: 330 },
      330,
      "motors",
    ],
    ["an electric car counts its power", { engine_type: "electric", power: 41, power_kw: 30 }, 30, "motors"],
    ["an unknown engine has none", { engine_type: "other" }, null, null],
  ])("%s", (_name, changes, power, basis) => {
    expect(facts(changes)).toMatchObject({ customs_power_kw: power, customs_power_basis: basis });
  });

  test("converts hp with two digits, rounded half up", () => {
    expect([1, 160, 190, 310, 2500].map(centikilowatts)).toEqual([74, 11_768, 13_974, 22_800, 183_875]);
  });
});

describe("missing facts", () => {
  test.each<[string, Partial<CustomsOffer & CustomsVehicle>, string[]]>([
    ["none of a complete petrol car", {}, []],
    ["price", { price: null }, ["price"]],
    ["a registration year is enough for the age", { first_registration: null }, []],
    ["no date at all", { first_registration: null, year: null }, ["production_date"]],
    [
      "a model year dates a car that was never registered",
      { first_registration: null, never_registered: true, year: null },
      [],
    ],
    [
      "a year does not",
      { first_registration: null, never_registered: true, model_year: null },
      ["production_date"],
    ],
    ["engine type", { engine_type: null, power: null }, ["engine_type"]],
    ["a hybrid of unknown kind", { engine_type: "hybrid" }, ["hybrid_kind"]],
    ["displacement in litres only", { displacement_cc: null }, ["displacement_cc"]],
    ["power", { power: null, power_kw: null }, ["power"]],
    [
      "30-minute power of an electric car",
      { engine_type: "electric", displacement_cc: null },
      ["power_30min_kw"],
    ],
    [
      "30-minute power of a parallel hybrid",
      { engine_type: "hybrid", hybrid_kind: "parallel" },
      ["power_30min_kw"],
    ],
    ["a motorhome has other tariffs", { body_type: "motorhome", price: null }, ["vehicle_category"]],
  ])("%s", (_name, changes, missing) => {
    expect(facts(changes).customs_missing).toEqual(missing);
  });
});

test("a month later has at most its last day", () => {
  expect(addMonths("2024-01-31", 1)).toBe("2024-02-29");
  expect(addMonths("2024-11-30", 3)).toBe("2025-02-28");
});

test("a normalised listing has the facts", () => {
  const { listing } = normalizeListing(
    { price: 98000, first_registration: "2023-05", engine_type: "汽油", power: "150", displacement: "1498" },
    { now: new Date("2026-11-27T00:00:00Z") },
  );
  expect(listing).toMatchObject({
    passable_from: "2026-05-02",
    passable_until: "2028-05-01",
    customs_power_kw: 110.32,
    customs_power_basis: "engine",
    customs_missing: [],
  });
});
