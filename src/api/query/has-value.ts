/**
 * Whether a listing has pictures. The size of an empty list is that of its header; it is known without reading the list,
 * which is stored out of line.
 */
const HAS_IMAGES = "coalesce(pg_column_size(images) > 8, false)";

/** SQL for whether a field has a value. */
export const hasValue = (column: "is_import" | "vin" | "images"): string =>
  column === "images" ? HAS_IMAGES : column === "is_import" ? "is_import is true" : `${column} is not null`;
