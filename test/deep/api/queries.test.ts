import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../src/api/query/parameters.ts";
import { SORTS, type SortKey } from "../../../src/api/query/sort.ts";
import { searchWords } from "../../../src/listing/internal.ts";
import { insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

// Every response must equal a plain filter over the rows in memory.

const ROWS = [...listings(1_200, { seed: 7 })];
const RUNS = 1_500;

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
] as const;
const RANGES = ["year", "price", "km_age", "power", "displacement"] as const;
const AUTOMATIC = ["automatic", "cvt", "e_cvt", "dual_clutch", "amt", "dht", "single_speed"];

type Query = Record<string, string>;

/** A time as a comparable text with microseconds. */
const timeKey = (text: string) => {
  const [, seconds = "", fraction = ""] = /^([^.+]+)(?:\.(\d+))?/.exec(text) ?? [];
  return `${seconds}.${fraction.padEnd(6, "0")}`;
};

function matches(row: ListingRow, query: Query): boolean {
  const valuesHold = VALUES.every((column) => {
    const wanted = query[column]?.split(",");
    if (wanted === undefined) {
      return true;
    }
    const widened =
      column === "transmission_type" && wanted.includes("automatic") ? [...wanted, ...AUTOMATIC] : wanted;
    return row[column] !== null && widened.includes(row[column]);
  });
  const rangesHold = RANGES.every((column) => {
    const [from, to, value] = [query[`${column}_from`], query[`${column}_to`], row[column]];
    return (
      (from === undefined || (value !== null && value >= Number(from))) &&
      (to === undefined || (value !== null && value <= Number(to)))
    );
  });
  const wordsHold = searchWords(query.q ?? "").every((word) =>
    row.search_words.some((one) =>
      /^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]$/u.test(word) ? one === word : one.startsWith(word),
    ),
  );
  return row.active_status === 0 && !row.is_incomplete && valuesHold && rangesHold && wordsHold;
}

function inOrder(rows: readonly ListingRow[], sort: SortKey): ListingRow[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  const column = sort.replace("-", "") as "created_at" | "price" | "year" | "km_age";
  const keyOf = (row: ListingRow) => (column === "created_at" ? timeKey(row.created_at) : row[column]);
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

const some = <T extends string | number | null>(column: keyof ListingRow) =>
  fc.constantFrom(...new Set(ROWS.map((row) => row[column] as T).filter((value) => value !== null)));
const values = (column: keyof ListingRow) =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: some<string>(column) },
        { weight: 1, arbitrary: fc.constant("none_such") },
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

const query: fc.Arbitrary<Query> = fc
  .record(
    {
      ...Object.fromEntries(VALUES.map((column) => [column, values(column)])),
      ranges: fc.record(Object.fromEntries(RANGES.map((column) => [column, range(column)])), {
        requiredKeys: [],
      }),
      q: words.map((list) => list.join(" ")).filter((text) => searchWords(text).length > 0),
      sort: fc.constantFrom(...SORTS),
      page: fc.integer({ min: 1, max: 12 }).map(String),
      limit: fc.integer({ min: 1, max: 100 }).map(String),
      lang: fc.constantFrom(...LANGUAGES),
    },
    { requiredKeys: [] },
  )
  // Many conditions together match few rows, so most queries have a few.
  .chain((whole) =>
    fc.subarray(Object.keys(whole), { maxLength: 5 }).map((kept) => {
      const { ranges = {}, ...rest } = Object.fromEntries(
        Object.entries(whole).filter(([name]) => kept.includes(name)),
      ) as Record<string, unknown>;
      const bounds = Object.entries(ranges as Record<string, [number?, number?]>).flatMap(
        ([column, [from, to]]) => [
          ...(from === undefined ? [] : [[`${column}_from`, String(from)]]),
          ...(to === undefined ? [] : [[`${column}_to`, String(to)]]),
        ],
      );
      return { ...rest, ...Object.fromEntries(bounds) } as Query;
    }),
  );

const ids = (rows: readonly { inner_id: string }[]) => rows.map(({ inner_id }) => inner_id);

async function expectPage(api: ApiUnderTest, wanted: Query): Promise<void> {
  const expected = inOrder(
    ROWS.filter((row) => matches(row, wanted)),
    (wanted.sort ?? "-created_at") as SortKey,
  );
  const [page, limit] = [Number(wanted.page ?? 1), Number(wanted.limit ?? 20)];
  const end = page * limit;
  const { status, body } = await api.ask(`/offers?${new URLSearchParams(wanted)}`);
  expect(status).toBe(200);
  expect(ids(body.result)).toEqual(ids(expected.slice(end - limit, end)));
  const more = end - limit < expected.length && end < expected.length;
  expect(body.meta).toMatchObject({ page, limit, next_page: more ? page + 1 : null });
  expect(body.meta.next_cursor === null).toBe(!more);
  if (more) {
    const { page: _, ...rest } = wanted;
    const next = await api.ask(`/offers?${new URLSearchParams({ ...rest, cursor: body.meta.next_cursor })}`);
    expect(ids(next.body.result)).toEqual(ids(expected.slice(end, end + limit)));
    expect(next.body.meta.next_cursor === null).toBe(end + limit >= expected.length);
  }
}

onEachDatabase("GET /offers", ({ database }) => {
  test("returns what a plain filter over all listings returns, for random queries", {
    timeout: 300_000,
  }, async () => {
    await insertListings(database(), ROWS);
    const api = await openApi(database(), { cacheBytes: 0 });
    await fc.assert(
      fc.asyncProperty(query, (wanted) => expectPage(api, wanted)),
      { numRuns: RUNS, seed: 42 },
    );
  });
});

describe("the random queries", () => {
  test("mostly match some rows", () => {
    const found = fc
      .sample(query, { numRuns: 300, seed: 42 })
      .filter((one) => ROWS.some((row) => matches(row, one)));
    expect(found.length).toBeGreaterThan(150);
  });
});
