import fc from "fast-check";
import { expect, test } from "vitest";
import { type Category, codesOf, type Listing, normalizeListing } from "../../../src/listing/index.ts";
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };
import corpus from "../../fixtures/corpus-trims.json" with { type: "json" };
import page from "../../fixtures/offers-page-1.json" with { type: "json" };
import { isStorable } from "../../support/database/storable.ts";

const now = new Date("2026-11-24T00:00:00Z");

/** Bounds of every number: lowest, highest, digits behind the point. */
const BOUNDS: Partial<Record<keyof Listing, [number, number, number]>> = {
  model_year: [1980, 2028, 0],
  generation: [1, 99, 0],
  year: [1950, 2027, 0],
  price: [500, 100_000_000, 0],
  msrp: [5000, 100_000_000, 0],
  km_age: [0, 2_000_000, 0],
  transfers: [0, 50, 0],
  mild_hybrid_voltage: [12, 96, 0],
  displacement: [0.3, 10, 2],
  displacement_cc: [300, 10_000, 0],
  power: [5, 2500, 0],
  power_kw: [4, 1850, 0],
  system_power_hp: [5, 2500, 0],
  torque_nm: [20, 5000, 0],
  cylinders: [1, 16, 0],
  battery_kwh: [0.5, 300, 3],
  ev_range_km: [10, 2000, 0],
  gears: [1, 12, 0],
  drive_motors: [1, 4, 0],
  doors: [1, 6, 0],
  seats: [1, 60, 0],
  seats_min: [1, 60, 0],
  seats_max: [1, 60, 0],
  length_mm: [1500, 9000, 0],
  width_mm: [900, 2700, 0],
  height_mm: [900, 3500, 0],
  wheelbase_mm: [1200, 6000, 0],
  curb_weight_kg: [300, 8000, 0],
  trunk_l: [10, 20_000, 0],
  tank_l: [5, 300, 1],
  top_speed_kmh: [30, 500, 0],
  acceleration_s: [1, 60, 2],
  consumption_l: [0, 40, 2],
};

const CODES: Partial<Record<keyof Listing, Category>> = {
  engine_type: "engine_type",
  transmission_type: "transmission_type",
  body_type: "body_type",
  drive_type: "drive_type",
  motor_position: "motor_position",
  color: "color",
  seller_type: "seller_type",
  section: "section",
  emission_standard: "emission_standard",
  car_class: "car_class",
  aspiration: "aspiration",
  cylinder_layout: "cylinder_layout",
  battery_chemistry: "battery_chemistry",
  cylinder_head_material: "material",
  cylinder_block_material: "material",
  front_suspension: "suspension",
  rear_suspension: "suspension",
};

const TEXTS: Partial<Record<keyof Listing, RegExp>> = {
  inner_id: /^.{1,32}$/su,
  url: /^https:\/\/(?:[^/]+\.)?che168\.com\//,
  title: /./su,
  mark: /^.{1,100}$/su,
  model: /^.{1,300}$/su,
  model_latin: /^[^\p{Script=Han}\p{Script=Cyrillic}]*$/u,
  series: /./su,
  trim: /./su,
  manufacturer: /^.{1,100}$/su,
  description: /./su,
  vin: /^[A-HJ-NPR-Z0-9]{17}$/,
  specid: /^\d{1,10}$/,
  salon_id: /^\d{1,10}$/,
  engine_model: /^.{1,60}$/su,
  address: /^.{1,200}$/su,
  province: /^[A-Z]/,
  city: /^[A-Z]/,
  district: /^[A-Z]/,
  first_registration: /^\d{4}-\d\d-\d\d$/,
  first_registration_precision: /^(?:day|month)$/,
  offer_created: /^\d{4}-\d\d-\d\d$/,
};

const FLAGS: (keyof Listing)[] = ["facelift", "is_import", "never_registered", "is_dealer"];

/** What is wrong with a result; empty when everything is inside its type and bounds. */
function faultsOf(listing: Listing): string[] {
  const fault = (key: string, value: unknown) => `${key}: ${JSON.stringify(value)}`;
  return Object.entries(listing).flatMap(([name, value]) => {
    const key = name as keyof Listing;
    if (key === "images" || key === "options" || key === "place") {
      return Array.isArray(value) || key === "place" ? [] : [fault(key, value)];
    }
    if (name.endsWith("_raw") || name === "vin_masked") {
      return typeof value === "string" ? [] : [fault(key, value)];
    }
    if (value === null) {
      return [];
    }
    const bounds = BOUNDS[key];
    if (bounds !== undefined) {
      const [min, max, digits] = bounds;
      const fits =
        typeof value === "number" && value >= min && value <= max && Number(value.toFixed(digits)) === value;
      return fits ? [] : [fault(key, value)];
    }
    const category = CODES[key];
    if (category !== undefined) {
      return codesOf(category).has(String(value)) ? [] : [fault(key, value)];
    }
    if (FLAGS.includes(key)) {
      return typeof value === "boolean" ? [] : [fault(key, value)];
    }
    const pattern = TEXTS[key];
    return pattern !== undefined && typeof value === "string" && pattern.test(value)
      ? []
      : [fault(key, value)];
  });
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom(...corpus.map(([raw]) => String(raw))),
  fc.constantFrom(
    "2.0T 295马力 L4",
    "5门5-6座SUV",
    "4462*1803*1446",
    "1,5 л",
    "18.98万",
    "-5",
    "1e308",
    "国VI(国V)",
    "2019年5月",
    "{",
    "[[",
    "null",
    "-",
  ),
  fc
    .tuple(fc.double(), fc.constantFrom("", "万", "km", "кВт", "座", "挡", "年", "mL", "-", "/"))
    .map(([value, unit]) => `${value}${unit}`),
);
const anything = fc.oneof(
  text,
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
);
const known = Object.values(specifications).flatMap(({ zh, ru }) => [zh, ru]);
const row = fc.record(
  {
    id: fc.oneof(fc.constantFrom(93, 101, "115", "92", 90, "108", 58, 20, 43, 23), anything),
    name: fc.oneof(fc.constantFrom(...known), anything),
    value: anything,
  },
  { requiredKeys: [] },
);
const table = fc.oneof(
  anything,
  fc.dictionary(fc.constantFrom(...known), anything),
  fc.record({
    specid: anything,
    paramtypeitems: fc.oneof(
      anything,
      fc.array(fc.oneof(anything, fc.record({ paramitems: fc.oneof(anything, fc.array(row)) }))),
    ),
  }),
);
const extra = fc.oneof(
  anything,
  fc.record({
    configuration: table,
    inspection: anything,
    option: fc.oneof(
      anything,
      fc.record({
        displayopts: fc.oneof(anything, fc.array(fc.record({ optionname: anything }))),
        moreoptions: fc.oneof(anything, fc.array(anything)),
      }),
    ),
  }),
);
const keys = [...Object.keys(normalizeListing({}).listing), "car_name", "new_price", "dimensions"];
const listings = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 40 }),
    fc.record({ configuration: table, extra }, { requiredKeys: [] }),
  )
  .map(([fields, rest]) => ({ ...fields, ...rest }));

test("any JSON at all gives a listing inside its types and bounds, without an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), listings), (data) => {
      expect(faultsOf(normalizeListing(data, { now }).listing)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test("a listing with one field replaced by anything stays a listing", () => {
  const real = page.result.map(({ data }) => data);
  fc.assert(
    fc.property(
      fc.constantFrom(...real),
      fc.constantFrom(...keys, "configuration", "extra"),
      anything,
      (data, key, value) => {
        expect(faultsOf(normalizeListing({ ...data, [key]: value }, { now }).listing)).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});

test("the result can be stored: no control characters, lone surrogates or undefined values", () => {
  fc.assert(
    fc.property(listings, (data) => {
      const result = normalizeListing(data, { now });
      expect(isStorable(result)).toBe(true);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
    { numRuns: 500 },
  );
});

test("values of absurd size are taken calmly", () => {
  const long = "1".repeat(2_000_000);
  const wide = Object.fromEntries(keys.map((key) => [key, long]));
  expect(faultsOf(normalizeListing({ ...wide, configuration: long, extra: long }, { now }).listing)).toEqual(
    [],
  );
  const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  expect(
    faultsOf(
      normalizeListing(
        {
          ...Object.fromEntries(keys.map((key) => [key, deep])),
          extra: { inspection: deep, configuration: deep, option: deep },
        },
        { now },
      ).listing,
    ),
  ).toEqual([]);
  expect(
    faultsOf(
      normalizeListing(
        { description: `${"电话".repeat(500_000)}13800000000`, title: "2020款".repeat(100_000) },
        { now },
      ).listing,
    ),
  ).toEqual([]);
  for (const odd of [null, undefined, 5, "text", [], [1], Number.NaN, 1e308, true]) {
    expect(faultsOf(normalizeListing(odd, { now }).listing)).toEqual([]);
  }
});
