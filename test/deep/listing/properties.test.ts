import fc from "fast-check";
import { expect, test } from "vitest";
import { type FieldName, fieldOf, vocabularyOf } from "../../../src/listing/fields.ts";
import { type Category, codesOf, type Listing, normalizeListing } from "../../../src/listing/index.ts";
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };
import corpus from "../../fixtures/corpus-trims.json" with { type: "json" };
import page from "../../fixtures/offers-page-1.json" with { type: "json" };
import { isStorable } from "../../support/database/storable.ts";

const now = new Date("2026-11-24T00:00:00Z");

/** Lowest and highest value of fields declared without bounds. */
const OTHER_BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  model_year: [1980, 2028],
  generation: [1, 99],
  year: [1950, 2027],
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
  trim_en: /./su,
  trim_ru: /./su,
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
  passable_from: /^\d{4}-\d\d-\d\d$/,
  passable_until: /^\d{4}-\d\d-\d\d$/,
};

/** Faults of a result; empty when every value has its type and is in bounds. */
function faultsOf(listing: Listing): string[] {
  return Object.entries(listing).flatMap(([key, value]) => {
    if (key.endsWith("_raw") || key === "vin_masked") {
      return typeof value === "string" ? [] : [`${key}: ${JSON.stringify(value)}`];
    }
    return value === null || isValid(key as FieldName, value) ? [] : [`${key}: ${JSON.stringify(value)}`];
  });
}

function isValid(name: FieldName, value: unknown): boolean {
  const { kind, range, digits = 6 } = fieldOf(name);
  if (kind === "int" || kind === "decimal") {
    const [min, max] = range ?? OTHER_BOUNDS[name] ?? [];
    const places = kind === "int" ? 0 : digits;
    return (
      typeof value === "number" &&
      value >= (min ?? Number.NaN) &&
      value <= (max ?? Number.NaN) &&
      Number(value.toFixed(places)) === value
    );
  }
  if (kind === "category") {
    return codesOf(vocabularyOf(name) as Category).has(String(value));
  }
  if (kind === "flag" || kind === "marker") {
    return value === true || (kind === "flag" && value === false);
  }
  if (kind === "json") {
    return name === "place" ? typeof value === "object" : Array.isArray(value);
  }
  const { values } = fieldOf(name);
  if (values !== undefined) {
    return Object.hasOwn(values, String(value));
  }
  return typeof value === "string" && (TEXTS[name]?.test(value) ?? false);
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

test("any JSON gives a listing within its types and bounds, without an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), listings), (data) => {
      expect(faultsOf(normalizeListing(data, { now }).listing)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test("a listing with any value in one field gives a valid listing", () => {
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

test("values of extreme size give a valid listing", () => {
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
