import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { LANGUAGES, labelsFile, printLabels } from "../../../scripts/generate-labels.ts";
import { labelOfCode, loadLabels } from "../../../src/labels/index.ts";
import { CATEGORIES, codesOf, labelOf } from "../../../src/listing/index.ts";

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

test("a code without a label is its own", async () => {
  const labels = await loadLabels("ru");
  expect(labelOfCode(labels, "mark", "BMW")).toBe("БМВ");
  expect(labelOfCode(labels, "color", "mother_of_pearl")).toBe("mother_of_pearl");
  expect(labels.fields.price).toBe("Цена");
});
