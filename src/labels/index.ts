/**
 * `che168-sync/labels`: names of fields, groups, units and codes in one language, without the vocabulary that the normaliser
 * reads texts with. Bundlers put each language into a file of its own.
 */

/** A language with labels. */
export type LabelLanguage = "en" | "ru" | "zh";

/** Labels of one language. */
export interface LanguageLabels {
  /** Names of the fields of a listing: `price` → `Цена`. */
  readonly fields: Readonly<Record<string, string>>;
  /** Names of the groups of fields, in the order of a specification table. */
  readonly groups: Readonly<Record<string, string>>;
  /** Names of the units: `hp` → `л. с.`. */
  readonly units: Readonly<Record<string, string>>;
  /** Labels of the codes by category, and of marks: `color` → `white` → `Белый`. A label that equals its code is missing. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const LOADERS: Readonly<Record<LabelLanguage, () => Promise<{ readonly default: LanguageLabels }>>> = {
  en: () => import("./data/en.ts"),
  ru: () => import("./data/ru.ts"),
  zh: () => import("./data/zh.ts"),
};

/**
 * Loads the labels of a language, and no other.
 *
 * @example const { codes } = await loadLabels("ru"); codes.color.white; // "Белый"
 */
export async function loadLabels(language: LabelLanguage): Promise<LanguageLabels> {
  return (await LOADERS[language]()).default;
}

/**
 * The label of a code, or the code itself where there is none: marks without a Russian name, codes of your own vocabulary.
 *
 * @param category a category of codes such as `color`, or `mark`
 */
export const labelOfCode = (labels: LanguageLabels, category: string, code: string): string =>
  labels.codes[category]?.[code] ?? code;
