import { expect, test } from "vitest";
import { LockedError } from "../../../src/errors.ts";
import type { SandboxOptions } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { change, clientOf, feedAsked, serve } from "../../support/sandbox/service.ts";
import { CHANGES, pageText, serveTexts, updating } from "../../support/updater/feed.ts";

onEachDatabase("the change feed", ({ database }) => {
  const { run, startAt } = updating(database);
  const count = async () => (await rawRows(database())).size;

  test.each<[SandboxOptions["feedEnd"], pages: number[], afterwards: string[]]>([
    ["null", [100, 120, 140], []],
    ["equal", [100, 120, 140], []],
    // Only an empty page marks the end; it is also what restarted ids look like.
    ["empty", [100, 120, 140, 145], ["day 2025-06-15", "changes 100"]],
  ])(
    "ends with next_change_id %s, with the position after its last change",
    async (feedEnd, pages, afterwards) => {
      const sandbox = await serve({ changes: CHANGES }, { feedEnd });
      await startAt(100);
      expect(await run(sandbox)).toMatchObject({
        status: "OK",
        changes: 45,
        position: 145,
        pages: pages.length,
      });
      const asked = ["day 2025-06-16", ...pages.map((id) => `changes ${id}`), ...afterwards];
      expect(feedAsked(sandbox)).toEqual(asked);
      expect(await run(sandbox)).toMatchObject({ status: "OK", changes: 0, position: 145, pages: 1 });
      expect(await count()).toBe(45);
    },
  );

  test("the next page is requested while one is being stored, and none after the end of the day", async () => {
    const later = CHANGES.map(({ id, record }) =>
      change(
        id + 100,
        "added",
        `later-${(record as { inner_id: string }).inner_id}`,
        {},
        { date: "2025-06-16" },
      ),
    );
    const sandbox = await serve({ changes: [...CHANGES, ...later] });
    await startAt(100);
    const askedWhenStored: string[][] = [];
    const pages = () => feedAsked(sandbox).filter((asked) => asked.startsWith("changes"));
    const updater = createUpdater({
      database: database(),
      client: clientOf(sandbox),
      now: () => new Date("2025-06-16T12:00:00Z"),
    });
    await updater.run({ maxDates: 1, onPage: () => askedWhenStored.push(pages()) });
    const asked = ["changes 100", "changes 120", "changes 140"];
    expect(askedWhenStored).toEqual([asked.slice(0, 2), asked, asked]);
  });

  test("a position that goes backwards ends the run with an error that names both; earlier changes are kept", async () => {
    const sandbox = await serve({ changes: CHANGES });
    const meta = { next_change_id: 110, cur_change_id: 120 };
    sandbox.addFault({ path: "/changes", query: { change_id: 120 }, fault: { kind: "meta", meta } });
    await startAt(100);
    await expect(run(sandbox)).rejects.toMatchObject({
      code: "FEED_OUT_OF_ORDER",
      message: expect.stringMatching(/110.*120/),
    });
    expect(feedAsked(sandbox).slice(1)).toEqual(["changes 100", "changes 120"]);
    expect(await feedPosition(database())).toEqual({ position: 120, day: "2025-06-14" });
    expect(await count()).toBe(20);
    const [operation] = await operations(database());
    expect(operation).toMatchObject({
      status: "ERROR",
      details: { pages: 1, loaded: 20, errors: 1, days: [] },
    });
    sandbox.clearFaults();
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 25, duplicates: 0 });
  });

  test("an id beyond 2^53 as the next position is rejected, not rounded", async () => {
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":9007199254740993}',
        JSON.stringify(CHANGES[0]?.record),
      ),
    });
    await startAt(100);
    await expect(run(sandbox)).rejects.toMatchObject({ code: "FEED_OUT_OF_ORDER" });
    expect(await feedPosition(database())).toMatchObject({ position: 100 });
  });

  test("a failed page ends the run with ERROR; earlier pages are kept, and the next run resumes", async () => {
    const sandbox = await serve({ changes: CHANGES });
    sandbox.addFault({ path: "/changes", query: { change_id: 140 }, times: 1, fault: { kind: "truncated" } });
    await startAt(100);
    await expect(run(sandbox)).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(await count()).toBe(40);
    expect(await feedPosition(database())).toEqual({ position: 140, day: "2025-06-14" });
    expect(await operations(database())).toMatchObject([
      { status: "ERROR", details: { command: "daily", pages: 2, changes: 40, loaded: 40, errors: 1 } },
    ]);
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 5, days: ["2025-06-15"] });
  });

  test("a rejected key ends the run immediately, even in a request that only serves the progress", async () => {
    // Only a 401 on the client's first request is repeated, once, with the key in the query.
    for (const [path, requests] of [
      ["/change_id", 2],
      ["/changes", 1],
    ] as const) {
      const sandbox = await serve({ changes: CHANGES });
      sandbox.addFault({ path, fault: { kind: "status", status: 401 } });
      await database().query("delete from sync_state");
      await startAt(100);
      await expect(run(sandbox)).rejects.toMatchObject({ code: "UPSTREAM_UNAUTHORIZED" });
      expect(sandbox.requests.filter((request) => request.path === path)).toHaveLength(requests);
    }
  });

  test("an abort stops the run immediately; stored pages stay, with the position after them", async () => {
    const sandbox = await serve({ changes: CHANGES });
    sandbox.addFault({ path: "/changes", query: { change_id: 120 }, fault: { kind: "hang" } });
    await startAt(100);
    const stop = new AbortController();
    const running = run(sandbox, { signal: stop.signal });
    await expect.poll(() => feedAsked(sandbox).includes("changes 120")).toBe(true);
    stop.abort(new Error("stopped by a test"));
    await expect(running).rejects.toThrow("stopped by a test");
    expect(await feedPosition(database())).toMatchObject({ position: 120 });
    const [operation] = await operations(database());
    expect(operation).toMatchObject({
      status: "ERROR",
      details: { stopped: "stopped by a test", loaded: 20 },
    });
    expect(operation?.details).not.toHaveProperty("interrupted");
    sandbox.clearFaults();
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 25 });
  });

  test("the second of two runs fails, and names the first and its start", async () => {
    const sandbox = await serve({ changes: CHANGES });
    sandbox.addFault({ path: "/changes", fault: { kind: "hang" } });
    await startAt(100);
    const stop = new AbortController();
    const running = run(sandbox, { signal: stop.signal });
    await expect.poll(() => feedAsked(sandbox).includes("changes 100")).toBe(true);
    const second = run(sandbox);
    await expect(second).rejects.toThrow(LockedError);
    await expect(second).rejects.toThrow(/che168-sync daily since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await operations(database())).toHaveLength(1);
  });

  test("a position that another run has moved stays, and so do the rows", async () => {
    const sandbox = await serve({ changes: CHANGES });
    await startAt(100);
    const moves: Promise<unknown>[] = [];
    const running = run(sandbox, {
      onPage: ({ position }) =>
        position === 120 && moves.push(database().query("update sync_state set last_change_id = 999")),
    });
    await expect(running).rejects.toMatchObject({ code: "POSITION_MOVED" });
    await Promise.all(moves);
    expect(await feedPosition(database())).toMatchObject({ position: 999 });
    expect(await count()).toBe(20);
  });
});
