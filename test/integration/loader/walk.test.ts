import { expect, test } from "vitest";
import { createLoader, type LoadRunOptions } from "../../../src/loader/index.ts";
import { getStatus } from "../../../src/operations/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, operations, rawRows, storedIds } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { change, clientOf, offer, offers, pagesAsked, serve } from "../../support/sandbox/service.ts";

/** 85 listings: five pages, the last one with five. */
const ALL = offers(85);
const IDS = ALL.map((record) => record.inner_id);
const DOWN = { kind: "status", status: 503 } as const;

onEachDatabase("the walk through the catalogue", ({ database }) => {
  const loaderFor = (sandbox: Sandbox, options: { maxFailedPages?: number } = {}) => {
    const { logger, lines } = collectingLogger();
    const loader = createLoader({ database: database(), client: clientOf(sandbox), logger, ...options });
    return { run: (run?: LoadRunOptions) => loader.run(run), lines };
  };

  test("stores every listing once, as received, and reports it", async () => {
    const sandbox = await serve({ offers: ALL });
    const result = await loaderFor(sandbox).run();
    expect(result).toMatchObject({
      ...{ status: "OK", finished: true, nextPage: null, failedPages: [] },
      ...{ pages: 5, loaded: 85, duplicates: 0, rejected: 0, repaired: 0, undated: 0 },
    });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 5]);
    expect(await storedIds(database())).toEqual(IDS);
    expect((await rawRows(database())).get("listing-42")).toEqual({
      ...{ inner_id: "listing-42", change_type: "added", source: "initial_load", active_status: 0 },
      ...{ created_at: "2025-04-29T05:15:22.340Z", is_processed: false, change_id: null },
      ...{ completeness: "complete", data: ALL[41]?.data },
    });
    expect(await operations(database())).toEqual([
      {
        type: "data_fetch",
        status: "OK",
        details: {
          ...{ command: "initial", status: "OK", finished: true, nextPage: null, failedPages: [], errors: 0 },
          ...{ pages: 5, loaded: 85, duplicates: 0, rejected: 0, repaired: 0, undated: 0 },
        },
      },
    ]);
  });

  test("reads at most --max-pages in a run, and the next run resumes after them", async () => {
    const sandbox = await serve({ offers: ALL });
    const { run } = loaderFor(sandbox);
    expect(await run({ maxPages: 2 })).toMatchObject({
      status: "OK",
      pages: 2,
      finished: false,
      nextPage: 3,
    });
    expect(pagesAsked(sandbox)).toEqual([1, 2]);
    expect(await run({ maxPages: 1 })).toMatchObject({ pages: 1, finished: false, nextPage: 4 });
    expect(await run()).toMatchObject({ pages: 2, loaded: 25, finished: true });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 5]);
    expect(await storedIds(database())).toEqual(IDS);
  });

  test("requests nothing when the catalogue is complete", async () => {
    const sandbox = await serve({ offers: ALL });
    const { run, lines } = loaderFor(sandbox);
    await run();
    expect(await run()).toMatchObject({ status: "OK", pages: 0, finished: true });
    expect(pagesAsked(sandbox)).toHaveLength(5);
    expect(lines.map(({ text }) => text).join("\n")).toMatch(/catalogue is complete.*reconcile.*--restart/);
  });

  test("requests the next page while one is being stored, and no further one", async () => {
    const sandbox = await serve({ offers: ALL });
    const client = clientOf(sandbox);
    const coming: Promise<unknown>[] = [];
    const offersPage: typeof client.offersPage = (...asked) => {
      const page = client.offersPage(...asked);
      coming.push(page);
      return page;
    };
    const askedWhenStored: number[][] = [];
    const loader = createLoader({ database: database(), client: { ...client, offersPage } });
    await loader.run({
      onPage: async () => {
        await Promise.all(coming);
        askedWhenStored.push(pagesAsked(sandbox));
      },
    });
    expect(askedWhenStored).toEqual([
      [1, 2],
      [1, 2, 3],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
  });

  test("the next page is requested before the awaited page is parsed, and only once", async () => {
    const sandbox = await serve({ offers: ALL });
    // Invalid JSON whose end still names page 2.
    const broken = '{"result":[{"id":1,"inner_id":"x",],"meta":{"page":1,"next_page":2}}';
    sandbox.addFault({
      path: "/offers",
      query: { page: 1 },
      times: 1,
      fault: { kind: "body", body: broken },
    });
    const client = clientOf(sandbox, { retry: { attempts: 3, intervalMs: 0 } });
    const result = await createLoader({ database: database(), client }).run();
    expect(result).toMatchObject({ status: "OK", loaded: 85 });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 1, 3, 4, 5]);
  });

  test("--restart reads everything again and ignores stored rows", async () => {
    const sandbox = await serve({ offers: ALL });
    const { run } = loaderFor(sandbox);
    await run({ maxPages: 3 });
    const before = await rawRows(database());
    expect(await run({ restart: true })).toMatchObject({
      pages: 5,
      loaded: 25,
      duplicates: 60,
      finished: true,
    });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 1, 2, 3, 4, 5]);
    const after = await rawRows(database());
    expect([...after].filter(([id]) => before.has(id))).toEqual([...before]);
    expect(after.size).toBe(85);
  });

  test("a page delivered twice changes nothing", async () => {
    const sandbox = await serve({ offers: ALL.slice(0, 20) });
    const { run } = loaderFor(sandbox);
    await run();
    const before = await database().query("select * from raw_data order by id");
    expect(await run({ restart: true })).toMatchObject({ loaded: 0, duplicates: 20 });
    expect(await database().query("select * from raw_data order by id")).toEqual(before);
  });

  test("a listing on two pages, or twice on one, is one row with the first data", async () => {
    const twice = { ...offer(3), data: { mark: "Other" } };
    const sandbox = await serve({ offers: [...ALL.slice(0, 10), twice, ...ALL.slice(10, 30), twice] });
    const result = await loaderFor(sandbox).run();
    expect(result).toMatchObject({ pages: 2, loaded: 30, duplicates: 2 });
    expect((await rawRows(database())).get("listing-3")?.data).toEqual(offer(3).data);
  });

  test("a failed page is recorded and skipped; the next run reads it and no other page", async () => {
    const sandbox = await serve({ offers: ALL });
    sandbox.addFault({ path: "/offers", query: { page: 3 }, fault: DOWN });
    const { run, lines } = loaderFor(sandbox);
    const first = await run();
    expect(first).toMatchObject({ status: "ERROR", pages: 4, loaded: 65, finished: true, failedPages: [3] });
    expect(first.error).toBeUndefined();
    expect(lines.filter(({ level }) => level === "error").map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Page 3 of the catalogue is deferred to the next run: .*503/),
    ]);
    const second = await run();
    expect(second).toMatchObject({ status: "ERROR", pages: 0, failedPages: [3] });
    sandbox.clearFaults();
    expect(await run()).toMatchObject({
      status: "OK",
      pages: 1,
      loaded: 20,
      finished: true,
      failedPages: [],
    });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 5, 3, 3]);
    expect([...(await rawRows(database())).keys()].sort()).toEqual([...IDS].sort());
    expect((await operations(database())).map(({ status, details }) => [status, details.errors])).toEqual([
      ["ERROR", 1],
      ["ERROR", 1],
      ["OK", 0],
    ]);
  });

  test("after maxFailedPages consecutive failures the load ends with ERROR; the next run resumes from the first of them", async () => {
    const sandbox = await serve({ offers: ALL });
    for (const page of [2, 3, 4]) {
      sandbox.addFault({ path: "/offers", query: { page }, fault: DOWN });
    }
    const { run } = loaderFor(sandbox, { maxFailedPages: 3 });
    const first = await run();
    expect(first).toMatchObject({ status: "ERROR", pages: 1, finished: false, nextPage: 2, failedPages: [] });
    expect(first.error).toMatch(/^Page 4 of the catalogue.*503/);
    const [operation] = await operations(database());
    expect(operation).toMatchObject({ status: "ERROR", details: { loaded: 20, errors: 3, nextPage: 2 } });
    sandbox.clearFaults();
    expect(await run()).toMatchObject({ status: "OK", pages: 4, finished: true });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 2, 3, 4, 5]);
    expect(await storedIds(database())).toEqual(IDS);
  });

  test("failures that are not consecutive do not end the load", async () => {
    const sandbox = await serve({ offers: ALL });
    for (const page of [1, 2, 4, 5]) {
      sandbox.addFault({ path: "/offers", query: { page }, times: 1, fault: DOWN });
    }
    const { run } = loaderFor(sandbox, { maxFailedPages: 3 });
    // While page 5 fails, page 6 shows whether it is the last one.
    const first = await run();
    expect(first).toMatchObject({ status: "ERROR", loaded: 20, failedPages: [1, 2, 4, 5], finished: true });
    expect(await run()).toMatchObject({ status: "OK", pages: 4, loaded: 65, finished: true });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 4, 5]);
  });

  test("pages that always fail block neither the walk nor other failed pages", async () => {
    const sandbox = await serve({ offers: ALL });
    for (const page of [1, 3]) {
      sandbox.addFault({ path: "/offers", query: { page }, fault: DOWN });
    }
    sandbox.addFault({ path: "/offers", query: { page: 4 }, times: 1, fault: DOWN });
    const { run } = loaderFor(sandbox, { maxFailedPages: 2 });
    expect(await run({ maxPages: 3 })).toMatchObject({ failedPages: [1, 3], nextPage: 4 });
    // Page 4 fails first, in the walk; then pages 1 and 3 fail consecutively, which ends the run.
    expect(await run()).toMatchObject({ finished: true, failedPages: [1, 3, 4], loaded: 5 });
    expect(await run({ maxPages: 1 })).toMatchObject({ failedPages: [1, 3], loaded: 20 });
    expect(pagesAsked(sandbox)).toEqual([1, 2, 3, 4, 5, 1, 3, 4]);
  });

  test("the position of the feed is recorded before the first page, and never moved afterwards", async () => {
    const days = [change(500, "removed", "x", {}, { date: "2025-06-14" }), change(501, "removed", "y", {})];
    const sandbox = await serve({ offers: ALL, changes: days });
    const now = () => new Date("2025-06-15T12:00:00Z");
    const loader = createLoader({ database: database(), client: clientOf(sandbox), now });
    await loader.run({ maxPages: 1 });
    expect(sandbox.requests.map(({ path }) => path)).toEqual(["/change_id", "/offers"]);
    expect(await feedPosition(database())).toEqual({ position: 501, day: "2025-06-14" });
    sandbox.appendChanges([{ id: 600, date: "2025-06-16", record: {} }]);
    const later = {
      database: database(),
      client: clientOf(sandbox),
      now: () => new Date("2025-06-16T12:00:00Z"),
    };
    await createLoader(later).run();
    await createLoader(later).run({ restart: true });
    expect(await feedPosition(database())).toEqual({ position: 501, day: "2025-06-14" });
    expect(sandbox.requests.filter(({ path }) => path === "/change_id")).toHaveLength(1);
  });

  test("nothing is loaded while the position of the feed is unknown", async () => {
    const sandbox = await serve({ offers: ALL, changes: [change(7, "removed", "x")] });
    sandbox.addFault({ path: "/change_id", times: 1, fault: DOWN });
    const { run } = loaderFor(sandbox);
    await expect(run()).rejects.toMatchObject({ code: "UPSTREAM_STATUS" });
    expect(await storedIds(database())).toEqual([]);
    expect(await run()).toMatchObject({ status: "OK", loaded: 85 });
    expect(await feedPosition(database())).toMatchObject({ position: 7 + 1 });
  });

  test("a listing that crossed a page boundary: status reports one that may be missing, and reconcile finds it", async () => {
    const sandbox = await serve({ offers: ALL });
    const { run } = loaderFor(sandbox);
    const mayBeMissing = async () => (await getStatus({ database: database() })).load.mayBeMissing;
    await run({ maxPages: 2 });
    // Listing 41, the first of page 3, moves to page 2, which has been read.
    const removal = { inner_id: "listing-1", change_type: "removed", created_at: new Date().toISOString() };
    sandbox.appendChanges([{ record: removal }]);
    expect(await run()).toMatchObject({ finished: true, loaded: 44 });
    expect(await storedIds(database())).not.toContain("listing-41");
    expect(await mayBeMissing()).toBe(0);
    await createUpdater({ database: database(), client: clientOf(sandbox) }).run();
    expect(await mayBeMissing()).toBe(1);
    const reconciler = createReconciler({ database: database(), client: clientOf(sandbox) });
    expect(await reconciler.run()).toMatchObject({ status: "OK", pages: 5, loaded: 1, unchanged: 83 });
    expect(await storedIds(database())).toContain("listing-41");
    expect(await mayBeMissing()).toBe(0);
    expect((await rawRows(database())).size).toBe(85);
  });

  test("the progress counts what earlier runs read, and knows the total from the last complete walk", async () => {
    const sandbox = await serve({ offers: ALL });
    const { run } = loaderFor(sandbox);
    const events: unknown[] = [];
    const onProgress: LoadRunOptions["onProgress"] = ({ done, before, total, phase }) =>
      events.push([phase, done, before, total]);
    await run({ maxPages: 2, onProgress });
    await run({ expect: 90, onProgress });
    await run({ restart: true, maxPages: 1, onProgress });
    expect(events).toEqual([
      ["load", 20, 0, null],
      ["load", 40, 0, null],
      ["load", 60, 40, 90],
      ["load", 80, 40, 90],
      ["load", 85, 40, 90],
      ["load", 20, 0, 85],
    ]);
  });
});
