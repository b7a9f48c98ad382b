import { type FieldWith, fieldOf } from "./fields.ts";
import { memo } from "./memo.ts";
import { type NumberReading, type NumberRule, readNumber } from "./parse/numbers.ts";
import { isBlank } from "./parse/text.ts";
import type { TrimReading } from "./parse/trim/trim.ts";
import type { Specifications } from "./specifications.ts";
import type { ReportIssue } from "./types.ts";
import type { Vocabulary } from "./vocabulary/index.ts";

/** Input of the sections that describe the vehicle. */
export interface VehicleContext {
  readonly data: Readonly<Record<string, unknown>>;
  readonly specs: Specifications;
  readonly trim: TrimReading;
  readonly vocabulary: Vocabulary;
  readonly report: ReportIssue;
  readonly now: Date;
}

/** Input of the sections that describe the offer. */
export interface ParseContext extends VehicleContext {
  readonly extra: Readonly<Record<string, unknown>> | null;
}

/** Reads the raw value of a numeric field; memoised by text. */
export type NumberField = (raw: unknown) => NumberReading;

/** The rule of a numeric field: bounds and digits as declared; 0 is missing where it is below the minimum. */
export function numberRule(name: FieldWith<"range">, rule: NumberRule = {}): NumberRule {
  const { kind, range, digits } = fieldOf(name);
  const [min, max] = range ?? [];
  return {
    min,
    max,
    digits: kind === "int" ? 0 : digits,
    zeroIsNull: min !== undefined && min > 0,
    ...rule,
  };
}

/** Prepares a numeric field for all listings. */
export function numberField(name: FieldWith<"range">, rule: NumberRule = {}): NumberField {
  const complete = numberRule(name, rule);
  const readText = memo((text) => readNumber(text, complete));
  return (raw) => (typeof raw === "string" ? readText(raw) : readNumber(raw, complete));
}

/** The first number that a raw value yields; values before it that cannot be read leave an issue. */
export function firstNumber(
  field: string,
  read: NumberField,
  raws: readonly unknown[],
  report: ReportIssue,
): number | null {
  for (const raw of raws) {
    if (raw === undefined || isBlank(raw)) {
      continue;
    }
    const { value, issue } = read(raw);
    if (issue !== null) {
      report(field, issue, raw);
    }
    if (value !== null) {
      return value;
    }
  }
  return null;
}
