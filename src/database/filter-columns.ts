/** Columns that API filters use; every covering index includes them, so that counting and paging stay index-only. */
export const FILTER_COLUMNS = [
  "mark",
  "model",
  "color",
  "body_type",
  "engine_type",
  "transmission_type",
  "drive_type",
  "seller_type",
  "province",
  "city",
  "year",
  "price",
  "km_age",
  "power",
  "displacement",
] as const;

/** Condition of the rows in lists: active, and known completely. Every partial index has it. */
export const LISTED = "active_status = 0 and not is_incomplete";
