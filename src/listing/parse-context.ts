import { memo } from "./memo.ts";
import { type NumberReading, type NumberRule, readNumber } from "./parse/numbers.ts";
import { isBlank } from "./parse/served.ts";
import type { TrimReading } from "./parse/trim.ts";
import type { Specifications } from "./specifications.ts";
import type { Report } from "./types.ts";
import type { Vocabulary } from "./vocabulary/index.ts";

/** What the parts of a listing are read from. */
export interface Source {
  readonly data: Readonly<Record<string, unknown>>;
  readonly extra: Readonly<Record<string, unknown>> | null;
  readonly specs: Specifications;
  readonly trim: TrimReading;
  readonly vocabulary: Vocabulary;
  readonly report: Report;
  readonly now: Date;
}

/** A numeric field: the reading of one raw value by the field's rule, kept for texts met before. */
export type NumberField = (raw: unknown) => NumberReading;

/** Prepares the rule of a numeric field once, for all listings. */
export function numberField(rule: NumberRule): NumberField {
  const readText = memo((text) => readNumber(text, rule));
  return (raw) => (typeof raw === "string" ? readText(raw) : readNumber(raw, rule));
}

/** The number of the first raw value that says one; what others say wrongly leaves an issue. */
export function firstNumber(
  field: string,
  read: NumberField,
  raws: readonly unknown[],
  report: Report,
): number | null {
  for (const raw of raws) {
    if (raw === undefined || isBlank(raw)) continue;
    const { value, issue } = read(raw);
    if (issue !== null) report(field, issue, raw);
    if (value !== null) return value;
  }
  return null;
}
