import { Che168Error } from "../errors.ts";
import { closest } from "../util/closest.ts";

/** Known columns of a listing; a file need not have all of them. */
const KNOWN = [
  "inner_id",
  ...["id", "url", "mark", "model", "title", "complectation", "configuration", "year", "price", "km_age"],
  ...["first_registration", "color", "engine_type", "transmission_type", "drive_type", "body_type"],
  ...["displacement", "power", "ice_power_ps", "ice_power_kw", "electric_power_ps", "electric_power_kw"],
  ...["hybrid_power_ps", "hybrid_power_kw", "specid", "vin", "address", "seller_type", "is_dealer"],
  ...["section", "salon_id", "description", "offer_created", "created_at", "images", "extra", "option"],
];
/** Columns that every file of listings should have; missing ones are reported. */
const EXPECTED = ["url", "mark", "model", "year", "price", "km_age", "images", "extra"];
/** Columns that hold JSON. */
const JSON_COLUMNS = new Set(["images", "extra", "configuration", "option"]);
/** When the service wrote the row: neither stored nor compared. */
const SYNCED_AT = "synced_at";

/** One column of a file. */
export interface ExportColumn {
  readonly name: string;
  /** The JSON of its name with a colon, as documents have it. */
  readonly key: Buffer;
  readonly isJson: boolean;
  /** False for a column that is not part of the listing. */
  readonly isStored: boolean;
}

/** The header of a file. */
export interface ExportColumns {
  /** In the order of the file. */
  readonly list: readonly ExportColumn[];
  /** Names of the stored columns, in the order of the file. */
  readonly names: readonly string[];
  /** Positions of the columns by name; of equal names the first. */
  readonly at: ReadonlyMap<string, number>;
  /** Positions of stored columns, ordered by name: two files that order them differently have equal hashes. */
  readonly hashed: readonly number[];
  /** Names of unknown columns, which are stored as they are. */
  readonly unknown: readonly string[];
  /** Expected columns that the file lacks. */
  readonly missing: readonly string[];
}

/**
 * Reads the names of a header.
 *
 * @throws Che168Error `EXPORT_COLUMNS` without a column `inner_id`, or with two of one name
 */
export function readColumns(header: readonly string[], file: string): ExportColumns {
  const names = header.map((name) => name.trim());
  const refuse = (reason: string) =>
    new Che168Error("EXPORT_COLUMNS", `${file}: ${reason}`, { details: { columns: names.slice(0, 100) } });
  if (!names.includes("inner_id")) {
    const guess = closest("inner_id", names);
    const found = names.length === 1 ? "one column" : `${names.length} columns`;
    throw refuse(
      `the header has no column inner_id among its ${found}${guess ? ` (but ${guess})` : ""}; expected a CSV file with the delimiter | whose first line names the columns`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw refuse(`the header has the column ${JSON.stringify(twice)} twice`);
  }
  const list = names.map((name) => ({
    name,
    key: Buffer.from(`${JSON.stringify(name)}:`),
    isJson: JSON_COLUMNS.has(name),
    isStored: name !== SYNCED_AT && name !== "",
  }));
  const stored = list.filter(({ isStored }) => isStored).map(({ name }) => name);
  return {
    list,
    names: stored,
    at: new Map(names.map((name, index) => [name, index])),
    hashed: [...stored].sort().map((name) => names.indexOf(name)),
    unknown: stored.filter((name) => !KNOWN.includes(name)),
    missing: EXPECTED.filter((name) => !names.includes(name)),
  };
}

/**
 * Compares a file with the columns of its predecessor.
 *
 * @throws Che168Error `EXPORT_COLUMNS` when it lacks some of them
 */
export function requireColumns(columns: ExportColumns, previous: readonly string[], file: string): void {
  const lost = previous.filter((name) => name !== SYNCED_AT && !columns.names.includes(name));
  if (lost.length > 0) {
    const [noun, pronoun] = lost.length === 1 ? ["column", "it"] : ["columns", "them"];
    throw new Che168Error(
      "EXPORT_COLUMNS",
      `${file} lacks the ${noun} ${lost.join(", ")}, which the stored listings have. Nothing was written. ` +
        `Try the file of another day; with --force, stored values of ${pronoun} stay as they are.`,
      { details: { lost } },
    );
  }
}
