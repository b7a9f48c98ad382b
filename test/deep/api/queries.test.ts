import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SortKey } from "../../../src/api/query/sort.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import {
  afterCorrection,
  ids,
  inOrder,
  matches,
  type Query,
  requestsFor,
} from "../../support/api/listing-model.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

// Every response must equal a plain filter over the rows in memory.

const ROWS = [...listings(1_200, { seed: 7 })];
const RUNS = 900;
const query = requestsFor(ROWS);

async function expectPage(api: ApiUnderTest, wanted: Query): Promise<void> {
  const [page, limit] = [Number(wanted.page ?? 1), Number(wanted.limit ?? 20)];
  const end = page * limit;
  const { status, body } = await api.ask(`/offers?${new URLSearchParams({ ...wanted, count: "true" })}`);
  expect(status, JSON.stringify(body)).toBe(200);
  const searched = afterCorrection(ROWS, wanted, body.meta.corrected);
  const expected = inOrder(
    ROWS.filter((row) => matches(row, searched)),
    (wanted.sort ?? "-created_at") as SortKey,
  );
  expect(body.meta.total).toBe(expected.length);
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
  test("returns what a plain filter over all listings returns, for random queries", async () => {
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
