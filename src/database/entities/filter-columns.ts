import { FIELDS, type FieldWith, fieldsWith, filteredBy } from "../../listing/fields.ts";

/** Columns that API filters use, except lists. */
export const FILTER_COLUMNS = [
  ...filteredBy("values"),
  ...filteredBy("range"),
  ...filteredBy("flag").filter((name) => FIELDS[name].kind !== "json"),
] as const;

/** Those that every covering index includes, so that counting and paging by them stay index-only. */
export const COVERED_COLUMNS: readonly string[] = FILTER_COLUMNS.filter(
  (name) => !("covered" in FIELDS[name].filter),
);

type IndexedBy<K> = {
  [N in FieldWith<"index">]: (typeof FIELDS)[N]["index"] extends K ? N : never;
}[FieldWith<"index">];

/** The fields with an index of this kind, in order. */
export function indexedBy<K extends "covering" | "equality">(kind: K): IndexedBy<K>[] {
  return fieldsWith("index").filter((name) => FIELDS[name].index === kind) as IndexedBy<K>[];
}

/** Sort keys of lists with a covering index. */
export const SORT_COLUMNS = ["created_at", ...indexedBy("covering")] as const;

/** Further sort keys, only descending, with a plain index: a covering one would be ten times as large. */
export const PLAIN_SORT_COLUMNS = ["updated_at", "price_drop"] as const;

/** Condition of the rows in lists: active, and known completely. Every partial index has it. */
export const LISTED = "active_status = 0 and not is_incomplete";
