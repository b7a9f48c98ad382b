import { type } from "arktype";
import { closest } from "../../util/closest.ts";

// Types of query parameters. Each parses text, states what it expects, and shows its output in the OpenAPI document.

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

/** A parameter with values of one type. */
export interface ParameterOf<T> extends Parameter {
  readonly type: ParameterType & { readonly infer: T };
}

/** The checked values of declared parameters; absent ones are missing. */
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]?: P[K]["type"]["infer"] };

export const MAX_INT = 2_147_483_647;
const MAX_VALUES = 50;
const MAX_VALUE_LENGTH = 100;
export const MAX_QUERY_LENGTH = 200;
/** Longer lists of expected values are not repeated in messages. */
const MAX_NAMED = 24;

/** The JSON schema of a type's output. */
export function schemaOf({ out }: ParameterType): Record<string, unknown> {
  const { $schema: _, ...schema } = out.toJsonSchema() as Record<string, unknown>;
  return schema;
}

/** Whether a parameter takes several values. */
export const isList = (type: ParameterType): boolean => schemaOf(type).type === "array";

/** The values of a parameter that takes one of a closed set; empty for any other. */
export function valuesOf(type: ParameterType): readonly string[] {
  const { enum: values } = schemaOf(type);
  return Array.isArray(values) ? values.map(String) : [];
}

/** Comma-separated values. */
export const separated = (text: string) =>
  text
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");

/** A whole number between two bounds. */
export const whole = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`;
  return type("string")
    .pipe((text, context) => (/^-?\d{1,15}$/.test(text) ? Number(text) : context.error(expected)))
    .to(type("number.integer").atLeast(min).atMost(max).describe(expected));
};

/** A number between two bounds, with up to three decimals. */
export const decimal = (min: number, max: number, digits = 2) => {
  const expected = `a number from ${min} to ${max} with at most ${digits === 2 ? "two" : "three"} decimals`;
  const form = new RegExp(`^-?\\d{1,9}(?:\\.\\d{1,${digits}})?$`);
  return type("string")
    .pipe((text, context) => (form.test(text) ? Number(text) : context.error(expected)))
    .to(type("number").atLeast(min).atMost(max).describe(expected));
};

/** Several whole numbers. */
export const wholes = (min: number, max: number) => {
  const expected = `whole numbers from ${min} to ${max}`;
  return type("string")
    .pipe((text, context) => {
      const parts = separated(text);
      return parts.every((part) => /^\d{1,9}$/.test(part)) ? parts.map(Number) : context.error(expected);
    })
    .to(type("number.integer").atLeast(min).atMost(max).describe(expected).array().atMostLength(MAX_VALUES));
};

/** A month. */
export const month = type("string").to(
  type(/^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/).describe("a month such as 2021-06"),
);

/** A time, or an age. {@link parseSince} reads it. */
const SINCE = "an ISO 8601 time such as 2026-11-20T08:00:00Z, or an age such as 7d, 12h or 90m";
export const since = type("string")
  .pipe((text, context) => (parseSince(text, 0) === undefined ? context.error(SINCE) : text))
  .to(
    type(
      /^(?:[1-9]\d{0,3}[dhm]|(?:19|20)\d{2}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)$/,
    ).describe(SINCE),
  );

const AGE_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/**
 * The instant of a {@link since} parameter in milliseconds of the epoch. A time without a zone is UTC.
 *
 * @param now the current time, in the same unit
 * @returns undefined for a date that does not exist
 */
export function parseSince(text: string, now: number): number | undefined {
  const [, count, unit = ""] = /^(\d+)([dhm])$/.exec(text) ?? [];
  if (count !== undefined) {
    return now - Number(count) * (AGE_MS[unit] ?? 0);
  }
  const iso = text.replace(" ", "T");
  const at = Date.parse(iso.includes("T") && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso);
  const day = iso.slice(0, 10);
  const exists = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at) || Number.isNaN(exists.getTime()) || exists.toISOString().slice(0, 10) !== day
    ? undefined
    : at;
}

/** Whether a car is passable: now (`true`), or within some months (`6m`). */
export const passable = type("string").to(
  type(/^(?:true|(?:[1-9]|[1-5]\d|60)m)$/).describe("true, or a number of months such as 6m"),
);

/** `true` or `false`. */
export const flag = type.enumerated("true", "false");

/** Any names. */
export const names = type("string")
  .pipe(separated)
  .to(
    type("string")
      .atMostLength(MAX_VALUE_LENGTH)
      .describe(`a name of 1 to ${MAX_VALUE_LENGTH} characters`)
      .array()
      .atMostLength(MAX_VALUES),
  );

/**
 * Values of a closed set. Case is ignored; a wrong value is refused with the nearest one.
 *
 * @param find a further spelling of a value, such as its label
 */
export function oneOfSet(
  values: readonly string[],
  find: (text: string) => string | undefined = () => undefined,
) {
  const byKey = new Map(values.map((value) => [value.toLowerCase(), value]));
  return type("string")
    .pipe((text, context) => {
      const found: string[] = [];
      for (const part of separated(text)) {
        const value = byKey.get(part.toLowerCase()) ?? find(part);
        if (value === undefined || !byKey.has(value.toLowerCase())) {
          return context.error(expectedOf(part, values));
        }
        found.push(value);
      }
      return found;
    })
    .to(
      type
        .enumerated(...values)
        .array()
        .atMostLength(MAX_VALUES),
    );
}

function expectedOf(given: string, values: readonly string[]): string {
  const meant = closest(given, values);
  if (meant !== undefined) {
    return `a known value; "${given.slice(0, MAX_VALUE_LENGTH)}" is unknown, did you mean ${meant}?`;
  }
  return values.length > MAX_NAMED
    ? "one of the values that openapi.json lists"
    : `one of ${values.join(", ")}`;
}

/** Ids of listings. */
export const ids = type("string")
  .pipe(separated)
  .to(
    type("string")
      .atMostLength(255)
      .describe("an inner_id")
      .array()
      .atMostLength(100)
      .describe("at most 100 ids"),
  );

/** Words to search for. */
export const searched = type("string")
  .pipe((text) => text.trim())
  .to(type("string").atMostLength(MAX_QUERY_LENGTH).describe(`at most ${MAX_QUERY_LENGTH} characters`));
