import { expect, test } from "vitest";
import type { Sandbox, SandboxChange } from "../../../src/sandbox/index.ts";
import { createUpdater, type UpdateRunOptions } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { change, clientOf, feedAsked, serve } from "../../support/sandbox/service.ts";

/** `count` changes of new listings on a day, with ids from `from` on. */
const changesOf = (date: string, from: number, count: number): SandboxChange[] =>
  Array.from({ length: count }, (_, index) =>
    change(from + index, "added", `l${from + index}`, {}, { date, at: `${date}T09:00:00Z` }),
  );

onEachDatabase("days of the feed", ({ database }) => {
  const stands = (position: number, day: string | null) =>
    database().query("insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, $2)", [
      position,
      day,
    ]);
  const runAt = (sandbox: Sandbox, time: string, options: UpdateRunOptions = {}, timezone?: string) =>
    createUpdater({
      ...{ database: database(), client: clientOf(sandbox), timezone, now: () => new Date(time) },
    }).run(options);
  const stored = async () => [...(await rawRows(database())).keys()].length;

  test("missed days cost their pages and one request a day, wherever the boundaries are", async () => {
    const changes = [
      ...changesOf("2025-06-10", 100, 25),
      ...changesOf("2025-06-11", 130, 30),
      ...changesOf("2025-06-13", 160, 1),
      ...changesOf("2025-06-14", 170, 33),
    ];
    const sandbox = await serve({ changes });
    await stands(100, "2025-06-09");
    const result = await runAt(sandbox, "2025-06-14T12:00:00Z");
    const days = ["2025-06-10", "2025-06-11", "2025-06-12", "2025-06-13", "2025-06-14"];
    expect(result).toMatchObject({ status: "OK", days, changes: 89, loaded: 89, pages: 5, position: 203 });
    expect(feedAsked(sandbox)).toEqual([
      "day 2025-06-11",
      "changes 100",
      "changes 120",
      // The page crosses the end of the day, so its ids are checked against the end of the feed.
      "day 2025-06-15",
      "day 2025-06-12",
      "changes 145",
      "day 2025-06-13",
      "day 2025-06-14",
      "day 2025-06-15",
      "changes 174",
      "changes 194",
    ]);
    expect(await feedPosition(database())).toEqual({ position: 203, day: "2025-06-14" });
  });

  test("a day is complete once all its changes are stored, not earlier", async () => {
    const sandbox = await serve({
      changes: [...changesOf("2025-06-10", 100, 30), ...changesOf("2025-06-11", 130, 30)],
    });
    sandbox.addFault({ path: "/changes", query: { change_id: 120 }, times: 1, fault: { kind: "html200" } });
    sandbox.addFault({ path: "/changes", query: { change_id: 140 }, times: 1, fault: { kind: "truncated" } });
    await stands(100, "2025-06-09");
    const run = () => runAt(sandbox, "2025-06-11T12:00:00Z");
    await expect(run()).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(await feedPosition(database())).toEqual({ position: 120, day: "2025-06-09" });
    expect(await stored()).toBe(20);
    await expect(run()).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(await feedPosition(database())).toEqual({ position: 140, day: "2025-06-10" });
    expect(await run()).toMatchObject({ status: "OK", days: ["2025-06-11"], changes: 20 });
    expect(await stored()).toBe(60);
    expect(
      (await operations(database())).map(({ status, details }) => [status, details.changes, details.days]),
    ).toEqual([
      ["ERROR", 20, []],
      ["ERROR", 20, ["2025-06-10"]],
      ["OK", 20, ["2025-06-11"]],
    ]);
  });

  test("changes after today's run are read by the next one, on the same day or another", async () => {
    const sandbox = await serve({ changes: changesOf("2025-06-10", 100, 3) });
    await stands(100, "2025-06-09");
    await runAt(sandbox, "2025-06-10T08:00:00Z");
    sandbox.appendChanges(changesOf("2025-06-10", 110, 2));
    expect(await runAt(sandbox, "2025-06-10T18:00:00Z")).toMatchObject({ days: ["2025-06-10"], changes: 2 });
    sandbox.appendChanges([...changesOf("2025-06-10", 120, 2), ...changesOf("2025-06-11", 130, 1)]);
    expect(await runAt(sandbox, "2025-06-11T08:00:00Z")).toMatchObject({ days: ["2025-06-11"], changes: 3 });
    expect(await stored()).toBe(8);
    expect(await runAt(sandbox, "2025-06-11T09:00:00Z")).toMatchObject({ pages: 1, changes: 0 });
  });

  test("a first run without an initial load starts with today", async () => {
    const sandbox = await serve({
      changes: [...changesOf("2025-06-10", 100, 5), ...changesOf("2025-06-11", 110, 5)],
    });
    const result = await runAt(sandbox, "2025-06-11T12:00:00Z");
    expect(result).toMatchObject({ days: ["2025-06-11"], changes: 5, position: 115 });
    expect(feedAsked(sandbox)).toEqual(["day 2025-06-11", "day 2025-06-12", "changes 110"]);
    expect(await feedPosition(database())).toEqual({ position: 115, day: "2025-06-11" });
  });

  test("a first run on a day without a change waits for the first one and misses none", async () => {
    const sandbox = await serve();
    sandbox.addFault({ path: "/change_id", times: 1, fault: { kind: "body", body: '{"change_id":null}' } });
    expect(await runAt(sandbox, "2025-06-11T12:00:00Z")).toMatchObject({
      status: "OK",
      days: [],
      position: null,
    });
    sandbox.appendChanges(changesOf("2025-06-11", 5, 2));
    expect(await runAt(sandbox, "2025-06-11T23:00:00Z")).toMatchObject({ changes: 0, position: 7 });
  });

  test("at midnight of the feed's time zone nothing is skipped or processed twice", async () => {
    // 21:00 UTC is midnight in Moscow.
    const sandbox = await serve({ changes: changesOf("2025-06-10", 100, 3) });
    await stands(100, "2025-06-09");
    expect(await runAt(sandbox, "2025-06-10T20:59:59.999Z")).toMatchObject({
      days: ["2025-06-10"],
      changes: 3,
    });
    sandbox.appendChanges([...changesOf("2025-06-10", 103, 1), ...changesOf("2025-06-11", 104, 1)]);
    const next = await runAt(sandbox, "2025-06-10T21:00:00.000Z");
    expect(next).toMatchObject({ days: ["2025-06-11"], changes: 2, duplicates: 0, position: 105 });
    expect(await stored()).toBe(5);
  });

  test.each([
    [
      "spring, when the day has 23 hours",
      "2025-03-29T22:59:59Z",
      "2025-03-30T21:59:59Z",
      "2025-03-30T22:00:00Z",
    ],
    ["autumn, when it has 25", "2025-10-25T21:59:59Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"],
  ])(
    "a daylight saving change in %s does not move the end of a day",
    async (_season, eve, lastSecond, midnight) => {
      const [day, next] = [
        lastSecond.slice(0, 10),
        midnight.slice(0, 8) + (midnight.includes("-30T") ? "31" : "27"),
      ];
      const before = day.slice(0, 8) + String(Number(day.slice(8)) - 1);
      const sandbox = await serve({ changes: changesOf(before, 100, 1) });
      const run = (time: string) => runAt(sandbox, time, {}, "Europe/Berlin");
      await stands(100, null);
      expect(await run(eve)).toMatchObject({ days: [before], changes: 1 });
      sandbox.appendChanges(changesOf(day, 101, 2));
      expect(await run(lastSecond)).toMatchObject({ days: [day], changes: 2 });
      sandbox.appendChanges([...changesOf(day, 103, 1), ...changesOf(next, 104, 1)]);
      expect(await run(midnight)).toMatchObject({ days: [next], changes: 2, duplicates: 0 });
      expect(await feedPosition(database())).toEqual({ position: 105, day: next });
    },
  );

  test("after the clock was set back, the feed is still read, and no day is undone", async () => {
    const sandbox = await serve({ changes: changesOf("2025-06-10", 100, 3) });
    await stands(100, "2025-06-09");
    await runAt(sandbox, "2025-06-11T01:00:00Z");
    sandbox.appendChanges(changesOf("2025-06-11", 110, 2));
    expect(await runAt(sandbox, "2025-06-10T20:30:00Z")).toMatchObject({ changes: 2, position: 112 });
    expect(await feedPosition(database())).toEqual({ position: 112, day: "2025-06-11" });
    sandbox.appendChanges(changesOf("2025-06-12", 120, 1));
    expect(await runAt(sandbox, "2025-06-12T01:00:00Z")).toMatchObject({ days: ["2025-06-12"], changes: 1 });
  });

  test("forty missed days are caught up in one run, and a crash in it costs nothing", async () => {
    const day = (index: number) =>
      new Date(Date.parse("2025-05-01") + index * 86_400_000).toISOString().slice(0, 10);
    const changes = Array.from({ length: 40 }, (_, index) =>
      changesOf(day(index), 100 + 10 * index, index % 7),
    ).flat();
    const sandbox = await serve({ changes });
    sandbox.addFault({ path: "/changes", after: 3, times: 1, fault: { kind: "status", status: 502 } });
    await stands(100, "2025-04-30");
    const run = () => runAt(sandbox, `${day(39)}T12:00:00Z`);
    await expect(run()).rejects.toMatchObject({ code: "UPSTREAM_STATUS" });
    expect(await stored()).toBe(60);
    expect(await run()).toMatchObject({ status: "OK", loaded: changes.length - 60, duplicates: 0 });
    expect(await stored()).toBe(changes.length);
    const asked = feedAsked(sandbox);
    // Requested once more: the failed page, the start of the next day, and in each run the end of the feed.
    expect(asked.filter((one) => one.startsWith("changes"))).toHaveLength(Math.ceil(changes.length / 20) + 1);
    expect(asked.filter((one) => one.startsWith("day"))).toHaveLength(40 + 3);
    expect(await feedPosition(database())).toMatchObject({ day: day(39) });
  });

  test("--max-dates limits the days; the next run resumes there", async () => {
    const changes = [
      ...changesOf("2025-06-10", 100, 20),
      ...changesOf("2025-06-11", 120, 20),
      ...changesOf("2025-06-12", 140, 20),
    ];
    const sandbox = await serve({ changes });
    await stands(100, "2025-06-09");
    const first = await runAt(sandbox, "2025-06-12T12:00:00Z", { maxDates: 2 });
    expect(first).toMatchObject({ days: ["2025-06-10", "2025-06-11"], changes: 40, position: 140 });
    expect(await feedPosition(database())).toEqual({ position: 140, day: "2025-06-11" });
    const second = await runAt(sandbox, "2025-06-12T12:00:00Z", { maxDates: 2 });
    expect(second).toMatchObject({ days: ["2025-06-12"], changes: 20, duplicates: 0 });
  });

  test("the progress knows the day, how many there are, and how far the day reaches", async () => {
    const sandbox = await serve({
      changes: [...changesOf("2025-06-10", 100, 30), ...changesOf("2025-06-11", 130, 5)],
    });
    await stands(100, "2025-06-09");
    const events: unknown[] = [];
    await runAt(sandbox, "2025-06-11T12:00:00Z", {
      onProgress: ({ day, dayNumber, days, done, total }) =>
        events.push([day, `${dayNumber}/${days}`, done, total]),
    });
    expect(events).toEqual([
      ["2025-06-10", "1/2", 0, 30],
      ["2025-06-10", "1/2", 20, 30],
      ["2025-06-10", "1/2", 35, 35],
      ["2025-06-11", "2/2", 35, 35],
    ]);
  });

  test("a service that does not report the start of tomorrow costs neither the run nor a retry", async () => {
    const sandbox = await serve({ changes: changesOf("2025-06-10", 100, 3) });
    await stands(100, "2025-06-09");
    for (const status of [404, 400, 503]) {
      sandbox.clearFaults();
      sandbox.addFault({ path: "/change_id", fault: { kind: "status", status } });
      const client = clientOf(sandbox, { retry: { attempts: 21, intervalMs: 720_000 } });
      const now = () => new Date("2025-06-10T12:00:00Z");
      const totals: unknown[] = [];
      const result = await createUpdater({ database: database(), client, now }).run({
        onProgress: ({ total }) => totals.push(total),
      });
      expect(result).toMatchObject({ status: "OK", days: ["2025-06-10"] });
      expect(totals).toEqual([null, null]);
    }
    expect(feedAsked(sandbox).filter((one) => one === "day 2025-06-11")).toHaveLength(4);
    expect(await stored()).toBe(3);
  });
});
