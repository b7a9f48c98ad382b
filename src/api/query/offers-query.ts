import type { Country } from "../../customs/index.ts";
import { addMonths } from "../../listing/customs-facts.ts";
import { FIELDS, type FilteredBy, filteredBy, type Language } from "../../listing/fields.ts";
import type { SearchTerm } from "../../listing/internal.ts";
import { Problem } from "../http/problem.ts";
import { createLabels, type Labels } from "../schema/labels.ts";
import { canonicalNames } from "./canonical-names.ts";
import { parseSince } from "./parameter-types.ts";
import { type FiltersParameters, type OffersParameters, rangeName, type ValuesOf } from "./parameters.ts";
import { type CursorPosition, decodeCursor, type SortKey } from "./sort.ts";

/** `automatic` includes the finer codes, which the normalizer takes from the specification. */
const AUTOMATIC = ["automatic", "cvt", "e_cvt", "dual_clutch", "amt", "dht", "single_speed"];
const MAX_WORDS = 10;

/** A filter of a column, and its parameters: one, or the two bounds of a range. */
type Filter = { readonly names: readonly string[] } & (
  | { readonly kind: "values"; readonly column: FilteredBy<"values"> }
  | { readonly kind: "range"; readonly column: FilteredBy<"range"> }
  | { readonly kind: "flag"; readonly column: FilteredBy<"flag"> }
  | { readonly kind: "since"; readonly column: "created_at" | "updated_at" }
);

/** In the order of the conditions, which is the order in which contradictions are reported. */
const FILTERS: readonly Filter[] = [
  ...filteredBy("values").map((column) => ({ kind: "values" as const, column, names: [column] })),
  ...filteredBy("range").map((column) => ({
    kind: "range" as const,
    column,
    names: [`${rangeName(column)}_from`, `${rangeName(column)}_to`],
  })),
  ...filteredBy("flag").map((column) => ({
    kind: "flag" as const,
    column,
    names: [FIELDS[column].filter.flag],
  })),
  { kind: "since", column: "created_at", names: ["created_since"] },
  { kind: "since", column: "updated_at", names: ["updated_since"] },
];
/** Positions in {@link FILTERS} by parameter. */
const POSITIONS: ReadonlyMap<string, number> = new Map(
  FILTERS.flatMap(({ names }, position) => names.map((name) => [name, position] as const)),
);

/** The filters that a request uses: to ask all of them for their parameters takes as long as the rest of a selection. */
function filtersOf(values: FilterValues): Filter[] {
  const positions = new Set<number>();
  for (const [name, value] of Object.entries(values)) {
    const position = POSITIONS.get(name);
    if (position !== undefined && value !== undefined) {
      positions.add(position);
    }
  }
  return [...positions].sort((one, other) => one - other).map((position) => FILTERS[position] as Filter);
}

/** One condition on a column of `processed_data`. */
export type Condition =
  | { readonly kind: "values"; readonly column: FilteredBy<"values">; readonly values: readonly string[] }
  | {
      readonly kind: "range";
      readonly column: FilteredBy<"range">;
      /** A number, or a date such as `2026-02-28`. */
      readonly from: number | string | undefined;
      readonly to: number | string | undefined;
    }
  /** Whether the field has a value. */
  | { readonly kind: "flag"; readonly column: FilteredBy<"flag">; readonly is: boolean }
  /** `at` is an ISO 8601 time in UTC. */
  | { readonly kind: "since"; readonly column: "created_at" | "updated_at"; readonly at: string }
  /** Passable from `from` at the latest, and until `until` at the earliest; dates such as `2026-02-28`. */
  | { readonly kind: "passable"; readonly from: string; readonly until: string }
  /** A listing matches every term; without terms, none does. */
  | { readonly kind: "words"; readonly terms: readonly SearchTerm[] };

/** A selection of listings. */
export interface Selection {
  readonly conditions: readonly Condition[];
  /** Key of the conditions: equal for equivalent requests, regardless of the order of values. */
  readonly selection: string;
  /** The text of the search among the conditions. */
  readonly q?: string | undefined;
  /** Time until which relative conditions mean the same, in milliseconds of the epoch. */
  readonly validUntil: number;
}

/** A checked request for a page of listings. */
export interface OffersQuery extends Selection {
  /** The listings to return, instead of a selection. */
  readonly ids: readonly string[] | undefined;
  readonly sort: SortKey;
  /** Null with a cursor. */
  readonly page: number | null;
  readonly cursor: CursorPosition | null;
  readonly limit: number;
  readonly lang: Language | undefined;
  /** Members of each listing. @default those of a card */
  readonly fields: readonly string[] | undefined;
  /** Whether the matching listings are counted. */
  readonly count: boolean;
  /** Country of the import costs that are added to each listing. */
  readonly estimate: Country | undefined;
}

type FilterValues = Omit<ValuesOf<FiltersParameters>, "facets" | "lang">;

const distinct = (values: readonly string[]) => [...new Set(values)].sort();

/**
 * What a text searches for.
 *
 * @throws Problem 400 when it has too many words
 */
export function termsOf(q: string, labels: Labels): SearchTerm[] {
  const terms = new Map(labels.searchTerms(q).map((term) => [JSON.stringify(term), term]));
  if (terms.size > MAX_WORDS) {
    throw Problem.invalidParameters([{ parameter: "q", message: `must have at most ${MAX_WORDS} words` }]);
  }
  return [...terms.keys()].sort().map((key) => terms.get(key) ?? []);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

const lastDayOf = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

type Given = Readonly<Record<string, readonly (string | number)[] | string | number | undefined>>;

/** @throws Problem 400 when the bounds contradict each other */
function rangeCondition(column: FilteredBy<"range">, names: readonly string[], given: Given): Condition {
  const [fromName = "", toName = ""] = names;
  const [from, to] = [given[fromName], given[toName]] as (string | number | undefined)[];
  if (from !== undefined && to !== undefined && from > to) {
    throw Problem.invalidParameters([
      { parameter: fromName, message: `must not be above ${toName} (${from} > ${to})` },
    ]);
  }
  const isDate = FIELDS[column].kind === "date";
  return {
    kind: "range",
    column,
    from: isDate && from !== undefined ? `${from}-01` : from,
    to: isDate && to !== undefined ? lastDayOf(String(to)) : to,
  };
}

function valuesCondition(
  column: FilteredBy<"values">,
  given: readonly (string | number)[],
  labels: Labels,
): Condition {
  const wanted = given.map(String).flatMap((name) => canonicalNames(column, name, labels));
  const isWidened = column === "transmission_type" && wanted.includes("automatic");
  return { kind: "values", column, values: distinct(isWidened ? [...wanted, ...AUTOMATIC] : wanted) };
}

/** @throws Problem 400 when the bounds of a range contradict each other */
function conditionOf(filter: Filter, given: Given, labels: Labels, minute: number): Condition {
  const { kind, column, names } = filter;
  const [name = ""] = names;
  switch (kind) {
    case "values":
      return valuesCondition(column, given[name] as readonly (string | number)[], labels);
    case "range":
      return rangeCondition(column, names, given);
    case "flag":
      return { kind, column, is: given[name] === "true" };
    default:
      return { kind, column, at: new Date(parseSince(String(given[name]), minute) ?? minute).toISOString() };
  }
}

/** Ages end in their unit: `7d`, `12h`, `90m`. */
const isAge = (since: string | undefined): boolean => since !== undefined && /[dhm]$/.test(since);

/**
 * The conditions of checked parameters. Pure.
 *
 * @param now current time in milliseconds of the epoch
 * @throws Problem 400 when parameters contradict each other
 */
export function toSelection(values: FilterValues, labels: Labels, now: number): Selection {
  // Ages count from the start of the minute, so that equal requests share a response.
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const conditions = filtersOf(values).map((filter) => conditionOf(filter, values as Given, labels, minute));
  let validUntil =
    isAge(values.created_since) || isAge(values.updated_since)
      ? minute + MINUTE_MS
      : Number.POSITIVE_INFINITY;
  if (values.passable !== undefined) {
    const today = dateOf(now);
    const months = values.passable === "true" ? 0 : Number.parseInt(values.passable, 10);
    conditions.push({ kind: "passable", from: addMonths(today, months), until: today });
    validUntil = Math.min(validUntil, Date.parse(today) + DAY_MS);
  }
  if (values.q !== undefined) {
    conditions.push({ kind: "words", terms: termsOf(values.q, labels) });
  }
  return { conditions, selection: JSON.stringify(conditions), q: values.q, validUntil };
}

/** Parameters that `ids` cannot be combined with: everything that selects or orders. */
const KEPT_WITH_IDS: ReadonlySet<string> = new Set([
  ...["ids", "fields", "lang", "count", "limit", "estimate"],
]);

/**
 * Normalises checked parameters. Pure.
 *
 * @param context.maxOffset listings that numbered pages reach; default: all
 * @param context.labels default: the built-in ones
 * @param context.now in milliseconds of the epoch; default: the current time
 * @throws Problem 400 when parameters contradict each other
 */
export function toOffersQuery(
  values: ValuesOf<OffersParameters>,
  context: {
    readonly pageSize: number;
    readonly maxOffset?: number;
    readonly labels?: Labels;
    readonly now?: number;
  },
): OffersQuery {
  const { ids } = values;
  const beside = ids && Object.keys(values).find((name) => !KEPT_WITH_IDS.has(name));
  if (beside !== undefined) {
    throw Problem.invalidParameters([
      { parameter: "ids", message: `cannot be combined with ${beside}; send one of them` },
    ]);
  }
  const selection = toSelection(values, context.labels ?? createLabels(), context.now ?? Date.now());
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
  const page = cursor === null ? (values.page ?? 1) : null;
  const limit = values.limit ?? context.pageSize;
  const { maxOffset = Number.POSITIVE_INFINITY } = context;
  if (page !== null && page > 1 && page * limit > maxOffset) {
    throw Problem.invalidParameters([
      {
        parameter: "page",
        message: `reaches beyond the first ${maxOffset} listings (${page} pages of ${limit}); send the next_cursor of the page before as cursor, which has no such limit`,
      },
    ]);
  }
  return {
    ...selection,
    selection: `${sort} ${selection.selection}`,
    ids: ids === undefined ? undefined : [...new Set(ids)],
    sort,
    page,
    cursor,
    limit,
    lang: values.lang,
    fields: values.fields === undefined ? undefined : [...new Set(values.fields)],
    count: values.count === "true",
    estimate: values.estimate,
  };
}
