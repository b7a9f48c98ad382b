import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { LANGUAGES, labelsFile, printLabels } from "../../../scripts/generate-labels.ts";
import { labelOfCode, loadLabels } from "../../../src/labels/index.ts";
import { CATEGORIES, codesOf, describeFields, labelOf } from "../../../src/listing/index.ts";
import options from "../../../src/listing/vocabulary/options.json" with { type: "json" };
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };
import trims from "../../../src/listing/vocabulary/trims.json" with { type: "json" };

describe.each(LANGUAGES)("labels in %s", (language) => {
  test("are those of the vocabulary (npm run generate)", async () => {
    expect(await readFile(labelsFile(language), "utf8")).toBe(printLabels(language));
    const labels = await loadLabels(language);
    for (const category of CATEGORIES) {
      for (const code of codesOf(category).keys()) {
        expect(labelOfCode(labels, category, code)).toBe(labelOf(category, code, language));
      }
    }
  });

  test("are at most 10 kB on their way to a browser", async () => {
    expect(gzipSync(JSON.stringify(await loadLabels(language))).length).toBeLessThan(10_000);
  });
});

const AMERICAN = /\b(?:gray|\w*color\w*|center\w*|tires?|aluminum|liters?|(?:kilo)?meters?|curb)\b/i;

test("the names for people are in British English throughout", () => {
  const names = [
    ...describeFields("en").flatMap(({ label, group_label, unit_label }) => [label, group_label, unit_label]),
    ...CATEGORIES.flatMap((category) =>
      [...codesOf(category).keys()].map((code) => labelOf(category, code, "en")),
    ),
    ...[options, specifications, trims].flatMap((terms) => Object.values(terms).map(({ en }) => en)),
  ];
  expect(names.length).toBeGreaterThan(2000);
  expect(names.filter((name) => AMERICAN.test(name ?? ""))).toEqual([]);
});

test("the Chinese names of drives and gearboxes say no more than their codes", () => {
  const chinese = (category: "drive_type" | "transmission_type", code: string) =>
    labelOf(category, code, "zh");
  // A rear-wheel drive may have its motor in the rear, an automatic of an account's values may be a CVT.
  expect(["fwd", "rwd", "awd"].map((code) => chinese("drive_type", code))).toEqual(["前驱", "后驱", "四驱"]);
  expect(chinese("transmission_type", "automatic")).toBe("自动变速箱");
});

test("a code without a label is its own", async () => {
  const labels = await loadLabels("ru");
  expect(labelOfCode(labels, "mark", "BMW")).toBe("БМВ");
  expect(labelOfCode(labels, "color", "mother_of_pearl")).toBe("mother_of_pearl");
  expect(labels.fields.price).toBe("Цена");
});
