import fc from "fast-check";
import { SORTS, type SortKey } from "../../../src/api/query/sort.ts";
import { FIELDS, LANGUAGES } from "../../../src/listing/fields.ts";
import { compileVocabulary } from "../../../src/listing/index.ts";
import { searchTerms, searchWords } from "../../../src/listing/internal.ts";
import type { ListingRow } from "../../../tools/processed.ts";

// A model of the lists: plain filters over rows in memory, and random requests. Shares no SQL with the implementation.

const VALUES = [
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
  "series",
  "car_class",
  "emission_standard",
  "seats",
  "doors",
  "salon_id",
  "district",
] as const;
const RANGES = [
  ...(["year", "price", "km_age", "power", "displacement", "displacement_cc"] as const),
  ...(["battery_kwh", "ev_range_km", "transfers", "consumption_l"] as const),
] as const;
const FLAGS = { is_import: "is_import", has_vin: "vin", has_images: "images" } as const;
const AUTOMATIC = ["automatic", "cvt", "e_cvt", "dual_clutch", "amt", "dht", "single_speed"];

const VOCABULARY = compileVocabulary();

export type Query = Record<string, string>;

/** A time as a comparable text with microseconds. */
const timeKey = (text: string) => {
  const [, seconds = "", fraction = ""] = /^([^.+Z]+)(?:\.(\d+))?/.exec(text.replace("T", " ")) ?? [];
  return `${seconds}.${fraction.padEnd(6, "0")}`;
};

/** The query that was answered; a text may only be corrected if no listing has it. */
export function afterCorrection(
  rows: readonly ListingRow[],
  sent: Query,
  corrected: string | undefined,
): Query {
  if (corrected === undefined) {
    return sent;
  }
  const { q = "" } = sent;
  if (rows.some((row) => matches(row, { q }))) {
    throw new Error(`${q} was corrected to ${corrected}, although listings have it`);
  }
  return { ...sent, q: corrected };
}

/** Whether a listed row matches the filters of a request. */
export function matches(row: ListingRow, query: Query): boolean {
  const valuesHold = VALUES.every((column) => {
    const wanted = query[column]?.split(",");
    if (wanted === undefined) {
      return true;
    }
    const widened =
      column === "transmission_type" && wanted.includes("automatic") ? [...wanted, ...AUTOMATIC] : wanted;
    return row[column] !== null && widened.includes(String(row[column]));
  });
  const rangesHold = RANGES.every((column) => {
    const [from, to, value] = [query[`${column}_from`], query[`${column}_to`], row[column]];
    return (
      (from === undefined || (value !== null && value >= Number(from))) &&
      (to === undefined || (value !== null && value <= Number(to)))
    );
  });
  const flagsHold = Object.entries(FLAGS).every(([name, column]) => {
    const value = row[column];
    const has = value !== null && (!Array.isArray(value) || value.length > 0);
    return query[name] === undefined || query[name] === String(has);
  });
  const month = row.first_registration?.slice(0, 7);
  const monthHolds =
    (query.registered_from === undefined || (month !== undefined && month >= query.registered_from)) &&
    (query.registered_to === undefined || (month !== undefined && month <= query.registered_to));
  const timeHolds =
    query.created_since === undefined || timeKey(row.created_at) >= timeKey(query.created_since);
  const today = new Date().toISOString().slice(0, 10);
  const isPassable =
    row.passable_from !== null &&
    row.passable_until !== null &&
    row.passable_from <= today &&
    row.passable_until >= today;
  const passableHolds = query.passable === undefined || isPassable;
  const wordsHold = searchTerms(query.q ?? "", VOCABULARY).every((term) =>
    term.some(({ text, isPrefix }) =>
      row.search_words.some((one) => (isPrefix ? one.startsWith(text) : one === text)),
    ),
  );
  return (
    row.active_status === 0 &&
    !row.is_incomplete &&
    valuesHold &&
    rangesHold &&
    flagsHold &&
    monthHolds &&
    timeHolds &&
    passableHolds &&
    wordsHold
  );
}

/** Rows in the order of a sort key. */
export function inOrder(rows: readonly ListingRow[], sort: SortKey): ListingRow[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  const column = sort.replace("-", "") as
    | "created_at"
    | "updated_at"
    | "price_drop"
    | "price"
    | "year"
    | "km_age";
  // Rows are stored one after the other, so `updated_at` has the order of the ids.
  const keyOf = (row: ListingRow) =>
    column === "created_at" ? timeKey(row.created_at) : column === "updated_at" ? row.inner_id : row[column];
  const compare = <T extends string | number>(one: T, other: T) => (one < other ? -1 : one > other ? 1 : 0);
  return rows.toSorted((one, other) => {
    const [key, otherKey] = [keyOf(one), keyOf(other)];
    // Rows without a value are last in either direction.
    if ((key === null) !== (otherKey === null)) {
      return key === null ? 1 : -1;
    }
    const byKey = key === null || otherKey === null ? 0 : compare(key, otherKey);
    // Rows are stored in the order of their ids.
    return sign * (byKey || compare(one.inner_id, other.inner_id));
  });
}

/** The two bounds of months, the earlier one first. */
function inOrderOf(months: unknown): Query {
  const { registered_from: from, registered_to: to } = months as Query;
  return {
    ...(from === undefined ? {} : { registered_from: to !== undefined && to < from ? to : from }),
    ...(to === undefined ? {} : { registered_to: from !== undefined && to < from ? from : to }),
  };
}

/** A valid value that no row has; unknown codes are refused. */
function absentValue(column: string): string {
  const { kind } = FIELDS[column as keyof typeof FIELDS];
  return kind === "category" ? "other" : kind === "int" ? "0" : "none_such";
}

/** Random requests for rows. */
export function requestsFor(ROWS: readonly ListingRow[]): fc.Arbitrary<Query> {
  const some = <T extends string | number | null>(column: keyof ListingRow) =>
    fc.constantFrom(...new Set(ROWS.map((row) => row[column] as T).filter((value) => value !== null)));
  const values = (column: keyof ListingRow) =>
    fc
      .array(
        fc.oneof(
          { weight: 9, arbitrary: some<string>(column) },
          { weight: 1, arbitrary: fc.constant(absentValue(column)) },
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((list) => list.join(","));
  const range = (column: (typeof RANGES)[number]) =>
    fc
      .tuple(
        fc.option(some<number>(column), { nil: undefined }),
        fc.option(some<number>(column), { nil: undefined }),
      )
      .map(([one, other]) =>
        one !== undefined && other !== undefined && one > other ? [other, one] : [one, other],
      );
  const words = fc.array(
    fc.oneof(
      fc.constantFrom(
        "х5",
        "x5",
        "тойота",
        "ауди",
        "宏光",
        "au",
        "3",
        "пекин",
        "shang",
        "45 TFSI",
        "e-tron",
        "А",
      ),
      fc.constantFrom(...ROWS.flatMap((row) => row.search_words)).map((word) => word.slice(0, 4)),
    ),
    { minLength: 1, maxLength: 2 },
  );

  return (
    fc
      .record(
        {
          ...Object.fromEntries(VALUES.map((column) => [column, values(column)])),
          ranges: fc.record(Object.fromEntries(RANGES.map((column) => [column, range(column)])), {
            requiredKeys: [],
          }),
          q: words.map((list) => list.join(" ")).filter((text) => searchWords(text).length > 0),
          ...Object.fromEntries(Object.keys(FLAGS).map((name) => [name, fc.constantFrom("true", "false")])),
          months: fc.record(
            Object.fromEntries(
              ["registered_from", "registered_to"].map((name) => [
                name,
                some<string>("first_registration").map((day) => day.slice(0, 7)),
              ]),
            ),
            { requiredKeys: [] },
          ),
          passable: fc.constant("true"),
          created_since: some<string>("created_at").map((text) => `${text.slice(0, 19)}Z`.replace(" ", "T")),
          sort: fc.constantFrom(...SORTS),
          page: fc.integer({ min: 1, max: 12 }).map(String),
          limit: fc.integer({ min: 1, max: 100 }).map(String),
          lang: fc.constantFrom(...LANGUAGES),
        },
        { requiredKeys: [] },
      )
      // Many conditions together match few rows, so most queries have a few.
      .chain((whole) =>
        fc.subarray(Object.keys(whole), { maxLength: Math.min(5, Object.keys(whole).length) }).map((kept) => {
          const {
            ranges = {},
            months = {},
            ...rest
          } = Object.fromEntries(Object.entries(whole).filter(([name]) => kept.includes(name))) as Record<
            string,
            unknown
          >;
          const bounds = Object.entries(ranges as Record<string, [number?, number?]>).flatMap(
            ([column, [from, to]]) => [
              ...(from === undefined ? [] : [[`${column}_from`, String(from)]]),
              ...(to === undefined ? [] : [[`${column}_to`, String(to)]]),
            ],
          );
          return { ...rest, ...inOrderOf(months), ...Object.fromEntries(bounds) } as Query;
        }),
      )
  );
}

/** The ids of listings. */
export const ids = (rows: readonly { inner_id: string }[]) => rows.map(({ inner_id }) => inner_id);
