import { normalizeListing } from "../../listing/index.ts";
import { invalidParameter } from "./mirror-error.ts";
import type { CatalogueFilter } from "./read-mirror.ts";

const VALUES = [
  "mark",
  "model",
  "color",
  "body_type",
  "engine_type",
  "transmission_type",
  "drive_type",
] as const;
const RANGES = ["year", "km_age", "price"] as const;
/** The number of the first placeholder of a filter. */
const FIRST_PLACEHOLDER = 3;

/**
 * Reads the service's filters from a query. Values are as the service spells them, in any of the three languages, and are
 * compared in canonical form; other parameters are ignored, as the service does. Pure.
 *
 * @throws Problem when a bound is not a number
 */
export function readCatalogueFilter(query: ReadonlyMap<string, string>): CatalogueFilter {
  const parts: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value) + FIRST_PLACEHOLDER - 1}`;
  const given = Object.fromEntries(
    VALUES.flatMap((name) => {
      const value = query.get(name)?.trim();
      return value ? [[name, value] as const] : [];
    }),
  );
  const { listing } = normalizeListing(given);
  for (const name of VALUES) {
    if (given[name] !== undefined) {
      parts.push(`p.${name} = ${bind(listing[name])}::text`);
    }
  }
  for (const column of RANGES) {
    for (const [end, comparison] of [
      ["from", ">="],
      ["to", "<="],
    ] as const) {
      const text = query.get(`${column}_${end}`);
      if (text !== undefined && text !== "") {
        if (!/^\d{1,9}$/.test(text)) {
          throw invalidParameter(`${column}_${end}`, "must be a whole number");
        }
        parts.push(`p.${column} ${comparison} ${bind(text)}::int`);
      }
    }
  }
  return { sql: parts.join(" and "), values };
}
