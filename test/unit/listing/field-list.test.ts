import { expect, test } from "vitest";
import { SCHEMAS } from "../../../src/api/schema/schemas.ts";
import { labelOfCode, loadLabels } from "../../../src/labels/index.ts";
import { FIELD_NAMES, fieldOf, fieldsWith } from "../../../src/listing/fields.ts";
import { describeFields } from "../../../src/listing/index.ts";
import { labelOfValue } from "../../../src/listing/internal.ts";

/** Parts of a response with members of their own. */
const PARTS = new Set(["labels", "estimate"]);
const propertiesOf = (schema: string): string[] =>
  Object.keys((SCHEMAS[schema]?.properties ?? {}) as object).filter((name) => !PARTS.has(name));

test("every field that the API serves has a label, a group, a unit and an order", () => {
  const names = describeFields().map(({ name }) => name);
  const served = [...FIELD_NAMES, ...["OfferCard", "Offer"].flatMap(propertiesOf)];
  expect(names.toSorted()).toEqual([...new Set(served)].sort());
  expect(describeFields().map(({ order }) => order)).toEqual(names.map((_name, index) => index));
});

const numbers = FIELD_NAMES.filter((name) => ["int", "decimal"].includes(fieldOf(name).kind));
/** Years, ordinals and counts. */
const WITHOUT_UNIT =
  "model_year generation year transfers doors seats seats_min seats_max gears drive_motors cylinders".split(
    " ",
  );

test("every number is a quantity with a unit, a count or a year", () => {
  const units = new Map(describeFields().map(({ name, unit }) => [name, unit]));
  expect(numbers.filter((name) => units.get(name) === null)).toEqual(WITHOUT_UNIT.toSorted(byDeclaration));
  expect([units.get("price_drop"), units.get("days_on_market")]).toEqual(["CNY", "d"]);
});

const byDeclaration = (a: string, b: string): number =>
  (FIELD_NAMES as string[]).indexOf(a) - (FIELD_NAMES as string[]).indexOf(b);

/** The unit that the name of a field states. */
const SUFFIXES: Readonly<Record<string, string>> = {
  _mm: "mm",
  _kg: "kg",
  _kw: "kW",
  _hp: "hp",
  _nm: "N·m",
  _km: "km",
  _kmh: "km/h",
  _kwh: "kWh",
  _cc: "cm³",
};

test("a unit in the name of a field is the unit of its values", () => {
  for (const { name, unit } of describeFields()) {
    const suffix = Object.keys(SUFFIXES).find((one) => name.endsWith(one));
    expect([name, unit]).toEqual([name, suffix === undefined ? unit : SUFFIXES[suffix]]);
  }
});

const SCRIPTS = {
  en: /^[\p{Script=Latin}\p{N}\p{P}\p{S}\s]+$/u,
  ru: /\p{Script=Cyrillic}/u,
  zh: /\p{Script=Han}/u,
};

test.each(["en", "ru", "zh"] as const)(
  "names, groups, units and values are in the language: %s",
  async (language) => {
    const fields = describeFields(language);
    for (const { name, label, group_label, unit, unit_label } of fields) {
      const isInternational = name === "vin" || unit === "V";
      const texts = [label, group_label, unit === null ? label : unit_label];
      expect([name, texts.every((text) => SCRIPTS[language].test(text ?? "")) || isInternational]).toEqual([
        name,
        true,
      ]);
    }
    const labels = await loadLabels(language);
    expect(labels.fields).toEqual(Object.fromEntries(fields.map(({ name, label }) => [name, label])));
    for (const field of fieldsWith("values")) {
      for (const value of Object.keys(fieldOf(field).values ?? {})) {
        expect(labelOfValue(field, value, language)).toMatch(SCRIPTS[language]);
        expect(labelOfCode(labels, field, value)).toBe(labelOfValue(field, value, language));
      }
    }
  },
);

test("two fields of a group have different names, unless they have different units", () => {
  for (const language of ["en", "ru", "zh"] as const) {
    const names = describeFields(language).map(({ group, label, unit }) => `${group} ${label} ${unit}`);
    expect(new Set(names).size).toBe(names.length);
  }
});

test("the size of the engine comes before its power", () => {
  const names = describeFields().map(({ name }) => name);
  expect(names.indexOf("displacement")).toBeLessThan(names.indexOf("power"));
});

test("fields are ordered by group, groups as in a specification table", () => {
  const groups = describeFields().map(({ group }) => group);
  expect([...new Set(groups)]).toEqual(groups.filter((group, index) => group !== groups[index - 1]));
});

test.each([
  [
    "en",
    {
      label: "Power",
      group: "engine",
      group_label: "Engine and motors",
      unit: "hp",
      unit_label: "metric hp",
    },
  ],
  ["ru", { label: "Мощность", group_label: "Двигатель и электромоторы", unit: "hp", unit_label: "л. с." }],
  ["zh", { label: "最大马力", group_label: "发动机与电机", unit: "hp", unit_label: "马力" }],
] as const)("labels are in the requested language: %s", (language, expected) => {
  const fields = describeFields(language);
  expect(fields.find(({ name }) => name === "power")).toMatchObject(expected);
  for (const { label, group_label } of fields) {
    expect(/\p{Script=Cyrillic}|che168/u.test(label + group_label)).toBe(
      language === "ru" || label.includes("che168"),
    );
  }
});
