import { expect, test } from "vitest";
import { startOperation } from "../../../src/operations/run-log.ts";
import { insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(250, { seed: 11 })];

const SHOWN = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);

/** Values with their number of occurrences, most frequent first. */
function counts(rows: readonly ListingRow[], column: keyof ListingRow): { value: unknown; count: number }[] {
  const found = [...Map.groupBy(rows, (row) => row[column])].flatMap(([value, group]) =>
    value === null ? [] : [{ value, count: group.length }],
  );
  return found.toSorted(
    (one, other) => other.count - one.count || (String(one.value) < String(other.value) ? -1 : 1),
  );
}

onEachDatabase("counts", ({ database }) => {
  const ready = async (options: Parameters<typeof openApi>[1] = {}) => {
    await insertListings(database(), ROWS);
    return openApi(database(), options);
  };

  test("/filters counts every value in use among listed listings", async () => {
    const api = await ready();
    const { body } = await api.ask("/filters?lang=ru");
    const bare = (list: { value: string; count: number }[]) =>
      list.map(({ value, count }) => ({ value, count }));
    for (const column of [
      "color",
      "body_type",
      "engine_type",
      "transmission_type",
      "drive_type",
      "seller_type",
      "mark",
      "province",
    ] as const) {
      expect(bare(body[column])).toEqual(counts(SHOWN, column));
    }
    for (const { value, models } of body.mark) {
      expect(models).toEqual(
        counts(
          SHOWN.filter(({ mark }) => mark === value),
          "model",
        ),
      );
    }
    const cities = SHOWN.filter(({ city }) => city !== null);
    expect(body.city.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(
      cities.length,
    );
    const prices = SHOWN.flatMap(({ price }) => price ?? []);
    expect(body.ranges.price).toEqual({ min: Math.min(...prices), max: Math.max(...prices) });
    expect(body.total).toBe(SHOWN.length);
    expect(body.color[0].label).toMatch(/[а-я]/);
  });

  test("every count of /filters equals the length of the list with this filter", async () => {
    const api = await ready();
    const { body } = await api.ask("/filters");
    for (const column of ["mark", "color", "drive_type", "province"]) {
      for (const { value, count } of body[column].slice(0, 5)) {
        let found = 0;
        for (let page: number | null = 1; page !== null; ) {
          const list = await api.ask(
            `/offers?${new URLSearchParams({ [column]: value, limit: "100", page: String(page) })}`,
          );
          found += list.body.result.length;
          page = list.body.meta.next_page;
        }
        expect([column, value, found]).toEqual([column, value, count]);
      }
    }
  });

  test("an empty table gives empty lists", async () => {
    const api = await openApi(database());
    expect((await api.ask("/offers")).body).toEqual({
      result: [],
      meta: { page: 1, next_page: null, limit: 20, next_cursor: null },
    });
    expect((await api.ask("/filters?lang=en")).body).toMatchObject({
      mark: [],
      total: 0,
      ranges: { price: { min: null } },
    });
    expect((await api.ask("/stats")).body).toMatchObject({ listings: { total: 0 }, newest_listing_at: null });
  });

  test("/stats returns counts and operations without the texts of errors", async () => {
    const api = await ready();
    await database().query(
      `insert into operations_log (operation_type, started_at, duration, status, details)
       values ('data_fetch', '2026-11-23T03:00:00Z', 61, 'ERROR', '{"loaded": 5, "error": "secret.example is down"}'),
              ('normalization', '2026-11-23T03:05:00Z', 7, 'OK', '{"processed": 12, "errors": 0}')`,
    );
    const { body, text } = await api.ask("/stats");
    expect(body.listings).toEqual({
      total: ROWS.length,
      active: ROWS.filter((row) => row.active_status === 0).length,
      inactive: ROWS.filter((row) => row.active_status === 1).length,
      incomplete: ROWS.filter((row) => row.active_status === 0 && row.is_incomplete).length,
      listed: SHOWN.length,
    });
    expect(body.operations).toMatchObject([
      { type: "normalization", status: "OK", duration: 7, details: { processed: 12, errors: 0 } },
      { type: "data_fetch", status: "ERROR", started_at: "2026-11-23T03:00:00Z", details: { loaded: 5 } },
    ]);
    expect(text).not.toContain("secret.example");
  });

  test("/stats shows a running operation", async () => {
    const lock = await database().lock(["normalization"], "a test");
    try {
      await startOperation(database(), "normalization", {});
      const api = await openApi(database());
      expect((await api.ask("/stats")).body.operations).toMatchObject([
        { type: "normalization", state: "running" },
      ]);
    } finally {
      await lock.release();
    }
  });
});
