import labels from "./labels.json" with { type: "json" };
import type { CustomsEstimate } from "./types.ts";

/** Display names of the codes of an estimate, by code. */
export interface CustomsLabels {
  readonly status: Readonly<Record<string, string>>;
  readonly items: Readonly<Record<string, string>>;
  readonly age_bands: Readonly<Record<string, string>>;
  readonly missing: Readonly<Record<string, string>>;
  readonly warnings: Readonly<Record<string, string>>;
}

/** The order of the names in labels.json. */
const LANGUAGES = ["en", "ru", "zh"] as const;

/** Labels of the codes in an estimate. Codes such as `rate:EUR` keep their second part. */
export function customsLabels(
  estimate: CustomsEstimate,
  language: (typeof LANGUAGES)[number],
): CustomsLabels {
  const named = (group: keyof CustomsLabels, codes: readonly string[]) =>
    Object.fromEntries(codes.map((code) => [code, labelOf(group, code, LANGUAGES.indexOf(language))]));
  const bands = [...estimate.age_bands, ...estimate.variants.map(({ age_band }) => age_band)];
  return {
    status: named("status", [estimate.status]),
    items: named("items", Object.keys(estimate.items)),
    age_bands: named("age_bands", bands),
    missing: named("missing", estimate.missing),
    warnings: named("warnings", estimate.warnings),
  };
}

function labelOf(group: keyof CustomsLabels, code: string, index: number): string {
  const names: Readonly<Record<string, readonly string[]>> = labels[group];
  const [head = "", detail] = code.split(":");
  const label = names[code]?.[index] ?? names[head]?.[index] ?? code;
  const known = detail === undefined ? undefined : (itemOf(detail)?.[index] ?? detail);
  return known === undefined ? label : `${label}: ${known}`;
}

const itemOf = (code: string): readonly string[] | undefined =>
  (labels.items as Readonly<Record<string, readonly string[]>>)[code] ??
  (labels.missing as Readonly<Record<string, readonly string[]>>)[code];
