import type { Issue } from "../listing/types.ts";

/** The columns of `processed_data` that a listing fills, with their types in PostgreSQL. */
export const LISTING_COLUMNS = {
  mark: "text",
  model: "text",
  model_latin: "text",
  series: "text",
  model_year: "int",
  trim: "text",
  generation: "int",
  title: "text",
  year: "int",
  color: "text",
  price: "int",
  msrp: "int",
  km_age: "int",
  engine_type: "text",
  transmission_type: "text",
  body_type: "text",
  drive_type: "text",
  displacement: "numeric(5,2)",
  displacement_cc: "int",
  power: "int",
  power_kw: "int",
  torque_nm: "int",
  aspiration: "text",
  cylinders: "int",
  doors: "int",
  seats: "int",
  emission_standard: "text",
  car_class: "text",
  manufacturer: "text",
  is_import: "boolean",
  address: "text",
  province: "text",
  city: "text",
  district: "text",
  seller_type: "text",
  is_dealer: "boolean",
  section: "text",
  salon_id: "text",
  specid: "text",
  url: "text",
  vin: "text",
  description: "text",
  offer_created: "date",
  first_registration: "date",
  images: "jsonb",
  options: "jsonb",
} as const;

/** The longest text that an index of PostgreSQL takes is some 2,700 bytes; names of cars and places are short. */
const MAX_INDEXED_LENGTH = 200;
const INDEXED = [
  ...["mark", "model", "color", "body_type", "engine_type", "transmission_type", "drive_type"],
  ...["seller_type", "province", "city"],
];

/** What is known of a raw row besides its data: columns of their own. */
export interface RowFacts {
  readonly inner_id: string;
  readonly active_status: number;
  readonly is_incomplete: boolean;
  /** Of the raw row, as text. */
  readonly created_at: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Columns that come from the document itself. */
export const DOCUMENT_COLUMNS = ["images", "options"] as const;
/** Columns that come as one array each, with their types: PostgreSQL takes them apart faster than a document. */
export const ARRAY_COLUMNS: Readonly<Record<string, string>> = {
  inner_id: "text",
  active_status: "int",
  is_incomplete: "boolean",
  created_at: "timestamptz",
  ...Object.fromEntries(
    Object.entries(LISTING_COLUMNS).filter(
      ([name]) => !(DOCUMENT_COLUMNS as readonly string[]).includes(name),
    ),
  ),
};
export const ARRAY_NAMES = Object.keys(ARRAY_COLUMNS);

/** A row on its way into `processed_data`. */
export interface ProcessedRow {
  /** What becomes `normalized_data`, as JSON text. */
  readonly document: string;
  /** Words by which `q` finds it, between spaces. */
  readonly words: string;
  /** In the order of `ARRAY_COLUMNS`. */
  readonly columns: readonly unknown[];
}

/** Labels are the vocabulary's: kept beside the code they would grow old, and be most of the row. */
function withoutLabels(options: unknown): unknown {
  if (!Array.isArray(options)) {
    return options;
  }
  return options.map((option: Json) =>
    option.code === undefined ? { zh: option.zh } : { code: option.code },
  );
}

/**
 * A canonical listing as a row. Pure.
 *
 * @param words by which `q` finds it
 * @returns the row, and issues for names that are longer than an index takes
 */
export function toProcessedRow(
  listing: Json,
  facts: RowFacts,
  words: readonly string[],
): { row: ProcessedRow; issues: Issue[] } {
  const stored: Record<string, unknown> = { ...listing, options: withoutLabels(listing.options) };
  const issues: Issue[] = [];
  for (const column of INDEXED) {
    const value = stored[column];
    if (typeof value === "string" && value.length > MAX_INDEXED_LENGTH) {
      issues.push({ field: column, code: "out_of_range", value: value.slice(0, MAX_INDEXED_LENGTH) });
      stored[column] = null;
    }
  }
  return {
    row: {
      document: JSON.stringify(stored),
      words: words.join(" "),
      columns: ARRAY_NAMES.map((column) =>
        column in facts ? facts[column as keyof RowFacts] : (stored[column] ?? null),
      ),
    },
    issues,
  };
}
