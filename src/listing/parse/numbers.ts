import type { IssueCode, ReportIssue } from "../types.ts";
import { halfWidth, isMissing } from "./text.ts";
import type { Units } from "./units.ts";

/** Rule of a numeric field. */
export interface NumberRule {
  /** Accepted units. A value with another unit is unreadable. */
  readonly units?: Units;
  /** Bounds, both allowed, in the field's unit. Other values are null with `out_of_range`. */
  readonly min?: number;
  readonly max?: number;
  /** Decimal places; 0 rounds to an integer. @default 6 */
  readonly digits?: number;
  /** True where the feed writes `0` for a missing value (price, power): null, without an issue. */
  readonly zeroIsNull?: boolean;
  /** A fraction needs a unit, and a point before three digits and a unit separates thousands: `12.000 км` is 12,000. */
  readonly isMileage?: boolean;
}

/** Result of {@link readNumber}. A range has `low` below `high`; otherwise all three are equal. */
export interface NumberReading {
  /** The number, the first of a range; null when missing, unreadable or out of bounds. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** {@link unitKey} of the unit; empty without a unit. */
  readonly unit: string;
  /** Reason for a missing value, or `range` when there were several. */
  readonly issue: IssueCode | null;
}

/** Key for comparing units: half-width, lower case, no white space, points and dashes (`л. с.` → `лс`). */
export function unitKey(text: string): string {
  return halfWidth(text)
    .toLowerCase()
    .replace(/[\s.·*⋅•-]+/gu, "");
}

/** Numbers with their units are shorter; bounds the cost of hostile text. */
const MAX_NUMBER_LENGTH = 100;
const CURRENCY_IN_FRONT = /^(?:¥|cny|rmb|人民币)\s*/iu;
/** `9万8` is colloquial for 98,000. */
const TENS_AND_THOUSANDS = /^(\d{1,4})万(\d)千?(?!\d)/u;
const POINT_THOUSANDS = /(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?=\s*(?:km|км|公里|千米))/giu;
/** `12.000` without a unit. */
const TWELVE_OR_TWELVE_THOUSAND = /^[1-9]\d{0,2}\.000$/u;
const CUBIC = /([cс][mм])\s*(?:3|³|\^3)/giu;
/** Commas, white space and apostrophes separate thousands. */
const NUMBER = /^([+-]?)\s*(\d+(?:[,\s'’]\d{3}(?!\d))*)(?:[.,](\d+))?/u;
const RANGE_SIGN = /^[-–—~/至到]\s*/u;
/** Up to the next digit or range sign; a slash is part of the unit in `km/h` and `L/100km`. */
const UNIT = /^[^\d+~/至到–—-]*(?:\/(?:小时|h|ч|100\s*(?:km|км|公里)))?/iu;

/**
 * Reads a number in any spelling of the feed: full-width forms, thousands separators, a decimal comma (a comma before
 * exactly three digits separates thousands), signs, units, `万`, ranges such as `3500-4500` and `4/5/6座`. Words around a
 * single number are ignored. Never throws, never guesses: an ambiguous text is unreadable.
 */
export function readNumber(raw: unknown, rule: NumberRule = {}): NumberReading {
  if (isMissing(raw)) {
    return nothing(null);
  }
  if (typeof raw === "number") {
    return rule.isMileage && !Number.isInteger(raw) ? nothing("unreadable") : bounded([raw], "", rule);
  }
  if (typeof raw !== "string") {
    return nothing("unreadable");
  }
  const trimmed = raw.trim();
  if (trimmed.length > MAX_NUMBER_LENGTH) {
    return nothing("unreadable");
  }
  const plain = plainForm(trimmed, rule);
  const isLowest = rule.isMileage === true && LOWEST.test(plain);
  const text = isLowest ? plain.replace(PLUS, "$1") : plain;
  const reading =
    readPlain(text, rule) ?? readPlain(withoutWords(text, rule.units), rule) ?? nothing("unreadable");
  return isLowest && reading.value !== null ? { ...reading, issue: "range" } : reading;
}

/** A mileage of at least this number: `10万+`, `10万公里以上`, `более 100 000 км`. */
const LOWEST =
  /\d\D{0,6}\+|以上|超过|不止|(?<!\p{L})(?:более|больше|свыше|over|more than|at least)(?!\p{L})/iu;
const PLUS = /(\d[^\d+]{0,6})\+(?=\D*$)/u;

function readPlain(text: string, rule: NumberRule): NumberReading | null {
  const parts = readParts(text);
  if (parts === null) {
    return null;
  }
  // In `3-5万` the last unit applies to all numbers.
  const last = parts.at(-1)?.unit ?? "";
  const inherited = parts.some((part) => part.unit !== last);
  const values: number[] = [];
  for (const part of parts) {
    const factor = unitFactor(part.unit === "" ? last : part.unit, rule.units);
    if (factor === null) {
      return null;
    }
    values.push(part.value * factor);
  }
  // `5000-1万` means 5,000, not 50 million: ambiguous.
  if (inherited && (values[0] ?? 0) > (values.at(-1) ?? 0)) {
    return nothing("unreadable");
  }
  if (
    rule.isMileage &&
    last === "" &&
    (values.some((value) => !Number.isInteger(value)) || TWELVE_OR_TWELVE_THOUSAND.test(text))
  ) {
    return nothing("unreadable");
  }
  return bounded(values, last, rule);
}

/** Words and brackets around a single number: `约3万公里`, `15.8万(含税)`. Letters directly before it make it a name (`A4`). */
const SINGLE_NUMBER =
  /^([^\d+-]*?)((?:[+-]\s*)?\d+(?:[,\s'’]\d{3}(?!\d))*(?:[.,]\d+)?)([^\d([（【]*)([([（【][^\d]*)?$/u;
const WORDS_BEFORE = /(?:\p{Script=Han}|[\s:：,，~≈()（）【】])$/u;
const WORDS_AFTER = /^(?:$|[\s,，.。;；!！()（）/]|\p{Script=Han})/u;

/** The single number of a text with its unit; the empty text when it has several, or none that is certain. */
function withoutWords(text: string, units: Units | undefined): string {
  const [, before = "", number = "", after = ""] = SINGLE_NUMBER.exec(text) ?? [];
  if (number === "" || (before !== "" && !WORDS_BEFORE.test(before))) {
    return "";
  }
  for (let end = Math.min(after.length, MAX_UNIT_LENGTH); end > 0; end--) {
    const unit = unitKey(after.slice(0, end));
    if (
      unit !== "" &&
      units !== undefined &&
      Object.hasOwn(units, unit) &&
      WORDS_AFTER.test(after.slice(end))
    ) {
      return `${number}${after.slice(0, end)}`;
    }
  }
  return after.trim() === "" ? number : "";
}

const MAX_UNIT_LENGTH = 12;

/** {@link readNumber} that reports its issue under the field's name. */
export function parseNumber(
  raw: unknown,
  report: ReportIssue,
  field: string,
  rule: NumberRule,
): number | null {
  const reading = readNumber(raw, rule);
  if (reading.issue !== null) {
    report(field, reading.issue, raw);
  }
  return reading.value;
}

interface Part {
  readonly value: number;
  readonly unit: string;
}

function plainForm(text: string, { units, isMileage = false }: NumberRule): string {
  const plain = halfWidth(
    isMileage ? text.replace(POINT_THOUSANDS, (number) => number.replaceAll(".", "")) : text,
  )
    .replace(/[−‒]/gu, "-")
    .replace(/[～〜]/gu, "~")
    .replaceAll("萬", "万")
    .replace(TENS_AND_THOUSANDS, "$1.$2万")
    .replace(CUBIC, "cc")
    .trim();
  return units !== undefined && Object.hasOwn(units, "¥") ? plain.replace(CURRENCY_IN_FRONT, "") : plain;
}

/** The numbers of a text with their units: one, or those of a range. Null when the text contains anything else. */
function readParts(text: string): Part[] | null {
  const parts: Part[] = [];
  let rest = text;
  while (true) {
    const match = NUMBER.exec(rest);
    if (match === null) {
      return null;
    }
    const [all, sign = "", whole = "", fraction = "0"] = match;
    if (sign !== "" && parts.length > 0) {
      return null;
    }
    const value = Number(`${whole.replace(/\D/gu, "")}.${fraction}`);
    rest = rest.slice(all.length);
    const unit = UNIT.exec(rest)?.[0] ?? "";
    parts.push({ value: sign === "-" ? -value : value, unit: unitKey(unit) });
    rest = rest.slice(unit.length);
    if (rest === "") {
      return parts;
    }
    const to = RANGE_SIGN.exec(rest);
    if (to === null) {
      return null;
    }
    rest = rest.slice(to[0].length);
  }
}

function unitFactor(unit: string, units: Units | undefined): number | null {
  if (unit === "") {
    return 1;
  }
  return units !== undefined && Object.hasOwn(units, unit) ? (units[unit] ?? null) : null;
}

function bounded(values: readonly number[], unit: string, rule: NumberRule): NumberReading {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, digits = 6 } = rule;
  if (rule.zeroIsNull && values.every((value) => value === 0)) {
    return nothing(null);
  }
  if (!values.every((value) => Number.isFinite(value) && value >= min && value <= max)) {
    return nothing("out_of_range");
  }
  const rounded = values.map((value) => round(value, digits));
  const [value = null] = rounded;
  const low = Math.min(...rounded);
  const high = Math.max(...rounded);
  return { value, low, high, unit, issue: low === high ? null : "range" };
}

/** Rounds to decimal places, half away from zero, without the noise of binary fractions. */
export function round(value: number, digits: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) {
    return value;
  }
  if (Number.isInteger(value)) {
    return value + 0;
  }
  const sign = value < 0 ? -1 : 1;
  const scaled = Number(`${Math.abs(value).toPrecision(15)}e${digits}`);
  const result = Math.round(Number.isNaN(scaled) ? Math.abs(value) * 10 ** digits : scaled) / 10 ** digits;
  return result === 0 ? 0 : sign * result;
}

function nothing(issue: IssueCode | null): NumberReading {
  return { value: null, low: null, high: null, unit: "", issue };
}
