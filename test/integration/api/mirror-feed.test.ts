import { expect, test } from "vitest";
import { runDaily } from "../../../src/daily/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { addDays, dayOf } from "../../../src/util/days.ts";
import { openMirror } from "../../support/api/mirror.ts";
import { json, load, NOW, type Page } from "../../support/api/mirror-requests.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { change, clientOf, feedToday, offer, offers } from "../../support/sandbox/service.ts";

const today = feedToday();

onEachDatabase("the change feed of the mirror", ({ database }) => {
  const feed = async (baseUrl: string, token: string, from: number) => {
    const { body } = await json(`${baseUrl}/changes?api_key=${token}&change_id=${from}`);
    return body as Page;
  };

  test("numbers its changes without holes, and shows the present state of each listing", async () => {
    const changes = [
      change(100, "changed", "listing-1", { new_price: 5 }),
      change(101, "removed", "listing-2"),
      change(102, "added", "listing-9", { mark: "BMW" }),
    ];
    const { update } = await load(database(), { offers: offers(3), changes });
    const { baseUrl, token } = await openMirror(database());
    const before = await json(`${baseUrl}/change_id?date=${addDays(today, 1)}&api_key=${token}`);
    expect(before.body).toEqual({ change_id: 4 });
    await update();
    const { result, meta } = await feed(baseUrl, token, 1);
    expect(result.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    // The changes of one page may be numbered in any order: each entry shows the present state of its listing.
    expect(result.map(({ inner_id, change_type }) => `${inner_id} ${change_type}`).toSorted()).toEqual([
      "listing-1 added",
      "listing-1 added",
      "listing-2 removed",
      "listing-2 removed",
      "listing-3 added",
      "listing-9 added",
    ]);
    expect(result[0]?.data).toEqual({ ...offer(1).data, price: 5 });
    expect(result[1]?.data).toEqual({});
    expect(meta).toEqual({ cur_change_id: 1, next_change_id: null, limit: 20 });
    expect((await feed(baseUrl, token, 7)).result).toEqual([]);
  });

  test("does not number rows that are only marked as processed", async () => {
    await load(database(), { offers: offers(3) });
    await createNormalizer({ database: database() }).run();
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 0)).result).toHaveLength(3);
  });

  test("returns changes from the oldest kept one for an older id, without an error", async () => {
    await load(database(), { offers: offers(3) });
    await database().query("delete from mirror_changes where id < 3");
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 1)).result.map(({ id }) => id)).toEqual([3]);
  });

  test("keeps its changes for 7 days", async () => {
    const { client } = await load(database(), { offers: offers(3) });
    await database().query("update mirror_changes set at = now() - id * interval '3 days'");
    await runDaily({
      database: database(),
      updater: createUpdater({ database: database(), client, now: NOW }),
    });
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 0)).result.map(({ id }) => id)).toEqual([1, 2]);
  });

  test("gives the first change of a day, and the next one where a day has none yet", async () => {
    await load(database(), { offers: offers(3) });
    const { client } = await openMirror(database());
    const days = [addDays(today, -30), today, addDays(today, 1)];
    expect(await Promise.all(days.map((day) => client.changeId(day)))).toEqual([1, 1, 4]);
  });

  test("is read by a second copy that ends up with the same listings", async () => {
    const source = await startSandbox({ offers: 120, changesPerDay: 40, seed: 5, days: 2 });
    const client = clientOf(source);
    await createLoader({ database: database(), client }).run();
    await createUpdater({ database: database(), client }).run();
    const mirror = await openMirror(database());
    const day = dayOf(new Date(), "Europe/Moscow");
    const start = await mirror.client.changeId(day);
    const copy = new Map<string, unknown>();
    for (let page: number | null = 1; page !== null; ) {
      const { body } = await json(`${mirror.baseUrl}/offers?page=${page}&api_key=${mirror.token}`);
      for (const { inner_id, data } of (body as Page).result) {
        copy.set(inner_id, data);
      }
      source.advance(7);
      await createUpdater({ database: database(), client }).run();
      page = (body as Page).meta.next_page as number | null;
    }
    for (let id: number | null = start; id !== null; ) {
      const page = await feed(mirror.baseUrl, mirror.token, id);
      for (const { inner_id, change_type, data } of page.result) {
        copy.delete(inner_id);
        if (change_type === "added") {
          copy.set(inner_id, data);
        }
      }
      id = page.meta.next_change_id as number | null;
    }
    const expected = [...source.current()]
      .filter(([, { active }]) => active)
      .map(([id, { data }]) => [id, data] as const);
    expect(Object.fromEntries(copy)).toEqual(Object.fromEntries(expected));
    await source.close();
  });
});
