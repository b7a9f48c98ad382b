import { expect, inject, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createReconciler, type ReconcileRunOptions } from "../../../src/reconciler/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import type { ClientOptions } from "../../../src/upstream/client.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { expectCatalogue } from "../../support/reconciler/catalogue.ts";
import {
  change,
  clientOf,
  feedAsked,
  offer,
  offers,
  pagesAsked,
  serve,
} from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const DOWN = { kind: "status", status: 500 } as const;

onEachDatabase("a reconcile over a moving catalogue", ({ database, engine }) => {
  const deps = (sandbox: Sandbox, client: Partial<ClientOptions> = {}) => ({
    ...{ database: database(), client: clientOf(sandbox, client), now: NOW },
  });
  const run = (sandbox: Sandbox, options: ReconcileRunOptions = {}) =>
    createReconciler(deps(sandbox)).run(options);
  const asked = (sandbox: Sandbox) => feedAsked(sandbox).filter((one) => one.startsWith("offer"));
  const isActive = async (number: number) =>
    (await rawRows(database())).get(`listing-${number}`)?.active_status === 0;
  /** A copy of a catalogue of `count` listings. */
  const copyOf = async (count: number, options: { readonly gone?: number } = {}) => {
    const all = offers(count + (options.gone ?? 0));
    const full = await serve({ offers: all, changes: [change(99, "removed", "other")] });
    await createLoader(deps(full)).run();
    return serve({ offers: offers(count), changes: [change(99, "removed", "other")] }, { offerLimit: false });
  };
  /** Calls `work` once, when the first page has been stored. */
  const afterFirstPage = (work: () => void): Pick<ReconcileRunOptions, "onProgress"> => {
    let isDone = false;
    return {
      onProgress: () => {
        if (!isDone) {
          isDone = true;
          work();
        }
      },
    };
  };

  test("a listing that only crossed a page border is confirmed by /offer and stays active", async () => {
    const sandbox = await copyOf(65);
    // The second page is already requested: listing 41 moves from the third page to the second.
    const result = await run(
      sandbox,
      afterFirstPage(() => sandbox.withdraw("listing-1")),
    );
    expect(result).toMatchObject({ status: "OK", removed: 0, confirmed: 1 });
    expect(asked(sandbox)).toEqual(["offer listing-41"]);
    expect(await isActive(41)).toBe(true);
  });

  test("another model of /offer is not written: the next run over the pages would write it back", async () => {
    const data = (number: number, model = "腾势N8L") => ({ ...offer(number).data, model });
    const all = offers(65).map((record, index) => ({ ...record, data: data(index + 1) }));
    const single = (innerId: string) => data(Number(innerId.slice("listing-".length)), "N8L DM");
    const sandbox = await serve({ offers: all, offer: single }, { offerLimit: false });
    await createLoader(deps(sandbox)).run();
    await database().query(`update raw_data set data = data || '{"model":""}' where inner_id = 'listing-42'`);
    const crossing = afterFirstPage(() => {
      sandbox.withdraw("listing-1");
      sandbox.withdraw("listing-2");
    });
    expect(await run(sandbox, crossing)).toMatchObject({ confirmed: 2, updated: 1, removed: 0 });
    const rows = await rawRows(database());
    expect(rows.get("listing-41")).toMatchObject({ data: { model: "腾势N8L" }, change_type: "added" });
    // A model is better than none.
    expect(rows.get("listing-42")).toMatchObject({ data: { model: "N8L DM" }, change_type: "changed" });
  });

  test("over 200 unseen listings are confirmed by a second pass, in which one that had moved is seen", async () => {
    const sandbox = await copyOf(1_000, { gone: 210 });
    const result = await run(
      sandbox,
      afterFirstPage(() => sandbox.withdraw("listing-1")),
    );
    expect(result).toMatchObject({ status: "OK", removed: 210, confirmed: 0 });
    expect(asked(sandbox)).toEqual([]);
    expect(pagesAsked(sandbox).filter((page) => page === 1).length).toBe(2);
    expect(await isActive(41)).toBe(true);
  });

  test("a failed page ends nothing; the next run reads it again, and only then ends listings", async () => {
    const sandbox = await copyOf(65, { gone: 5 });
    sandbox.addFault({ path: "/offers", query: { page: 3 }, fault: DOWN });
    const failed = await run(sandbox);
    expect(failed).toMatchObject({ status: "ERROR", complete: false, removed: 0 });
    expect(failed.error).toMatch(/page.* 3 .*nothing was ended/);
    expect(await isActive(70)).toBe(true);
    sandbox.clearFaults();
    const before = pagesAsked(sandbox).length;
    expect(await run(sandbox)).toMatchObject({ status: "OK", removed: 5 });
    expect(pagesAsked(sandbox).slice(before)).toEqual([3]);
    expect((await operations(database())).map(({ status }) => status)).toEqual(["OK", "ERROR", "OK"]);
  });

  test("three failed pages in a row end the run; the next one continues at the first of them", async () => {
    const sandbox = await copyOf(145);
    for (const page of [3, 4, 5]) {
      sandbox.addFault({ path: "/offers", query: { page }, fault: DOWN });
    }
    expect(await run(sandbox)).toMatchObject({ status: "ERROR", pages: 2 });
    sandbox.clearFaults();
    const before = pagesAsked(sandbox).length;
    expect(await run(sandbox)).toMatchObject({ status: "OK", pages: 8, unchanged: 145 });
    expect(pagesAsked(sandbox).slice(before)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test("a listing whose confirmation fails stays active until the next run", async () => {
    const sandbox = await copyOf(65, { gone: 2 });
    sandbox.addFault({ path: "/offer", query: { inner_id: "listing-66" }, fault: DOWN });
    expect(await run(sandbox)).toMatchObject({ status: "ERROR", complete: true, removed: 1, deferred: 1 });
    expect([await isActive(66), await isActive(67)]).toEqual([true, false]);
    sandbox.clearFaults();
    const before = pagesAsked(sandbox).length;
    expect(await run(sandbox)).toMatchObject({ status: "OK", removed: 2, deferred: 0 });
    expect(pagesAsked(sandbox).length).toBe(before);
    expect(await isActive(66)).toBe(false);
  });

  test("the feed wins: changes applied between two parts of a reconcile are kept, although its pages are older", async () => {
    const sandbox = await copyOf(65);
    const stop = new AbortController();
    const stopped = run(sandbox, { signal: stop.signal, onProgress: () => stop.abort(new Error("stop")) });
    await expect(stopped).rejects.toThrow("stop");
    // The pages as they were: of a cache, say.
    const stale = offers(65).slice(20);
    for (const [index, page] of [2, 3, 4].entries()) {
      const result = stale.slice(index * 20, index * 20 + 20);
      const body = JSON.stringify({
        result,
        meta: { page, next_page: page === 4 ? null : page + 1, limit: 20 },
      });
      sandbox.addFault({ path: "/offers", query: { page }, fault: { kind: "body", body } });
    }
    sandbox.appendChanges([
      { date: "2025-06-15", record: change(100, "changed", "listing-30", { new_price: 5 }).record },
      { date: "2025-06-15", record: change(101, "removed", "listing-50").record },
    ]);
    expect(await createUpdater(deps(sandbox)).run()).toMatchObject({ status: "OK", updated: 1, removed: 2 });
    expect(await run(sandbox)).toMatchObject({ status: "OK", newer: 2, updated: 0, reactivated: 0 });
    expect((await rawRows(database())).get("listing-30")?.data).toMatchObject({ price: 5 });
    expect(await isActive(50)).toBe(false);
    await expectCatalogue(database(), sandbox);
  });

  test("an equal copy is only read: no row version is written", async () => {
    const sandbox = await copyOf(65);
    const versions = async () =>
      (await database().query("select id, ctid::text, xmin::text from raw_data order by id")).rows;
    const before = await versions();
    expect(await run(sandbox)).toMatchObject({ status: "OK", unchanged: 65 });
    expect(await versions()).toEqual(before);
  });

  test("a finished reconcile makes up for an unfinished load", async () => {
    const sandbox = await serve({ offers: offers(65) });
    await createLoader(deps(sandbox)).run({ maxPages: 1 });
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 45 });
    expect(await createLoader(deps(sandbox)).run()).toMatchObject({ finished: true, pages: 0 });
  });

  test("an empty copy is filled, and the feed continues from today", async () => {
    const sandbox = await serve({ offers: [offer(1)], changes: [change(99, "removed", "other")] });
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 1, position: 99 });
    expect(await createUpdater(deps(sandbox)).run()).toMatchObject({ status: "OK", position: 100 });
  });

  test("a reconcile excludes other runs that write raw data", async () => {
    const lock = await database().lock(["data_fetch"], `test ${engine} ${inject("engines").length}`);
    try {
      await expect(run(await serve())).rejects.toMatchObject({ code: "LOCKED" });
    } finally {
      await lock.release();
    }
  });
});
