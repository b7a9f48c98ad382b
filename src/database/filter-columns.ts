import { FIELDS, type FieldWith, fieldsWith, filteredBy } from "../listing/fields.ts";

/** Columns that API filters use; every covering index includes them, so that counting and paging stay index-only. */
export const FILTER_COLUMNS = [...filteredBy("values"), ...filteredBy("range")] as const;

type IndexedBy<K> = {
  [N in FieldWith<"index">]: (typeof FIELDS)[N]["index"] extends K ? N : never;
}[FieldWith<"index">];

/** The fields with an index of this kind, in order. */
export function indexedBy<K extends "covering" | "equality">(kind: K): IndexedBy<K>[] {
  return fieldsWith("index").filter((name) => FIELDS[name].index === kind) as IndexedBy<K>[];
}

/** Sort keys of lists, each with a covering index. */
export const SORT_COLUMNS = ["created_at", ...indexedBy("covering")] as const;

/** Condition of the rows in lists: active, and known completely. Every partial index has it. */
export const LISTED = "active_status = 0 and not is_incomplete";
