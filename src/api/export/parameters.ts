import { type } from "arktype";
import { flag, MAX_QUERY_LENGTH, oneOfSet } from "../query/parameter-types.ts";
import { filters } from "../query/parameters.ts";
import type { Labels } from "../schema/labels.ts";
import { SELECTABLE } from "../schema/schemas.ts";

/** The column that continues an export: the position of each row. */
export const CURSOR_COLUMN = "cursor";

/** Every parameter of `GET /export`. */
export const exportParameters = (labels: Labels) => ({
  ...filters(labels),
  format: { type: type.enumerated("csv", "ndjson"), meaning: "Format. Default: csv.", example: "ndjson" },
  bom: {
    type: flag,
    meaning: "`true` starts CSV with a byte order mark, which Excel needs to recognise UTF-8.",
    example: "true",
  },
  formulas: {
    type: type.enumerated("keep", "escape"),
    meaning:
      "`escape` puts an apostrophe before texts that start with =, +, -, @ or a tab, which spreadsheets would run as formulas. CSV only. Default: keep, the texts as they are.",
    example: "escape",
  },
  sort: {
    type: type.enumerated("-created_at", "price"),
    meaning: "Order; `-` is descending. Listings without a value come last. Default: -created_at.",
    example: "price",
  },
  fields: {
    type: oneOfSet([...SELECTABLE.keys(), CURSOR_COLUMN]),
    meaning:
      "Columns, in this order: any fields of a listing, and `cursor`, after which an export can continue. Default: those of a card without `image_sizes`, and `cursor`.",
    example: "inner_id,mark,model,price,cursor",
  },
  cursor: {
    type: type("string").atMostLength(MAX_QUERY_LENGTH),
    meaning:
      "Continues after this position: `cursor` of a row, or `next_cursor` of `/offers`, with the same filters and sort.",
    example: "WzEsIi1jcmVhdGVkX2F0Ii...",
  },
});
