import { FIELDS, type FilteredBy, fieldsWith, filteredBy } from "../../listing/fields.ts";

// Groups and ranges of `GET /filters`, derived from the declaration of the fields.

/** Columns of values that are counted on request. */
export const REQUESTED_VALUES = fieldsWith("facet").filter(
  (name) => FIELDS[name].facet === "requested",
) as FilteredBy<"values">[];

/** Columns of values that are always counted. */
export const DEFAULT_GROUPS: readonly FilteredBy<"values">[] = filteredBy("values").filter(
  (name) => !REQUESTED_VALUES.includes(name),
);

/** Columns of flags by the name of their parameter. */
export const FLAG_NAMES: ReadonlyMap<string, FilteredBy<"flag">> = new Map(
  filteredBy("flag").map((name) => [FIELDS[name].filter.flag, name]),
);

/** Groups that are counted on request: values, and `true` or `false`. */
export const REQUESTED_GROUPS: readonly string[] = [...REQUESTED_VALUES, ...FLAG_NAMES.keys()];

/** Ranges: column, and name of the parameters. */
export const RANGES = filteredBy("range").map((column) => {
  const { filter } = FIELDS[column];
  return { column, name: "as" in filter ? filter.as : column, kind: FIELDS[column].kind };
});
