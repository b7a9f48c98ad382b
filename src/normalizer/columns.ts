import type { Issue } from "./types.ts";

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
const LONGEST_INDEXED = 200;
const INDEXED = new Set<string>(["mark", "model", "color", "body_type", "engine_type"]);
for (const column of ["transmission_type", "drive_type", "seller_type", "province", "city"]) {
  INDEXED.add(column);
}

/** What is known of a raw row besides its data. */
export interface RowFacts {
  readonly innerId: string;
  readonly activeStatus: number;
  readonly isIncomplete: boolean;
  /** `created_at` of the raw row, as text. */
  readonly createdAt: string;
}

/** A row on its way into `processed_data`: JSON, by column. */
export type ProcessedRow = Readonly<Record<string, unknown>>;

/**
 * A canonical listing as a row. Pure.
 *
 * @param words by which `q` finds it
 * @returns the row, and the issues with texts that were too long for their column
 */
export function toProcessedRow(
  listing: Readonly<Record<string, unknown>>,
  facts: RowFacts,
  words: readonly string[],
): { row: ProcessedRow; issues: Issue[] } {
  const issues: Issue[] = [];
  const row: Record<string, unknown> = {
    inner_id: facts.innerId,
    active_status: facts.activeStatus,
    is_incomplete: facts.isIncomplete,
    created_at: facts.createdAt,
    normalized_data: listing,
    search_words: words,
  };
  for (const column of Object.keys(LISTING_COLUMNS)) {
    const value = listing[column] ?? null;
    if (typeof value === "string" && value.length > LONGEST_INDEXED && INDEXED.has(column)) {
      issues.push({ field: column, code: "out_of_range", value: value.slice(0, LONGEST_INDEXED) });
      row[column] = null;
    } else {
      row[column] = value;
    }
  }
  return { row, issues };
}
