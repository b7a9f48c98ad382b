import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fieldOf, fieldsWith, GROUPS, UNITS } from "../src/listing/fields.ts";
import { CATEGORIES, compileVocabulary, describeFields, type TermLabels } from "../src/listing/index.ts";

// Prints `src/labels/data/*.ts`: the labels of one language, without the spellings that make the vocabulary large.

/** In the order of the names of fields, groups and units. */
export const LANGUAGES = ["en", "ru", "zh"] as const;
type Language = (typeof LANGUAGES)[number];

/** The generated file of a language. */
export const labelsFile = (language: Language): string =>
  fileURLToPath(new URL(`../src/labels/data/${language}.ts`, import.meta.url));

/** Labels of all codes of a vocabulary; a label that equals its code is left out. */
const labelsOf = (terms: ReadonlyMap<string, TermLabels>, language: Language) =>
  Object.fromEntries(
    [...terms].flatMap(([code, labels]) => (labels[language] === code ? [] : [[code, labels[language]]])),
  );

/** The text of a file. */
export function printLabels(language: Language): string {
  const { categories, marks } = compileVocabulary();
  const at = LANGUAGES.indexOf(language);
  const named = (names: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(names).map(([key, labels]) => [key, labels[at]]));
  const labels = {
    fields: Object.fromEntries(describeFields(language).map(({ name, label }) => [name, label])),
    groups: named(GROUPS),
    units: named(UNITS),
    codes: {
      ...Object.fromEntries(
        CATEGORIES.map((category) => [category, labelsOf(categories[category].labels, language)]),
      ),
      ...Object.fromEntries(fieldsWith("values").map((name) => [name, named(fieldOf(name).values ?? {})])),
      mark: labelsOf(marks.labels, language),
    },
  };
  return `// Generated from the vocabulary by \`npm run generate\`.\n\nexport default ${JSON.stringify(labels, null, 1)};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const language of LANGUAGES) {
    const printed = printLabels(language);
    const file = labelsFile(language);
    if ((await readFile(file, "utf8").catch(() => "")) !== printed) {
      await writeFile(file, printed);
    }
  }
}
