import { type } from "arktype";
import {
  FIELDS,
  type FilteredBy,
  fieldOf,
  filteredBy,
  LANGUAGES,
  nounOf,
  vocabularyOf,
} from "../../listing/fields.ts";
import { closest } from "../../util/closest.ts";
import { expectedOf } from "../../util/expected.ts";
import { ESTIMATE } from "../customs/parameters.ts";
import { REQUESTED_GROUPS } from "../facets/groups.ts";
import { Problem } from "../http/problem.ts";
import type { ParameterProblem, QueryString } from "../http/query-string.ts";
import { createLabels, type Labels } from "../schema/labels.ts";
import { SELECTABLE } from "../schema/schemas.ts";
import {
  decimal,
  flag,
  ids,
  isList,
  MAX_INT,
  MAX_QUERY_LENGTH,
  month,
  names,
  oneOfSet,
  type Parameter,
  type ParameterOf,
  type Parameters,
  passable,
  searched,
  since,
  type ValuesOf,
  valuesOf,
  whole,
  wholes,
} from "./parameter-types.ts";
import { SORTS } from "./sort.ts";
import { unknownMessage } from "./unknown-parameter.ts";

export type { Parameter, Parameters, ValuesOf } from "./parameter-types.ts";

// Each query parameter is declared once: the check, the TypeScript type, the message of its 400 and its schema in the
// OpenAPI document derive from its `type`.

type Fields = typeof FIELDS;
/** Name of the two parameters of a range, without `_from` and `_to`. */
type RangeName<N extends FilteredBy<"range">> = Fields[N]["filter"] extends {
  readonly as: infer A extends string;
}
  ? A
  : N;
type FlagName = { [N in FilteredBy<"flag">]: Fields[N]["filter"]["flag"] }[FilteredBy<"flag">];

/** Values of a filter: text, or whole numbers. */
type ValueFilters = {
  readonly [N in FilteredBy<"values">]: ParameterOf<readonly (string | number)[]>;
};
type RangeFilters = {
  readonly [N in FilteredBy<"range"> as `${RangeName<N>}_${"from" | "to"}`]: ParameterOf<
    Fields[N]["kind"] extends "date" ? string : number
  >;
};
type FlagFilters = { readonly [N in FlagName]: ParameterOf<"true" | "false"> };

/** Name of the two parameters of a range, without `_from` and `_to`. */
export function rangeName(name: FilteredBy<"range">): string {
  const { filter } = FIELDS[name];
  return "as" in filter ? filter.as : name;
}

/** A filter by values: codes of a category, numbers, or names. */
function valueFilter(name: FilteredBy<"values">, labels: Labels): [string, Parameter] {
  const { kind, filter, ...field } = FIELDS[name];
  const meaning = [`${field.name[0]}.`, ...("note" in filter ? [filter.note] : [])].join(" ");
  const category = vocabularyOf(name);
  const values =
    kind === "category" && category !== undefined
      ? oneOfSet(labels.codesOf(category), (text) => labels.codeOf(category, text))
      : kind === "int"
        ? wholes(0, MAX_INT)
        : names;
  return [name, { type: values, meaning, example: filter.values }];
}

/** The two bounds of a filter by range. */
function rangeFilter(name: FilteredBy<"range">): [string, Parameter][] {
  const { filter, kind } = FIELDS[name];
  const max = "max" in filter ? filter.max : MAX_INT;
  const type =
    kind === "date" ? month : kind === "decimal" ? decimal(0, max, fieldOf(name).digits) : whole(0, max);
  const noun = nounOf(name);
  const bounded = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}.`;
  const [from, to] = kind === "date" ? ["Earliest month of", "Latest month of"] : ["Minimum", "Maximum"];
  return [
    [`${rangeName(name)}_from`, { type, meaning: `${from} ${bounded}`, example: filter.range[0] }],
    [`${rangeName(name)}_to`, { type, meaning: `${to} ${bounded}`, example: filter.range[1] }],
  ];
}

/** A filter by whether a field has a value. */
function flagFilter(name: FilteredBy<"flag">): [string, Parameter] {
  const meaning = `Whether the listing has a value for: ${nounOf(name).toLowerCase()}.`;
  return [FIELDS[name].filter.flag, { type: flag, meaning, example: "true" }];
}

/** Filters, derived from the declaration of the fields. All conditions must hold; comma-separated values are alternatives. */
export const filters = (labels: Labels) =>
  ({
    ...(Object.fromEntries(
      filteredBy("values").map((name) => valueFilter(name, labels)),
    ) as unknown as ValueFilters),
    ...(Object.fromEntries(filteredBy("range").flatMap(rangeFilter)) as unknown as RangeFilters),
    ...(Object.fromEntries(filteredBy("flag").map(flagFilter)) as unknown as FlagFilters),
    created_since: {
      type: since,
      meaning: "Last changed in the feed at or after this time, or within this age (`7d`, `12h`, `90m`).",
      example: "7d",
    },
    updated_since: {
      type: since,
      meaning: "Content changed here at or after this time, or within this age.",
      example: "2026-11-20T08:00:00Z",
    },
    passable: {
      type: passable,
      meaning:
        "Import duties of three to five years of age apply today (`true`), or will within so many months (`6m`); see `passable_from`.",
      example: "true",
    },
    q: {
      type: searched,
      meaning:
        "Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known.",
      example: "land cruiser",
    },
  }) as const satisfies Parameters;

/** Labels in a language. */
export const LANG = {
  lang: {
    type: type.enumerated(...LANGUAGES),
    meaning: "Adds `labels` in this language: display names of codes, marks and places.",
    example: "en",
  },
} as const satisfies Parameters;

/** Which members a listing has. */
const FIELDS_PARAMETER = {
  fields: {
    type: oneOfSet([...SELECTABLE.keys()]),
    meaning: "Only these members of each listing, in this order. Any field of a listing can be named.",
    example: "inner_id,mark,model,price",
  },
} as const satisfies Parameters;

/** Sorting and paging. */
const paging = (maxPageSize: number) =>
  ({
    ids: {
      type: ids,
      meaning:
        "These listings in this order, removed ones included (`active` is false). At most 100; cannot be combined with filters, `sort`, `page` or `cursor`.",
      example: "53692747,53692748",
    },
    sort: {
      type: type.enumerated(...SORTS),
      meaning: "Order; `-` is descending. Listings without a value come last. Default: -created_at.",
      example: "price",
    },
    page: {
      type: whole(1, 1_000_000),
      meaning:
        "Page number, from 1. Cannot be combined with `cursor`, which is needed beyond the first 10,000 listings (`api.maxOffset`).",
      example: "2",
    },
    cursor: {
      type: type("string").atMostLength(MAX_QUERY_LENGTH),
      meaning:
        "`next_cursor` of the previous response, with the same filters and sort. Costs the same on every page, so use it to read everything.",
      example: "WzEsIi1jcmVhdGVkX2F0Ii...",
    },
    limit: {
      type: whole(1, maxPageSize),
      meaning: "Listings per page.",
      example: "20",
    },
    ...FIELDS_PARAMETER,
    count: {
      type: flag,
      meaning: "`true` adds `meta.total`, the exact number of matching listings.",
      example: "true",
    },
  }) as const satisfies Parameters;

/** Every parameter of `GET /offers`. */
export const offersParameters = (maxPageSize: number, labels: Labels = createLabels()) => ({
  ...filters(labels),
  ...paging(maxPageSize),
  ...ESTIMATE,
  ...LANG,
});
export type OffersParameters = ReturnType<typeof offersParameters>;

/** Every parameter of `GET /filters`. */
export const filtersParameters = (labels: Labels = createLabels()) => ({
  ...filters(labels),
  facets: {
    type: oneOfSet(REQUESTED_GROUPS),
    meaning: "Further groups to count.",
    example: "district",
  },
  ...LANG,
});
/** Every parameter of `GET /suggest`. */
export const suggestParameters = () => ({
  q: {
    type: searched,
    meaning: "A partial query; without letters and digits there are no suggestions.",
    example: "тойота к",
  },
  ...LANG,
});
/** Every parameter of `GET /market`. */
export const marketParameters = (labels: Labels = createLabels()) => filters(labels);
export type FiltersParameters = ReturnType<typeof filtersParameters>;

/** Problem documents quote at most this much of a wrong value. */
const MAX_ECHO_LENGTH = 80;

const repeatedMessage = ({ type }: Parameter): string =>
  `is given more than once; ${isList(type) ? "separate its values by commas" : "it takes one value"}`;

/** The value of a closed set that a text probably misspells, to complete a message. */
function guess({ type }: Parameter, text: string): string {
  const meant = closest(text, valuesOf(type));
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/**
 * Checks a query string against declared parameters.
 *
 * @throws Problem 400 with every invalid parameter and its expected values
 */
export function readParameters<P extends Parameters>(declared: P, query: QueryString): ValuesOf<P> {
  const problems: ParameterProblem[] = [...query.problems];
  const values: Record<string, unknown> = {};
  for (const [name, text] of query.values) {
    const parameter = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (parameter === undefined) {
      problems.push({
        parameter: name.slice(0, MAX_ECHO_LENGTH),
        message: unknownMessage(name, Object.keys(declared)),
      });
      continue;
    }
    if (query.repeated.has(name)) {
      problems.push({ parameter: name, message: repeatedMessage(parameter) });
      continue;
    }
    // A form sends its empty inputs too.
    if ((name === "q" ? text : text.replaceAll(",", "")).trim() === "") {
      continue;
    }
    const value = parameter.type(text);
    if (value instanceof type.errors) {
      const [first] = value;
      const received = text.length > MAX_ECHO_LENGTH ? `${text.slice(0, MAX_ECHO_LENGTH)}…` : text;
      problems.push({
        parameter: name,
        message: `must be ${first === undefined ? "valid" : expectedOf(first)} (was "${received}")${guess(parameter, text)}`,
      });
    } else {
      values[name] = value;
    }
  }
  if (problems.length > 0) {
    throw Problem.invalidParameters(problems);
  }
  return values as ValuesOf<P>;
}
