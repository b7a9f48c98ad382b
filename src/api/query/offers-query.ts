import { type FilteredBy, filteredBy } from "../../listing/fields.ts";
import { searchWords } from "../../listing/internal.ts";
import { Problem } from "../http/problem.ts";
import type { OffersParameters, ValuesOf } from "./parameters.ts";
import { decodeCursor, type Position, type SortKey } from "./sort.ts";

/** `automatic` includes the finer codes, which the normalizer takes from the specification. */
const AUTOMATIC = ["automatic", "cvt", "e_cvt", "dual_clutch", "amt", "dht", "single_speed"];
const MAX_WORDS = 10;

const VALUE_FILTERS = filteredBy("values");
const RANGE_FILTERS = filteredBy("range");

/** One condition on a column of `processed_data`. */
export type Condition =
  | { readonly kind: "values"; readonly column: FilteredBy<"values">; readonly values: readonly string[] }
  | {
      readonly kind: "range";
      readonly column: FilteredBy<"range">;
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
  /** Key of the conditions and the sort: equal for equivalent requests, regardless of the order of values. */
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
  for (const column of RANGE_FILTERS) {
    const from = values[`${column}_from`];
    const to = values[`${column}_to`];
    if (from !== undefined && to !== undefined && from > to) {
      throw Problem.invalidParameters([
        { parameter: `${column}_from`, message: `must not be above ${column}_to (${from} > ${to})` },
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
