/** By what a list may be sorted; `-` is from the largest down. */
export const SORTS = ["-created_at", "price", "-price", "year", "-year", "km_age", "-km_age"] as const;
export type SortKey = (typeof SORTS)[number];

export type SortColumn = "created_at" | "price" | "year" | "km_age";

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
  /** The column's type in PostgreSQL. */
  readonly type: "timestamptz" | "int";
  /** Rows without a value come last, in either direction. */
  readonly nullable: boolean;
}

/** What a sort means for the table. */
export function sortOf(key: SortKey): Sort {
  const descending = key.startsWith("-");
  const column = (descending ? key.slice(1) : key) as SortColumn;
  return column === "created_at"
    ? { column, descending, type: "timestamptz", nullable: false }
    : { column, descending, type: "int", nullable: true };
}
