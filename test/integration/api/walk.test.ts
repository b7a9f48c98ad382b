import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SORTS } from "../../../src/api/query/sort.ts";
import { insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

// A client reads the whole list page by page while the daily job adds listings anywhere in the order.

const BEFORE = [...listings(400, { seed: 3 })];
const shown = (rows: readonly ListingRow[]) =>
  rows.filter((row) => row.active_status === 0 && !row.is_incomplete).map(({ inner_id }) => inner_id);

onEachDatabase("walking through GET /offers while listings are added", ({ database }) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  /** Expires the version of the data that the API knows. */
  const timePasses = () => vi.advanceTimersByTime(2_000);

  describe.each(SORTS)("sorted by %s", (sort) => {
    const walk = async (next: (meta: Record<string, unknown>) => string | null) => {
      await insertListings(database(), BEFORE);
      const api = await openApi(database());
      const visited: string[] = [];
      let added = 10_000;
      for (let where: string | null = ""; where !== null; ) {
        const { status, body } = await api.ask(`/offers?sort=${sort}&limit=30${where}`);
        expect(status).toBe(200);
        visited.push(...body.result.map((item: { inner_id: string }) => item.inner_id));
        await insertListings(database(), listings(7, { seed: added, first: added }));
        added += 7;
        timePasses();
        where = next(body.meta);
      }
      return visited;
    };

    test("by page number visits every listing exactly once", async () => {
      const visited = await walk(({ next_page }) => (next_page === null ? null : `&page=${next_page}`));
      expect(visited.toSorted()).toEqual(shown(BEFORE).toSorted());
    });

    test("by cursor visits every listing exactly once, and no new one twice", async () => {
      const visited = await walk(({ next_cursor }) =>
        next_cursor === null ? null : `&cursor=${next_cursor}`,
      );
      expect(new Set(visited).size).toBe(visited.length);
      expect(visited).toEqual(expect.arrayContaining(shown(BEFORE)));
    });
  });

  test("the first page of a new walk has the added listings", async () => {
    await insertListings(database(), BEFORE);
    const api = await openApi(database());
    await api.ask("/offers?sort=price&page=1");
    await api.ask("/offers?sort=price&page=2");
    const cheap = [...listings(40, { seed: 5, first: 70_000 })].find(
      (row) => row.active_status === 0 && !row.is_incomplete,
    );
    await insertListings(database(), cheap ? [{ ...cheap, price: 1 }] : []);
    timePasses();
    const { body } = await api.ask("/offers?sort=price&page=1");
    expect(body.result[0].inner_id).toBe(cheap?.inner_id);
  });
});
