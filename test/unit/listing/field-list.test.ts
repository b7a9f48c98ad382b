import { expect, test } from "vitest";
import { SCHEMAS } from "../../../src/api/schema/schemas.ts";
import { FIELD_NAMES } from "../../../src/listing/fields.ts";
import { describeFields } from "../../../src/listing/index.ts";

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
] as const)("labels are in the language asked for: %s", (language, expected) => {
  const fields = describeFields(language);
  expect(fields.find(({ name }) => name === "power")).toMatchObject(expected);
  for (const { label, group_label } of fields) {
    expect(/\p{Script=Cyrillic}|che168/u.test(label + group_label)).toBe(
      language === "ru" || label.includes("che168"),
    );
  }
});
