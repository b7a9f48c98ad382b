import { searchWords } from "../../listing/internal.ts";
import { Problem } from "../http/problem.ts";
import type { OffersParameters, ValuesOf } from "./parameters.ts";
import { decodeCursor, type Position, type SortKey } from "./sort.ts";

/** `automatic` includes the finer codes, which the normalizer takes from the specification. */
const AUTOMATIC = ["automatic", "cvt", "e_cvt", "dual_clutch", "amt", "dht", "single_speed"];
const MAX_WORDS = 10;

const VALUE_FILTERS = [
  "mark",
  "model",
  "color",
  "body_type",
  "engine_type",
  "transmission_type",
  "drive_type",
  "seller_type",
  "province",
  "city",
] as const;
type RangeColumn = "year" | "price" | "km_age" | "power" | "displacement";
/** Each column with the parameters of its bounds. */
const RANGE_FILTERS = [
  ["year", "year_from", "year_to"],
  ["price", "price_from", "price_to"],
  ["km_age", "km_age_from", "km_age_to"],
  ["power", "power_from", "power_to"],
  ["displacement", "displacement_from", "displacement_to"],
] as const satisfies (readonly [RangeColumn, keyof OffersParameters, keyof OffersParameters])[];
type ValueColumn = (typeof VALUE_FILTERS)[number];

/** One condition on a column of `processed_data`. */
export type Condition =
  | { readonly kind: "values"; readonly column: ValueColumn; readonly values: readonly string[] }
  | {
      readonly kind: "range";
      readonly column: RangeColumn;
      readonly from: number | undefined;
      readonly to: number | undefined;
    }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** A checked request for a page of listings. */
export interface OffersQuery {
  readonly conditions: readonly Condition[];
  readonly sort: SortKey;
  /** Null with a cursor. */
  readonly page: number | null;
  readonly cursor: Position | null;
  readonly limit: number;
  readonly lang: "en" | "ru" | "zh" | undefined;
  /** Key of the conditions and the sort: equal for equivalent requests, whatever the order of their values. */
  readonly selection: string;
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort();

function wordsOf(q: string): string[] {
  const words = distinct(searchWords(q));
  if (words.length === 0) {
    throw Problem.invalidParameters([{ parameter: "q", message: "must contain a letter or a digit" }]);
  }
  if (words.length > MAX_WORDS) {
    throw Problem.invalidParameters([{ parameter: "q", message: `must have at most ${MAX_WORDS} words` }]);
  }
  return words;
}

/**
 * Normalises checked parameters. Pure.
 *
 * @throws Problem 400 when parameters contradict each other
 */
export function toOffersQuery(values: ValuesOf<OffersParameters>, pageSize: number): OffersQuery {
  const conditions: Condition[] = [];
  for (const column of VALUE_FILTERS) {
    const wanted = values[column];
    if (wanted !== undefined) {
      const widened =
        column === "transmission_type" && wanted.includes("automatic") ? [...wanted, ...AUTOMATIC] : wanted;
      conditions.push({ kind: "values", column, values: distinct(widened) });
    }
  }
  for (const [column, lower, upper] of RANGE_FILTERS) {
    const from = values[lower];
    const to = values[upper];
    if (from !== undefined && to !== undefined && from > to) {
      throw Problem.invalidParameters([
        { parameter: lower, message: `must not be above ${upper} (${from} > ${to})` },
      ]);
    }
    if (from !== undefined || to !== undefined) {
      conditions.push({ kind: "range", column, from, to });
    }
  }
  if (values.q !== undefined) {
    conditions.push({ kind: "words", words: wordsOf(values.q) });
  }
  const sort = values.sort ?? "-created_at";
  if (values.page !== undefined && values.cursor !== undefined) {
    throw Problem.invalidParameters([
      { parameter: "page", message: "cannot be combined with cursor; send one of them" },
    ]);
  }
  const cursor = values.cursor === undefined ? null : decodeCursor(values.cursor, sort);
  if (typeof cursor === "string") {
    throw Problem.invalidParameters([{ parameter: "cursor", message: cursor }]);
  }
  return {
    conditions,
    sort,
    page: cursor === null ? (values.page ?? 1) : null,
    cursor,
    limit: values.limit ?? pageSize,
    lang: values.lang,
    selection: JSON.stringify([sort, ...conditions]),
  };
}
