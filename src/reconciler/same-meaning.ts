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
