import { expect, test } from "vitest";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";

onEachDatabase("events", ({ database }) => {
  const { add, change, remove, bringBack, normalize, events } = rawListings(database);
  const listing = async (innerId: string) => {
    const { rows } = await database().query<{
      price_drop: number | null;
      first_seen: boolean;
      removed: boolean | null;
    }>(
      `select p.price_drop, p.first_seen_at = r.first_loaded_at as first_seen, p.removed_at = r.last_updated_at as removed
         from processed_data p join raw_data r using (inner_id) where inner_id = $1`,
      [innerId],
    );
    return rows[0];
  };

  test("a new listing is added, with its price", async () => {
    await add(["1"]);
    await add(["2"], { price: null });
    await normalize();
    expect(await events()).toEqual([
      ["1", "added", null, 98_000],
      ["2", "added", null, null],
    ]);
    expect(await listing("1")).toEqual({ price_drop: null, first_seen: true, removed: null });
  });

  test("another price is a price event, and any other difference a changed event, price first", async () => {
    await add(["1", "2", "3"]);
    await normalize();
    await change("1", { price: "97000" });
    await change("2", { color: "红色" });
    await change("3", { price: 99_000, mark: "Audi" });
    await normalize();
    expect((await events()).slice(3)).toEqual([
      ["1", "price", 98_000, 97_000],
      ["2", "changed", null, null],
      ["3", "price", 98_000, 99_000],
      ["3", "changed", null, null],
    ]);
    expect([await listing("1"), await listing("3")]).toMatchObject([
      { price_drop: 1_000 },
      { price_drop: null },
    ]);
  });

  test("price_drop is the drop in the last price event", async () => {
    await add(["1"]);
    await normalize();
    const drops: unknown[] = [];
    for (const data of [
      { price: 90_000 },
      { color: "红色" },
      { price: 91_000 },
      { price: null },
      { price: 80_000 },
    ]) {
      await change("1", data);
      await normalize();
      drops.push((await listing("1"))?.price_drop);
    }
    expect(drops).toEqual([8_000, 8_000, null, null, null]);
  });

  test("the same content has no event, whatever the feed or a new run says", async () => {
    await add(["1"]);
    await normalize();
    await change("1", { price: 98_000, synced_at: "2026-01-01" }, "created_at = now()");
    await normalize();
    await normalize({ all: true });
    expect(await events()).toHaveLength(1);
  });

  test("a removed listing carries its last price, a returned one its new price", async () => {
    await add(["1"]);
    await normalize();
    await remove("1");
    await normalize();
    expect(await listing("1")).toMatchObject({ removed: true });
    await bringBack("1", { price: 95_000, color: "红色" });
    await normalize();
    expect((await events()).slice(1)).toEqual([
      ["1", "removed", 98_000, null],
      ["1", "returned", null, 95_000],
      ["1", "price", 98_000, 95_000],
      ["1", "changed", null, null],
    ]);
    expect(await listing("1")).toEqual({ price_drop: 3_000, first_seen: true, removed: null });
  });

  test("a listing that is removed with another content has both events", async () => {
    await add(["1"]);
    await normalize();
    await change("1", { price: 95_000 }, "active_status = 1, change_type = 'changed'");
    await normalize();
    expect((await events()).slice(1)).toEqual([
      ["1", "removed", 98_000, null],
      ["1", "price", 98_000, 95_000],
    ]);
  });

  test("a listing that comes and goes between two runs has none; its return does", async () => {
    await add(["1"]);
    await remove("1");
    await normalize();
    expect(await events()).toEqual([]);
    await bringBack("1");
    await normalize();
    expect(await events()).toEqual([["1", "returned", null, 98_000]]);
  });

  test("an incomplete listing has none until it is complete", async () => {
    await add(["1"], {}, { completeness: "pending" });
    await normalize();
    await change("1", { price: 95_000 });
    await normalize();
    expect(await events()).toEqual([]);
    await change("1", { price: 94_000 }, "completeness = 'complete'");
    await normalize();
    expect(await events()).toEqual([["1", "added", null, 94_000]]);
  });

  test("a difference that comes from new rules is changed, also in the price; a new price stays a price", async () => {
    await add(["1", "2"]);
    await normalize();
    await database().query(
      "update processed_data set rules_version = 0, price = 1, content_hash = null, normalized_data = normalized_data || '{\"price\": 1}'",
    );
    await database().query("update raw_data set rules_version = 0");
    await change("2", { price: 97_000 });
    await normalize({ all: true });
    expect((await events()).slice(2)).toEqual([
      ["1", "changed", null, null],
      ["2", "price", 1, 97_000],
    ]);
  });

  test("listings that were written before there were events are compared by their document", async () => {
    await add(["1", "2"]);
    await normalize({ events: false });
    await database().query("update processed_data set content_hash = null, first_seen_at = null");
    await change("2", { color: "红色" });
    await normalize({ all: true });
    expect(await events()).toEqual([["2", "changed", null, null]]);
    expect(await listing("1")).toMatchObject({ first_seen: true });
  });

  test("without events, none are written, and no earlier position can be continued", async () => {
    await add(["1"]);
    await normalize();
    await change("1", { price: 97_000 });
    await normalize({ events: false });
    expect(await events()).toHaveLength(1);
    const { rows } = await database().query<{ oldest: string }>(
      "select oldest_id::text as oldest from event_state",
    );
    expect(rows).toEqual([{ oldest: "3" }]);
  });

  test("events and the version of the data change together", async () => {
    await add(["1"]);
    await normalize();
    const read = async () =>
      (await database().query("select version::text as version from data_version")).rows;
    const before = await read();
    await remove("1");
    await normalize();
    expect(await events()).toHaveLength(2);
    expect(await read()).not.toEqual(before);
  });
});
