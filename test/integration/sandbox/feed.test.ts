import { describe, expect, test } from "vitest";
import { catalogue, feed, follow, get, load, NOON, sandbox } from "../../support/sandbox/helpers.ts";

const MOSCOW_DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Moscow" });
const dayOf = (instant: string) => MOSCOW_DAY.format(new Date(instant));

describe("the change feed", () => {
  test("has the configured number of changes per day, oldest first, with consecutive ids", async () => {
    const server = await sandbox({ days: 3, changesPerDay: 40 });
    const changes = await feed(server, 0);
    expect(changes).toHaveLength(160);
    expect(changes[0]?.id).toBe(892_145);
    const ids = changes.map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 160 }, (_, index) => 892_145 + index));
    const days = Map.groupBy(changes, ({ created_at }) => dayOf(created_at));
    expect([...days].map(([day, of]) => [day, of.length])).toEqual([
      ["2025-06-12", 40],
      ["2025-06-13", 40],
      ["2025-06-14", 40],
      ["2025-06-15", 40],
    ]);
    const times = changes.map(({ created_at }) => Date.parse(created_at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(NOON.getTime());
    expect(changes.every(({ created_at }) => created_at.endsWith("+03:00"))).toBe(true);
  });

  test("adds, changes and removes as 15 : 70 : 15, removals in all three forms", async () => {
    const changes = await feed(await sandbox({ days: 4, changesPerDay: 60, changedFields: "all" }), 0);
    const kinds = Map.groupBy(changes, ({ change_type }) => change_type);
    expect([...kinds].map(([kind, of]) => [kind, of.length]).sort()).toEqual([
      ["added", 45],
      ["changed", 210],
      ["removed", 45],
    ]);
    expect(new Set(kinds.get("removed")?.map(({ data }) => JSON.stringify(data)))).toEqual(
      new Set(["{}", "null", undefined]),
    );
    const fields = kinds.get("changed")?.flatMap(({ data }) => Object.keys(data)) ?? [];
    expect(fields.every((field) => field.startsWith("new_"))).toBe(true);
    expect(new Set(fields)).toEqual(new Set(["new_price", "new_km_age", "new_description", "new_images"]));
    expect(kinds.get("changed")?.some(({ data }) => Object.keys(data).length > 1)).toBe(true);
    expect(kinds.get("added")?.every(({ inner_id, data }) => data.inner_id === inner_id && data.mark)).toBe(
      true,
    );
  });

  test("has pages of 20 that start with the requested id or the next existing one", async () => {
    const server = await sandbox();
    const first = await get(server, "/changes?change_id=892145");
    expect(first.result).toHaveLength(20);
    expect(first.meta).toEqual({
      cur_change_id: 892_145,
      next_change_id: first.meta.next_change_id,
      limit: 20,
    });
    const second = await get(server, `/changes?change_id=${first.meta.next_change_id}`);
    expect(second.result[0].id).toBe(first.meta.next_change_id);
    expect((await get(server, "/changes?change_id=5")).result).toEqual(first.result);
    server.appendChanges([{ id: 900_000, record: { inner_id: "1", change_type: "removed" } }]);
    expect((await get(server, "/changes?change_id=899990")).result[0].id).toBe(900_000);
  });

  test("sends new_price only in changed", async () => {
    const changed = (await feed(await sandbox(), 0)).filter(({ change_type }) => change_type === "changed");
    expect(new Set(changed.map(({ data }) => Object.keys(data).join()))).toEqual(new Set(["new_price"]));
  });

  test("drops changes after 7 days while it runs, and returns the oldest remaining change for an older position", async () => {
    let now = NOON;
    const server = await sandbox({ days: 9, changesPerDay: 24, now: () => now });
    const oldest = async () => (await get(server, "/changes?change_id=1")).result[0]?.created_at ?? "none";
    expect(await oldest()).toMatch(/^2025-06-08T12:/);
    expect((await get(server, "/change_id?date=2025-06-01")).change_id).toBe(
      (await get(server, "/changes?change_id=1")).result[0].id,
    );
    now = new Date(NOON.getTime() + 3 * 86_400_000);
    expect(await oldest()).toMatch(/^2025-06-11T12:/);
    now = new Date(NOON.getTime() + 20 * 86_400_000);
    expect(await oldest()).toBe("none");
  });

  test("may stop: nothing new while the catalogue changes, until it resumes", async () => {
    const server = await sandbox({ offers: 40, changesPerDay: 20, days: 0 });
    const before = await feed(server, 0);
    const end = (await get(server, "/change_id?date=2025-06-16")).change_id;
    const active = await catalogue(server);
    server.stopFeed();
    server.advance(60);
    expect(await feed(server, 0)).toEqual(before);
    expect((await get(server, "/change_id?date=2025-06-16")).change_id).toBe(end);
    expect(await catalogue(server)).not.toEqual(active);
    server.resumeFeed();
    expect(await feed(server, 0)).toHaveLength(80);
  });

  test("may restart its ids: the old position is after all of them", async () => {
    const server = await sandbox({ offers: 40, changesPerDay: 20, days: 0 });
    const position = (await feed(server, 0)).at(-1)?.id ?? 0;
    server.restartFeed();
    server.advance(30);
    expect((await feed(server, 0)).map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, at) => at + 1),
    );
    expect((await get(server, `/changes?change_id=${position + 1}`)).result).toEqual([]);
    expect((await get(server, "/change_id?date=2025-06-15")).change_id).toBe(1);
  });

  test("may have a burst of changes on one day", async () => {
    const bursts = { "2025-06-14": 5_000 };
    const changes = await feed(await sandbox({ days: 2, changesPerDay: 10, bursts }), 0);
    const days = Map.groupBy(changes, ({ created_at }) => dayOf(created_at));
    expect([...days.values()].map((of) => of.length)).toEqual([10, 5_000, 10]);
  });

  test("has the start of each day in /change_id, and its end for a future day", async () => {
    const server = await sandbox({ days: 2 });
    const border = async (day: string) => (await get(server, `/change_id?date=${day}`)).change_id;
    const changes = await feed(server, 0);
    const last = changes.at(-1)?.id ?? 0;
    for (const day of ["2025-06-13", "2025-06-14", "2025-06-15"]) {
      expect(await border(day)).toBe(changes.find(({ created_at }) => dayOf(created_at) === day)?.id);
    }
    expect(await border("2001-01-01")).toBe(892_145);
    expect(await border("2025-06-16")).toBe(last + 1);
    expect(await get(server, `/changes?change_id=${last + 1}`)).toEqual({
      result: [],
      meta: { cur_change_id: last + 1, next_change_id: null, limit: 20 },
    });
  });

  test("starts its days at midnight of the time zone", async () => {
    const now = new Date("2025-06-15T22:30:00Z");
    const days = async (timezone: string) => {
      const changes = await feed(await sandbox({ days: 0, timezone, now: () => now }), 0);
      return changes.map(({ created_at }) => created_at.slice(0, 10));
    };
    expect(new Set(await days("Europe/Moscow"))).toEqual(new Set(["2025-06-16"]));
    expect(new Set(await days("UTC"))).toEqual(new Set(["2025-06-15"]));
    expect(new Set(await days("Asia/Shanghai"))).toEqual(new Set(["2025-06-16"]));
  });

  test("may end in each of the three ways of the service", async () => {
    const last = async (feedEnd: "null" | "equal" | "empty") => {
      const server = await sandbox({ days: 0, changesPerDay: 5, feedEnd });
      return { server, page: await get(server, "/changes?change_id=892145") };
    };
    expect((await last("null")).page.meta.next_change_id).toBeNull();
    expect((await last("equal")).page.meta.next_change_id).toBe(892_145);
    const { server, page } = await last("empty");
    expect(page.meta.next_change_id).toBe(page.result.at(-1).id + 1);
    expect(await get(server, `/changes?change_id=${page.meta.next_change_id}`)).toMatchObject({ result: [] });
  });

  test("may be empty; its first id is then the start of every day", async () => {
    const server = await sandbox({ changesPerDay: 0 });
    expect(await get(server, "/changes?change_id=892145")).toMatchObject({ result: [] });
    expect(await get(server, "/change_id?date=2025-06-15")).toEqual({ change_id: 892_145 });
  });
});

describe("a copy that follows the feed", () => {
  test("equals current() when it starts before the feed", async () => {
    const server = await sandbox({ offers: 120, changesPerDay: 0 });
    const copy = await load(server);
    server.advance(500);
    follow(copy, await feed(server, 892_145));
    expect([...copy].sort()).toEqual([...server.current()].sort());
    expect([...copy.values()].some(({ active }) => !active)).toBe(true);
  });

  test("equals current() in active listings when it replays days that the catalogue includes", async () => {
    const server = await sandbox({ offers: 120, days: 5, changesPerDay: 60 });
    const copy = await load(server);
    follow(copy, await feed(server, 0));
    const onOffer = (of: typeof copy) => [...of].filter(([, { active }]) => active).sort();
    expect(onOffer(copy)).toEqual(onOffer(server.current()));
    expect(onOffer(copy)).toHaveLength(120);
  });

  test("matches the catalogue and /offer", async () => {
    const server = await sandbox({ offers: 80 });
    const records = new Map((await catalogue(server)).map(({ inner_id, data }) => [inner_id, data]));
    for (const [innerId, { data, active }] of server.current()) {
      expect(records.get(innerId)).toEqual(active ? data : undefined);
    }
    const [[innerId, data] = []] = records;
    expect(await get(server, `/offer?inner_id=${innerId}`)).toEqual(data);
  });
});

describe("later changes", () => {
  const change = (inner_id: string, change_type: string, data: unknown) => ({
    record: { inner_id, change_type, created_at: "2025-06-15T12:00:00+03:00", data },
  });

  test("are visible in the feed, the catalogue and /offer", async () => {
    const server = await sandbox({ offers: 30, changesPerDay: 0 });
    const [first, second] = await catalogue(server);
    server.appendChanges([
      change(first?.inner_id ?? "", "changed", { new_price: 123, new_extra: { gone: true } }),
      change(second?.inner_id ?? "", "removed", null),
      change("77", "added", { inner_id: "77", mark: "Kia" }),
    ]);
    const changes = await feed(server, 0);
    expect(changes.map(({ id }) => id)).toEqual([892_145, 892_146, 892_147]);
    const records = await catalogue(server);
    expect(records).toHaveLength(30);
    const changed = records.find(({ inner_id }) => inner_id === first?.inner_id);
    expect(changed?.data).toMatchObject({ price: 123, extra: { gone: true } });
    expect(records[0]).toMatchObject({ inner_id: "77", data: { mark: "Kia" } });
    expect(await get(server, "/offer?inner_id=77")).toEqual({ inner_id: "77", mark: "Kia" });
    await expect(get(server, `/offer?inner_id=${second?.inner_id}`)).rejects.toThrow("404");
    server.appendChanges([change("77", "changed", { new_mark: "BMW" }), change("77", "removed", {})]);
    expect(server.current().get("77")).toEqual({ data: { inner_id: "77", mark: "BMW" }, active: false });
  });

  test("have the day of the clock, or a given day and id", async () => {
    let now = NOON;
    const server = await sandbox({ days: 0, changesPerDay: 0, now: () => now });
    server.appendChanges([change("1", "removed", {})]);
    now = new Date("2025-06-16T09:00:00Z");
    server.advance(2);
    server.appendChanges([{ id: 900_000, date: "2025-06-20", ...change("2", "removed", {}) }]);
    const border = async (day: string) => (await get(server, `/change_id?date=${day}`)).change_id;
    expect(await border("2025-06-16")).toBe(892_146);
    expect(await border("2025-06-17")).toBe(900_000);
    expect(() => server.appendChanges([{ id: 900_000, ...change("3", "removed", {}) }])).toThrow(RangeError);
  });

  test("are consistent with generated changes", async () => {
    const server = await sandbox({ offers: 15, changesPerDay: 0 });
    const copy = await load(server);
    for (const [at, innerId] of [...copy.keys()].entries()) {
      server.appendChanges([change(innerId, at % 2 ? "added" : "changed", { new_price: at })]);
      server.advance(20);
    }
    follow(copy, await feed(server, 0));
    expect([...copy].sort()).toEqual([...server.current()].sort());
    const onOffer = [...copy].filter(([, { active }]) => active).map(([id, { data }]) => [id, data]);
    const served = (await catalogue(server)).map(({ inner_id, data }) => [inner_id, data]);
    expect(served.sort()).toEqual(onOffer.sort());
  });

  test("are generated with the clock when the sandbox is live", async () => {
    let now = NOON;
    const live = await sandbox({ days: 0, changesPerDay: 24, live: true, now: () => now });
    const still = await sandbox({ days: 0, changesPerDay: 24, now: () => now });
    now = new Date(NOON.getTime() + 36 * 3_600_000);
    expect(await feed(live, 0)).toHaveLength(24 + 36);
    expect(await feed(still, 0)).toHaveLength(24);
    expect(await feed(live, 0)).toHaveLength(24 + 36);
  });
});
