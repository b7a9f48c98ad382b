import type { ReportIssue } from "../../types.ts";
import { readHanNumber } from "../han.ts";
import { parseNumber } from "../numbers.ts";
import { cleanText, halfWidth } from "../text.ts";
import { YEAR_UNITS } from "../units.ts";
import { NO_FACTS, readTrimFacts, type TrimFacts } from "./trim-facts.ts";

/** The parts of a full trim name such as `奥迪A3 2016款 Sportback 35 TFSI 风尚型`. */
export interface TrimParts {
  readonly series: string | null;
  readonly model_year: number | null;
  readonly trim: string | null;
  /** `改款` directly after the year. */
  readonly facelift: true | null;
  /** N of `第N代`. */
  readonly generation: number | null;
}

/** The parts, and the facts in the trim. */
export type TrimReading = TrimParts & TrimFacts;

const EARLIEST_MODEL_YEAR = 1980;
/** Longer texts are not read. */
const MAX_TRIM_LENGTH = 300;
const YEAR_WITH_MARK = /((?:19|20)\d{2})\s*年?款/u;
const YEAR_ALONE = /(?<=\s)(?:19|20)\d{2}(?=\s|$)/gu;
/** After Peugeot, 2008 is the model, unless it is the only year. */
const MODEL_2008 = /^(?:.*\s)?(?:peugeot|пежо|标致)\s*$/iu;
const FACELIFT = /^\s*改款(?:[一二三四五六七八九十](?=\s|$))?/u;
/** Translations of 款 and 改款 after a year without 款; the `Model` of `Model Y` stays. */
const TRANSLATED_LEAD =
  /^(?:\s+Model(?:\s+Year)?(?=\s|$)(?!\s+[SXY3](?:\s|$)))?(?<facelift>\s+(?:Facelift|Restyling|рестайлинг)(?=\s|$))?/iu;
const GENERATION = /第\s*(\d{1,2}|[一二三四五六七八九]?十?[一二三四五六七八九十])\s*代(?=[\s版款(（]|$)/u;

/** Its translations. Before another word it may be a generation of something else: `2nd generation e-POWER`. */
const TRANSLATED_GENERATION =
  /(?<![\p{L}\d])(\d{1,2})(?:(?:st|nd|rd|th)[ -]generation|(?:-?(?:е|ое|го|ого))?\s+поколени[ея])(?=\s*$|\s+\d|[,(])/iu;

/**
 * Splits a full trim name `<series> <YYYY>款 [改款…] <trim>`, or one without `款` that has a separate year after the first word
 * (`Huracán 2020 Huracán EVO RWD`), and reads the facts in it. Without a year everything is null. A model year before 1980 or
 * later than the year after next is null with an issue.
 */
export function parseTrim(raw: string, report: ReportIssue, now: Date): TrimReading {
  const text = raw.length > MAX_TRIM_LENGTH ? "" : cleanText(raw);
  const year = findYear(text, latestModelYear(now));
  if (year === null) {
    return { ...NO_PARTS, ...NO_FACTS };
  }
  const rest = text.slice(year.end);
  const lead = (year.marked ? FACELIFT : TRANSLATED_LEAD).exec(halfWidth(rest));
  const series = text.slice(0, year.start).trim();
  const trim = rest.slice(lead?.[0].length ?? 0).trim();
  const hasFacelift = year.marked ? lead !== null : lead?.groups?.facelift !== undefined;
  const inBounds = year.value >= EARLIEST_MODEL_YEAR && year.value <= latestModelYear(now);
  if (!inBounds) {
    report("model_year", "out_of_range", year.value);
  }
  return {
    ...readTrimFacts(trim, series),
    series: series === "" ? null : series,
    model_year: inBounds ? year.value : null,
    trim: trim === "" ? null : trim,
    facelift: hasFacelift ? true : null,
    generation: readGeneration(trim),
  };
}

/** The facts of a trim without series and year (`125i M运动套装`). */
export function parseBareTrim(raw: string): TrimReading {
  const trim = raw.length > MAX_TRIM_LENGTH ? "" : cleanText(raw);
  if (trim === "") {
    return { ...NO_PARTS, ...NO_FACTS };
  }
  return { ...NO_PARTS, ...readTrimFacts(trim, ""), trim, generation: readGeneration(trim) };
}

/** A model year in a separate field: 1980 to the year after next. */
export function parseModelYear(raw: unknown, report: ReportIssue, now: Date): number | null {
  const max = latestModelYear(now);
  return parseNumber(raw, report, "model_year", {
    units: YEAR_UNITS,
    min: EARLIEST_MODEL_YEAR,
    max,
    digits: 0,
    zeroIsNull: true,
  });
}

const NO_PARTS: TrimParts = { series: null, model_year: null, trim: null, facelift: null, generation: null };

function latestModelYear(now: Date): number {
  return now.getUTCFullYear() + 2;
}

function findYear(
  text: string,
  latest: number,
): { value: number; start: number; end: number; marked: boolean } | null {
  // Half-width forms have the same length, so positions are those of the text.
  const plain = halfWidth(text);
  const marked = YEAR_WITH_MARK.exec(plain);
  if (marked !== null) {
    const value = Number(marked[1]);
    return { value, start: marked.index, end: marked.index + marked[0].length, marked: true };
  }
  const alone = [...plain.matchAll(YEAR_ALONE)].filter(({ 0: year }) => {
    return Number(year) >= EARLIEST_MODEL_YEAR && Number(year) <= latest;
  });
  const [first, second] = alone;
  const isModel = first?.[0] === "2008" && MODEL_2008.test(plain.slice(0, first.index));
  const found = isModel ? second : first;
  if (found === undefined) {
    return null;
  }
  return { value: Number(found[0]), start: found.index, end: found.index + 4, marked: false };
}

function readGeneration(trim: string): number | null {
  const plain = halfWidth(trim);
  const numeral = (GENERATION.exec(plain) ?? TRANSLATED_GENERATION.exec(plain))?.[1];
  if (numeral === undefined) {
    return null;
  }
  const value = /^\d+$/.test(numeral) ? Number(numeral) : readHanNumber(numeral);
  return value > 0 ? value : null;
}
