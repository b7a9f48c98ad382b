import { beforeEach, expect, test } from "vitest";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(60, { seed: 5 })];

onEachDatabase("selections of GET /offers", ({ database }) => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    await insertListings(database(), ROWS);
    api = await openApi(database());
  });

  test("ids returns those listings in that order, removed ones marked, unknown ones left out", async () => {
    const removed = ROWS.find((row) => row.active_status === 1)?.inner_id ?? "";
    const active = ROWS.filter((row) => row.active_status === 0).map((row) => row.inner_id);
    const wanted = [active[3], removed, "none", active[1], active[3]].join(",");
    const { body } = await api.ask(`/offers?ids=${wanted}&count=true`);
    expect(body.result.map((card: { inner_id: string }) => card.inner_id)).toEqual([
      active[3],
      removed,
      active[1],
    ]);
    expect(body.result.map((card: { active: boolean }) => card.active)).toEqual([true, false, true]);
    expect(body.meta).toEqual({ page: 1, next_page: null, limit: 4, next_cursor: null, total: 3 });
  });

  test("fields returns exactly the named members, in their order, of columns and documents", async () => {
    const { body } = await api.ask("/offers?fields=price,inner_id,place,active&limit=5");
    for (const item of body.result) {
      expect(Object.keys(item)).toEqual(["price", "inner_id", "place", "active"]);
      const row = ROWS.find((one) => one.inner_id === item.inner_id);
      expect(item.price).toBe(row?.price);
      expect(item.place).toEqual(row?.place);
    }
    const labelled = await api.ask("/offers?fields=inner_id,color&lang=ru&limit=5");
    expect(Object.keys(labelled.body.result[0])).toEqual(["inner_id", "color", "labels"]);
  });

  test("names are matched whatever their case and language", async () => {
    const idsOf = async (search: string) =>
      (await api.ask(`/offers?${search}&limit=100`)).body.result.map(
        (card: { inner_id: string }) => card.inner_id,
      );
    const found = await idsOf("mark=Acura");
    expect(found.length).toBeGreaterThan(0);
    expect(await idsOf("mark=acura")).toEqual(found);
    expect(await idsOf(`mark=${encodeURIComponent("Акура")}`)).toEqual(found);
  });

  test("a text without letters and digits finds nothing", async () => {
    expect((await api.ask("/offers?q=%3F%3F&count=true")).body).toMatchObject({
      result: [],
      meta: { total: 0 },
    });
  });
});
