import { LISTED } from "../../database/index.ts";
import { FIELDS, type FilteredBy, filteredBy } from "../../listing/fields.ts";
import { hasValue } from "../query/has-value.ts";

// The columns of the store: every filter of `GET /offers` but the text search.

export type ValueColumn = FilteredBy<"values">;
export type RangeColumn = FilteredBy<"range"> | "passable_from" | "passable_until";
export type FlagColumn = FilteredBy<"flag">;
export type TimeColumn = "created_at" | "updated_at" | "first_seen_at" | "removed_at";

export const VALUE_COLUMNS: readonly ValueColumn[] = filteredBy("values");
export const RANGE_COLUMNS: readonly RangeColumn[] = [
  ...filteredBy("range"),
  "passable_from",
  "passable_until",
];
export const FLAG_COLUMNS: readonly FlagColumn[] = filteredBy("flag");
export const TIME_COLUMNS: readonly TimeColumn[] = [
  "created_at",
  "updated_at",
  "first_seen_at",
  "removed_at",
];

/** Columns whose values belong to a value of another one: models of different makes may have the same name. */
export const PARENTS: Readonly<Partial<Record<ValueColumn, ValueColumn>>> = {
  model: "mark",
  city: "province",
};

const EPOCH = "date '1970-01-01'";
const DAY_MS = 86_400_000;

/** A date as days of the epoch. */
export const dayNumber = (date: string): number => Math.floor(Date.parse(date) / DAY_MS);
/** The date of a day of the epoch. */
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The members of a chunk, in order, with their SQL. */
const MEMBERS: readonly (readonly [name: string, sql: string])[] = [
  ["id", "id"],
  ...VALUE_COLUMNS.map((name) => [name, name] as const),
  ...RANGE_COLUMNS.map((name) => [name, FIELDS[name].kind === "date" ? `${name} - ${EPOCH}` : name] as const),
  ...FLAG_COLUMNS.map((name) => [`has_${name}`, `(${hasValue(name)})::int`] as const),
  ["listed_on", `coalesce(offer_created, (first_seen_at at time zone 'UTC')::date) - ${EPOCH}`],
  ...TIME_COLUMNS.map((name) => [name, `extract(epoch from ${name})::float8 * 1000`] as const),
];

/** Rows of one statement: parsing them takes some ten milliseconds. */
export const CHUNK_ROWS = 2_000;

/** The rows of a store: listings in lists, and those that ended in the last seven days, which `/market` counts. */
export const STORED = {
  listed: LISTED,
  ended: "active_status = 1 and not is_incomplete and removed_at >= now() - interval '7 days'",
} as const;
export type StoredRows = keyof typeof STORED;

/** Rows after the id $1, as one JSON array per member: parsing rows one by one takes three times as long. */
export const chunkSql = (rows: StoredRows): string => `
select json_build_array(${MEMBERS.map((_, index) => `json_agg(c${index})`).join(", ")})::text as chunk
  from (select ${MEMBERS.map(([, sql], index) => `${sql} as c${index}`).join(", ")}
          from processed_data
         where ${STORED[rows]} and id > $1::int
         order by id limit ${CHUNK_ROWS}) rows`;

/** A parsed row of {@link chunkSql}: an array per member, null for an empty one. */
export type Chunk = readonly (readonly (string | number | null)[] | null)[];

/** Position of a member in a chunk. */
export const MEMBER_AT: ReadonlyMap<string, number> = new Map(MEMBERS.map(([name], index) => [name, index]));
