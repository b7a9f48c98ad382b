import { type } from "arktype";
import { FIELDS, type FilteredBy, filteredBy, nounOf } from "../../listing/fields.ts";
import { closest } from "../../util/closest.ts";
import { Problem } from "../http/problem.ts";
import type { ParameterProblem, QueryString } from "../http/query-string.ts";
import { SORTS } from "./sort.ts";

// Each query parameter is declared once: the check, the TypeScript type, the message of its 400 and its schema in the
// OpenAPI document derive from its `type`.

/** A query parameter. The type parses text; the OpenAPI document shows its output. */
export interface Parameter {
  readonly type: ParameterType;
  /** For the OpenAPI document. */
  readonly meaning: string;
  /** As written in a URL. */
  readonly example: string;
}

/** The part of an arktype type that is used here. */
interface ParameterType {
  (value: string): unknown;
  readonly infer: unknown;
  readonly out: { toJsonSchema(): object };
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** The checked values of declared parameters; absent ones are missing. */
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]?: P[K]["type"]["infer"] };

const MAX_INT = 2_147_483_647;
const MAX_VALUES = 50;
const MAX_VALUE_LENGTH = 100;
const MAX_QUERY_LENGTH = 200;

const whole = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`;
  return type("string")
    .pipe((text, context) => (/^-?\d{1,15}$/.test(text) ? Number(text) : context.error(expected)))
    .to(type("number.integer").atLeast(min).atMost(max).describe(expected));
};

const decimal = (min: number, max: number) => {
  const expected = `a number from ${min} to ${max} with at most two decimals`;
  return type("string")
    .pipe((text, context) =>
      /^-?\d{1,9}(?:\.\d{1,2})?$/.test(text) ? Number(text) : context.error(expected),
    )
    .to(type("number").atLeast(min).atMost(max).describe(expected));
};

const separated = (text: string) => text.split(",").map((value) => value.trim());

/** Names as in `/filters`. */
const names = type("string")
  .pipe(separated)
  .to(
    type("string")
      .atLeastLength(1)
      .atMostLength(MAX_VALUE_LENGTH)
      .describe(`a name of 1 to ${MAX_VALUE_LENGTH} characters`)
      .array()
      .atMostLength(MAX_VALUES),
  );

/** Codes of a vocabulary. Users can add codes, so only the form is checked. */
const codes = type("string")
  .pipe(separated)
  .to(
    type(/^[a-z0-9][a-z0-9_]{0,59}$/)
      .describe("a code as in /filters, lower case such as silver_gray")
      .array()
      .atMostLength(MAX_VALUES),
  );

const searched = type("string")
  .pipe((text) => text.trim())
  .to(
    type("string")
      .atLeastLength(1)
      .atMostLength(MAX_QUERY_LENGTH)
      .describe(`1 to ${MAX_QUERY_LENGTH} characters with a letter or digit among them`),
  );

/** A parameter with values of one type. */
interface ParameterOf<T> extends Parameter {
  readonly type: ParameterType & { readonly infer: T };
}
type ValueFilters = { readonly [N in FilteredBy<"values">]: ParameterOf<readonly string[]> };
type RangeFilters = {
  readonly [N in `${FilteredBy<"range">}_${"from" | "to"}`]: ParameterOf<number>;
};

/** A filter by values: codes of a category, or names. */
function valueFilter(name: FilteredBy<"values">): [string, Parameter] {
  const { kind, filter } = FIELDS[name];
  const meaning = [`${FIELDS[name].name[0]}.`, ...("note" in filter ? [filter.note] : [])].join(" ");
  return [name, { type: kind === "category" ? codes : names, meaning, example: filter.values }];
}

/** The two bounds of a filter by range. */
function rangeFilter(name: FilteredBy<"range">): [string, Parameter][] {
  const { filter, kind } = FIELDS[name];
  const max = "max" in filter ? filter.max : MAX_INT;
  const type = kind === "decimal" ? decimal(0, max) : whole(0, max);
  const noun = nounOf(name);
  const bounded = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}.`;
  return [
    [`${name}_from`, { type, meaning: `Minimum ${bounded}`, example: filter.range[0] }],
    [`${name}_to`, { type, meaning: `Maximum ${bounded}`, example: filter.range[1] }],
  ];
}

/** Filters, derived from the declaration of the fields. All conditions must hold; comma-separated values are alternatives. */
export const FILTERS = {
  ...(Object.fromEntries(filteredBy("values").map(valueFilter)) as unknown as ValueFilters),
  ...(Object.fromEntries(filteredBy("range").flatMap(rangeFilter)) as unknown as RangeFilters),
  q: {
    type: searched,
    meaning:
      "Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known.",
    example: "land cruiser",
  },
} as const satisfies Parameters;

export const LANGUAGES = ["en", "ru", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Labels in a language. */
export const LANG = {
  lang: {
    type: type.enumerated(...LANGUAGES),
    meaning: "Adds `labels` in this language: display names of codes, marks and places.",
    example: "en",
  },
} as const satisfies Parameters;

/** Sorting and paging. */
const paging = (maxPageSize: number) =>
  ({
    sort: {
      type: type.enumerated(...SORTS),
      meaning: "Order; `-` is descending. Listings without a value come last. Default: -created_at.",
      example: "price",
    },
    page: {
      type: whole(1, 1_000_000),
      meaning: "Page number, from 1. Cannot be combined with `cursor`.",
      example: "2",
    },
    cursor: {
      type: type("string").atLeastLength(1).atMostLength(MAX_QUERY_LENGTH),
      meaning:
        "`next_cursor` of the previous response, with the same filters and sort. Costs the same on every page, so use it to read everything.",
      example: "WzEsIi1jcmVhdGVkX2F0Ii...",
    },
    limit: {
      type: whole(1, maxPageSize),
      meaning: "Listings per page.",
      example: "20",
    },
  }) as const satisfies Parameters;

/** Every parameter of `GET /offers`. */
export const offersParameters = (maxPageSize: number) => ({ ...FILTERS, ...paging(maxPageSize), ...LANG });
export type OffersParameters = ReturnType<typeof offersParameters>;

/** Problem documents quote at most this much of a wrong value. */
const MAX_ECHO_LENGTH = 80;

function unknownMessage(name: string, known: readonly string[]): string {
  if (known.length === 0) {
    return "is unknown; this path takes no parameters";
  }
  const meant = closest(name, known);
  return `is unknown; ${meant === undefined ? `the parameters are ${known.join(", ")}` : `did you mean ${meant}?`}`;
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
    const value = text === "" ? undefined : parameter.type(text);
    if (value === undefined) {
      problems.push({ parameter: name, message: "must not be empty; omit it instead" });
    } else if (value instanceof type.errors) {
      const [first] = value;
      const received = text.length > MAX_ECHO_LENGTH ? `${text.slice(0, MAX_ECHO_LENGTH)}…` : text;
      problems.push({
        parameter: name,
        message: `must be ${first?.expected ?? "valid"} (was "${received}")`,
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
