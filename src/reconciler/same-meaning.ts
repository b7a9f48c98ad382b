import { isDeepStrictEqual } from "node:util";

/** Keys whose values are JSON, or a text of it. */
export const JSON_KEYS = ["images", "extra", "configuration"] as const;

/** A decimal number without leading zeros or exponent: such a text means the number. */
const NUMBER_TEXT = "^-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,100})?$";

/**
 * SQL of what a jsonb value means: null for null, "" and a missing key; the number or boolean for a text of one; the value
 * itself for anything else.
 */
export const meaningSql = (value: string): string => `case
    when jsonb_typeof(${value}) = 'null' then null
    when jsonb_typeof(${value}) <> 'string' then ${value}
    when ${value} #>> '{}' = '' then null
    when ${value} #>> '{}' ~ '${NUMBER_TEXT}' then (${value} #>> '{}')::jsonb
    when lower(${value} #>> '{}') in ('true', 'false') then lower(${value} #>> '{}')::jsonb
    else ${value} end`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON that a text holds; any other value unchanged. */
function jsonOf(value: unknown): unknown {
  let json = value;
  if (typeof value === "string") {
    try {
      json = JSON.parse(value);
    } catch {
      // A plain text, such as the name of a trim.
    }
  }
  return isObject(json) && typeof json.configuration === "string"
    ? { ...json, configuration: jsonOf(json.configuration) }
    : json;
}

const isNothing = (value: unknown) => value === undefined || value === null || value === "";

/** True when both hold the same JSON, as such or as text. PostgreSQL 14 cannot parse a text that may be invalid. */
export function isSameJson(stored: unknown, received: unknown): boolean {
  const [a, b] = [jsonOf(stored), jsonOf(received)];
  return isNothing(a) ? isNothing(b) : isDeepStrictEqual(a, b);
}

/** A record that differs from its row only in texts of JSON, and the JSON keys of both. */
export interface Undecided {
  readonly inner_id: string;
  readonly received: Readonly<Record<string, unknown>> | null;
  readonly stored: Readonly<Record<string, unknown>> | null;
}

/** Verdicts of the caller, by `inner_id`. */
export type Verdicts = ReadonlyMap<string, "equal" | "differs">;

/** Compares the rows that PostgreSQL could not compare. */
const verdictsOn = (undecided: readonly Undecided[]): Verdicts =>
  new Map(
    undecided.map(({ inner_id, received, stored }) => [
      inner_id,
      Object.entries(received ?? {}).every(([key, value]) => isSameJson(stored?.[key], value))
        ? "equal"
        : "differs",
    ]),
  );

/** Runs `attempt`, and once more with verdicts when PostgreSQL could not compare every record. */
export async function decided<Row extends { readonly undecided: readonly Undecided[] | null }>(
  attempt: (verdicts: Verdicts) => Promise<Row>,
): Promise<Row> {
  const row = await attempt(new Map());
  return row.undecided === null ? row : attempt(verdictsOn(row.undecided));
}
