import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsWith } from "../../../src/listing/fields.ts";
import { compileVocabulary, type Language, normalizeListing } from "../../../src/listing/index.ts";
import models from "../../../src/listing/vocabulary/models.json" with { type: "json" };
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };

// The same meaning, written as accounts in the three languages receive it.

const LANGUAGES: readonly Language[] = ["zh", "en", "ru"];
const now = new Date("2026-11-24T00:00:00Z");
const { categories, marks } = compileVocabulary();

/** A text in each language. */
type Texts = Readonly<Record<Language, string>>;
const same = (text: string): Texts => ({ zh: text, en: text, ru: text });

const coded = (category: keyof typeof categories) => fc.constantFrom(...categories[category].labels.values());
const UNITS = {
  km: { zh: "公里", en: " km", ru: " км" },
  yuan: { zh: "元", en: " yuan", ru: " юаней" },
  hp: { zh: "马力", en: " hp", ru: " л.с." },
  litres: same("L"),
};
const quantity = (min: number, max: number, unit: Texts) =>
  fc.tuple(fc.integer({ min, max }), fc.boolean()).map(([value, hasUnit]) => ({
    zh: `${value}${hasUnit ? unit.zh : ""}`,
    en: `${value}${hasUnit ? unit.en : ""}`,
    ru: `${value}${hasUnit ? unit.ru : ""}`,
  }));

const knownModels = Object.entries(models.names).flatMap(([mark, names]) =>
  Object.entries(names).map(([chinese, name]) => ({ mark, texts: { zh: chinese, en: name, ru: name } })),
);
const car = fc.constantFrom(...knownModels).map(({ mark, texts }) => ({
  mark: marks.labels.get(mark) ?? same(mark),
  model: texts,
}));
const date = fc
  .date({ min: new Date("2010-01-01"), max: new Date("2026-10-01"), noInvalidDate: true })
  .map((day) => {
    const [year = "", month = "", dayOfMonth = ""] = day.toISOString().slice(0, 10).split("-");
    return {
      zh: `${year}年${month}月${dayOfMonth}日`,
      en: `${year}-${month}-${dayOfMonth}`,
      ru: `${dayOfMonth}.${month}.${year}`,
    };
  });

/** Fields of `data` by name. */
const fields = fc.record(
  {
    color: coded("color"),
    body_type: coded("body_type"),
    engine_type: coded("engine_type"),
    transmission_type: coded("transmission_type"),
    drive_type: coded("drive_type"),
    seller_type: coded("seller_type"),
    section: coded("section"),
    km_age: quantity(0, 300_000, UNITS.km),
    price: quantity(20_000, 2_000_000, UNITS.yuan),
    power: quantity(60, 800, UNITS.hp),
    displacement: fc.constantFrom("1.0", "1.5", "2.0", "3.0").map(same),
    year: fc.integer({ min: 2000, max: 2026 }).map((year) => same(String(year))),
    first_registration: date,
    address: fc.constantFrom(
      { zh: "北京", en: "Beijing", ru: "Пекин" },
      { zh: "上海", en: "Shanghai", ru: "Шанхай" },
      { zh: "广东 深圳", en: "Guangdong, Shenzhen", ru: "Гуандун, Шэньчжэнь" },
    ),
  },
  { requiredKeys: [] },
);

/** Rows of the specification table by code. */
const rows = fc.record(
  {
    emission_standard: coded("emission_standard"),
    car_class: coded("car_class"),
    aspiration: coded("aspiration"),
    cylinder_layout: coded("cylinder_layout"),
    front_suspension: coded("suspension"),
    battery_type: coded("battery_chemistry"),
    displacement_cc: fc.integer({ min: 600, max: 6000 }).map((cc) => same(String(cc))),
    cylinders: fc.integer({ min: 2, max: 12 }).map((count) => same(String(count))),
    doors: fc.integer({ min: 2, max: 5 }).map((count) => same(String(count))),
    seats: fc.integer({ min: 2, max: 9 }).map((count) => same(String(count))),
    curb_weight_kg: fc.integer({ min: 700, max: 3000 }).map((mass) => same(String(mass))),
    wheelbase_mm: fc.integer({ min: 2000, max: 3600 }).map((length) => same(String(length))),
  },
  { requiredKeys: [] },
);
type RowCode = "emission_standard" | "displacement_cc";
const nameOf = (code: string, language: Language): string => {
  const { zh, en, ru } = specifications[code as RowCode];
  return { zh, en, ru }[language];
};

/** `data` as an account in this language receives it. */
function dataIn(
  language: Language,
  meaning: { car: { mark: Texts; model: Texts }; fields: object; rows: object },
): object {
  const texts = (record: object) =>
    Object.entries(record as Record<string, Texts>).map(([key, value]) => [key, value[language]] as const);
  const items = texts(meaning.rows).map(([code, value]) => ({ name: nameOf(code, language), value }));
  return {
    inner_id: "50000001",
    ...Object.fromEntries([...texts(meaning.car), ...texts(meaning.fields)]),
    extra: { configuration: { paramtypeitems: [{ name: "", paramitems: items }] } },
  };
}

/** Columns that hold the raw text. */
const RAW_TEXT = new Set(["address", "title", "description"]);
const COLUMNS = fieldsWith("column").filter((name) => !RAW_TEXT.has(name));

test("the same meaning in Chinese, English and Russian gives the same listing in every column", () => {
  fc.assert(
    fc.property(fc.record({ car, fields, rows }), (meaning) => {
      const [chinese, ...others] = LANGUAGES.map((language) => {
        const { listing } = normalizeListing(dataIn(language, meaning), { now });
        return Object.fromEntries(COLUMNS.map((name) => [name, listing[name]]));
      });
      for (const other of others) {
        expect(other).toEqual(chinese);
      }
    }),
    { numRuns: 400 },
  );
});
