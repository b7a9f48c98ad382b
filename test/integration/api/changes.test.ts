import { expect, test, vi } from "vitest";
import { createApiClient } from "../../../src/api-client/api-client.ts";
import { ApiGoneError } from "../../../src/api-client/api-errors.ts";
import { pruneEvents } from "../../../src/events/index.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";

onEachDatabase("GET /changes", ({ database }) => {
  const { add, change, remove, normalize } = rawListings(database);

  /** Events 1-3 added, 4 price of "1", 5 changed of "2", 6 removed of "3". */
  const ready = async (options: Parameters<typeof openApi>[1] = {}) => {
    await add(["1", "2", "3"]);
    await normalize();
    await change("1", { price: 90_000 });
    await change("2", { color: "红色" });
    await remove("3");
    await normalize();
    return openApi(database(), options);
  };
  const idsOf = (body: { result: { id: number }[] }) => body.result.map(({ id }) => id);
  /** Makes events old, then deletes them as `daily` does. */
  const age = async (upTo: number, retentionDays = 180) => {
    await database().query("update listing_events set at = at - interval '200 days' where id <= $1::bigint", [
      upTo,
    ]);
    return pruneEvents({ database: database(), retentionDays });
  };

  test("returns the events after an id, oldest first, and where to continue", async () => {
    const api = await ready();
    const { status, body } = await api.ask("/changes?after=3");
    expect(status).toBe(200);
    expect(body).toEqual({
      result: [
        { id: 4, kind: "price", inner_id: "1", at: expect.any(String), old_price: 98_000, new_price: 90_000 },
        { id: 5, kind: "changed", inner_id: "2", at: expect.any(String), old_price: null, new_price: null },
        { id: 6, kind: "removed", inner_id: "3", at: expect.any(String), old_price: 98_000, new_price: null },
      ],
      meta: { next_after: 6, latest: 6 },
    });
    const page = (await api.ask("/changes?after=0&limit=2")).body;
    expect(page).toMatchObject({ result: [{ id: 1 }, { id: 2 }], meta: { next_after: 2, latest: 6 } });
    expect((await api.ask("/changes?after=6")).body).toEqual({
      result: [],
      meta: { next_after: 6, latest: 6 },
    });
    expect(idsOf((await api.ask("/changes")).body)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("filters by kinds; next_after is the last id examined", async () => {
    const api = await ready();
    expect((await api.ask("/changes?after=0&kind=added&limit=2")).body).toMatchObject({
      result: [{ id: 1 }, { id: 2 }],
      meta: { next_after: 2 },
    });
    const { body } = await api.ask("/changes?after=0&kind=price,changed");
    expect(idsOf(body)).toEqual([4, 5]);
    expect(body.meta).toEqual({ next_after: 6, latest: 6 });
  });

  test("include=listing adds the present state of each listing", async () => {
    const api = await ready();
    const { body } = await api.ask("/changes?after=0&include=listing");
    const single = async (id: string) => (await api.ask(`/offers/${id}`)).body;
    expect(body.result[0].listing).toEqual(await single("1"));
    expect(body.result[0].listing).toMatchObject({ price: 90_000, price_drop: 8_000, active: true });
    expect(body.result[5].listing).toMatchObject({ inner_id: "3", active: false, days_on_market: 0 });
    await database().query("delete from processed_data where inner_id = '3'");
    expect((await api.ask("/changes?after=5&include=listing")).body.result[0].listing).toBeNull();
  });

  test("names the parameter that is wrong, and needs the scope read", async () => {
    const api = await ready();
    for (const query of [
      "after=x",
      "after=-1",
      "limit=501",
      "limit=0",
      "kind=sold",
      "include=all",
      "page=1",
    ]) {
      const { status, body } = await api.ask(`/changes?${query}`);
      expect(status, query).toBe(400);
      expect(body.errors[0].parameter).toBe(query.split("=")[0]);
    }
    const [ops] = await api.tokens.create({ scopes: ["ops"] });
    const refused = await api.ask("/changes", { headers: { authorization: `Bearer ${ops?.token}` } });
    expect(refused.status).toBe(403);
  });

  test("a position before deleted events is 410 with the oldest kept one, also when none is left", async () => {
    const api = await ready();
    expect(await age(6)).toBe(3);
    const gone = await api.ask("/changes?after=5");
    expect(gone.status).toBe(410);
    expect(gone.body).toMatchObject({ status: 410, code: "changes_gone", oldest: 7 });
    expect(gone.body).not.toHaveProperty("latest");
    expect((await api.ask("/changes?after=6")).body).toEqual({
      result: [],
      meta: { next_after: 6, latest: 6 },
    });
    expect((await api.ask("/changes")).body.meta).toEqual({ next_after: 6, latest: 6 });
    await change("2", { color: "白色" });
    await normalize();
    expect(idsOf((await api.ask("/changes?after=6")).body)).toEqual([7]);
  });

  test("retention keeps the price history of active listings", async () => {
    await ready();
    await age(6);
    const { rows } = await database().query("select inner_id, kind from listing_events order by id");
    expect(rows).toEqual([
      { inner_id: "1", kind: "added" },
      { inner_id: "2", kind: "added" },
      { inner_id: "1", kind: "price" },
    ]);
    expect(await pruneEvents({ database: database(), retentionDays: 180 })).toBe(0);
    expect(await pruneEvents({ database: database(), retentionDays: 0 })).toBe(3);
  });

  test("younger events stay, and positions before them are valid", async () => {
    const api = await ready();
    expect(await age(5)).toBe(2);
    expect((await api.ask("/changes?after=4")).body.oldest).toBe(6);
    expect(idsOf((await api.ask("/changes?after=5")).body)).toEqual([6]);
  });

  test("a position beyond the newest event is 410 with the newest one: the database was restored", async () => {
    const api = await ready();
    const { status, body } = await api.ask("/changes?after=7");
    expect(status).toBe(410);
    expect(body).toMatchObject({ code: "changes_gone", latest: 6 });
    expect(body).not.toHaveProperty("oldest");
  });

  test("/offers names the newest event that its data includes", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const api = await ready();
      const position = async (headers = {}) => {
        const reply = await api.ask("/offers?limit=1", { headers });
        return [reply.status, reply.headers.get("x-changes-after"), reply.headers.get("etag") ?? ""] as const;
      };
      const [, first, etag] = await position();
      expect(first).toBe("6");
      expect(await position({ "if-none-match": etag })).toEqual([304, "6", etag]);
      await change("1", { price: 80_000 });
      await normalize();
      vi.advanceTimersByTime(2_000);
      expect(await position({ "if-none-match": etag })).toEqual([200, "7", expect.any(String)]);
      await age(7);
      vi.advanceTimersByTime(2_000);
      expect(await position()).toEqual([200, "7", expect.any(String)]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("the detail has the price history and the time on the market", async () => {
    const api = await ready();
    const { body } = await api.ask("/offers/1");
    expect(body.price_history).toEqual([
      { at: expect.any(String), price: 98_000 },
      { at: expect.any(String), price: 90_000 },
    ]);
    expect(body).toMatchObject({ first_seen_at: expect.any(String), removed_at: null, price_drop: 8_000 });
    expect((await api.ask("/offers/3")).body).toMatchObject({
      removed_at: expect.any(String),
      price_history: [{ price: 98_000 }],
    });
  });

  test("without events there is no /changes, no position and no history", async () => {
    const api = await ready({ changes: false });
    expect((await api.ask("/changes")).status).toBe(404);
    expect((await api.ask("/offers")).headers.has("x-changes-after")).toBe(false);
    expect((await api.ask("/offers/1")).body.price_history).toEqual([]);
  });

  test("the client iterates over all events, follows, and resumes from an id", async () => {
    const api = await ready();
    const client = createApiClient({ baseUrl: "http://copy.test", token: api.token, fetch: api.app.fetch });
    const ids: number[] = [];
    for await (const { id } of client.changes({ after: 0, limit: 2 })) {
      ids.push(id);
    }
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);

    const stop = new AbortController();
    const followed: number[] = [];
    const following = (async () => {
      for await (const { id } of client.changes(
        { after: 5 },
        { follow: true, pollMs: 10, signal: stop.signal },
      )) {
        followed.push(id);
        if (id === 6) {
          await change("1", { price: 70_000 });
          await normalize();
        } else {
          stop.abort(new Error("enough"));
        }
      }
    })();
    await expect(following).rejects.toThrow("enough");
    expect(followed).toEqual([6, 7]);

    const positions: number[] = [];
    for await (const _ of client.offers({ limit: 1 }, { onPosition: (after) => positions.push(after) })) {
      // The callback collects the positions.
    }
    // The API may know a version of the data that is a second old.
    expect(positions).toEqual([expect.toBeOneOf([6, 7]), expect.toBeOneOf([6, 7])]);
    const beyond = client.changesPage({ after: 99 });
    await expect(beyond).rejects.toThrow(ApiGoneError);
    await expect(beyond).rejects.toMatchObject({ code: "API_GONE", problem: { latest: 7 } });
  });
});
