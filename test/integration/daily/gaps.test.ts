import { describe, expect, test } from "vitest";
import { runDaily } from "../../../src/daily/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations } from "../../support/database/rows.ts";
import { expectCatalogue, gapsOf } from "../../support/reconciler/catalogue.ts";
import { sandbox as generated } from "../../support/sandbox/helpers.ts";
import { change, clientOf, feedAsked, offers, pagesAsked, serve } from "../../support/sandbox/service.ts";

const START = Date.parse("2025-06-15T12:00:00Z");
const DAY = 86_400_000;
const DOWN = { kind: "status", status: 500 } as const;

onEachDatabase("gaps of the feed", ({ database }) => {
  const daily = (
    sandbox: Sandbox,
    { at = START, repairs = true }: { at?: number; repairs?: boolean } = {},
  ) => {
    const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(at) };
    return runDaily({
      database: database(),
      updater: createUpdater(deps),
      reconciler: repairs ? createReconciler(deps) : undefined,
    });
  };
  /** A copy of 45 listings that has read the feed up to change 999, and a feed that starts `missing` ids later. */
  const outage = async (missing: number) => {
    const sandbox = await serve({ offers: offers(45) });
    const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(START) };
    await createLoader(deps).run();
    await database().query(
      "update sync_state set last_change_id = 1000, last_successful_date = '2025-06-14'",
    );
    const { record } = change(1000 + missing, "changed", "listing-7", { new_price: 7 });
    sandbox.appendChanges([{ id: 1000 + missing, date: "2025-06-15", record }]);
    return sandbox;
  };

  test.each([
    [6, false, 120],
    [7, false, 120],
    [8, true, 120],
    // Of fewer listings, a repair would end more than it may.
    [20, true, 400],
  ])("after an outage of %d days the copy equals the catalogue (a gap: %s)", async (days, isGap, count) => {
    let clock = START;
    const sandbox = await generated({
      offers: count,
      days: 2,
      changesPerDay: 60,
      now: () => new Date(clock),
    });
    const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(clock) };
    await createLoader(deps).run();
    await daily(sandbox, { at: clock });
    await expectCatalogue(database(), sandbox);
    for (let half = 1; half <= days * 2; half += 1) {
      clock = START + half * (DAY / 2);
      sandbox.advance(30);
    }
    const result = await daily(sandbox, { at: clock });
    expect(result).toMatchObject({ status: "OK", update: { openGaps: [] } });
    expect(result.repair?.status).toBe(isGap ? "OK" : undefined);
    expect((await gapsOf(database())).map(({ repaired }) => repaired)).toEqual(isGap ? [true] : []);
    await expectCatalogue(database(), sandbox);
    expect(await daily(sandbox, { at: clock })).toMatchObject({ status: "OK", update: { changes: 0 } });
  });

  test.each([
    [1, false],
    [20, false],
    [21, true],
    [49_000, true],
  ])("%d missing ids: counted, repaired by the same run: %s", async (missing, isGap) => {
    const sandbox = await outage(missing);
    const before = pagesAsked(sandbox).length;
    const result = await daily(sandbox);
    expect(result).toMatchObject({
      ...{ status: "OK" },
      update: { missing: isGap ? missing : 0, skipped: isGap ? 0 : missing, openGaps: [] },
    });
    expect(pagesAsked(sandbox).length - before).toBe(isGap ? 3 : 0);
    expect(await gapsOf(database())).toEqual(
      isGap ? [{ from: 1000, to: 999 + missing, repaired: true }] : [],
    );
    const run = (await operations(database())).at(-1);
    expect(run).toMatchObject({
      status: "OK",
      details: {
        command: "daily",
        ...(isGap ? { missing, repair: { unchanged: 45, pages: 3 } } : { skipped: missing }),
      },
    });
    expect(await daily(sandbox)).toMatchObject({ status: "OK", update: { changes: 0, missing: 0 } });
  });

  test("without repair the run ends with ERROR that names the ids and reconcile, until a repair succeeds", async () => {
    const sandbox = await outage(49_000);
    for (let run = 0; run < 2; run += 1) {
      const result = await daily(sandbox, { repairs: false });
      expect(result).toMatchObject({
        status: "ERROR",
        update: { openGaps: [{ fromId: 1000, toId: 49_999 }] },
      });
      expect(result.update.error).toMatch(/49000 changes.*1000 to 49999.*reconcile.*off/);
    }
    expect((await operations(database())).at(-1)).toMatchObject({
      ...{ status: "ERROR", details: { errors: 1, error: expect.stringMatching(/49000 changes/) } },
    });
    expect(await gapsOf(database())).toEqual([{ from: 1000, to: 49_999, repaired: false }]);
    expect(await daily(sandbox)).toMatchObject({ status: "OK" });
    expect(await gapsOf(database())).toEqual([{ from: 1000, to: 49_999, repaired: true }]);
  });

  test("a failed repair is not tried again within 24 hours", async () => {
    const sandbox = await outage(49_000);
    sandbox.addFault({ path: "/offers", fault: DOWN });
    const failed = await daily(sandbox);
    expect(failed).toMatchObject({ status: "ERROR", repair: { status: "ERROR", complete: false } });
    sandbox.clearFaults();
    const before = pagesAsked(sandbox).length;
    const limited = await daily(sandbox, { at: START + DAY - 60_000 });
    expect(limited).toMatchObject({ status: "ERROR" });
    expect(limited.update.error).toMatch(/24 hours/);
    expect(pagesAsked(sandbox).length).toBe(before);
    expect(await daily(sandbox, { at: START + DAY })).toMatchObject({
      status: "OK",
      repair: { status: "OK" },
    });
  });

  test("reconcile by hand repairs a gap; one that starts before the gap's end does not", async () => {
    const sandbox = await outage(49_000);
    await daily(sandbox, { repairs: false });
    const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(START) };
    expect(await createReconciler(deps).run()).toMatchObject({ status: "OK", gapsRepaired: 1 });
    await database().query("update feed_gaps set repaired_at = null, to_id = 60000");
    expect(await createReconciler(deps).run()).toMatchObject({ status: "OK", gapsRepaired: 0 });
  });

  test("a reconcile before the feed is read covers the gap that is found later", async () => {
    const sandbox = await outage(49_000);
    const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(START) };
    expect(await createReconciler(deps).run()).toMatchObject({ status: "OK", position: 50_001 });
    expect(await daily(sandbox, { repairs: false })).toMatchObject({
      status: "OK",
      update: { missing: 49_000 },
    });
    expect(await gapsOf(database())).toEqual([{ from: 1000, to: 49_999, repaired: true }]);
  });

  describe("a day without changes", () => {
    const answer = (sandbox: Sandbox, body: string) =>
      sandbox.addFault({ path: "/change_id", query: { date: "2025-06-16" }, fault: { kind: "body", body } });
    const quiet = async () => {
      const sandbox = await serve({ offers: offers(45) });
      const deps = { database: database(), client: clientOf(sandbox), now: () => new Date(START) };
      await createLoader(deps).run();
      await database().query(
        "update sync_state set last_change_id = 1000, last_successful_date = '2025-06-14'",
      );
      return sandbox;
    };

    test("an empty page although tomorrow starts later: requested once more, then a gap, once", async () => {
      const sandbox = await quiet();
      answer(sandbox, '{"change_id":50000}');
      expect(await daily(sandbox)).toMatchObject({
        status: "OK",
        update: { missing: 49_000, position: 1000 },
      });
      expect(feedAsked(sandbox).filter((one) => one === "changes 1000").length).toBe(2);
      expect(await gapsOf(database())).toEqual([{ from: 1000, to: 49_999, repaired: true }]);
      const before = pagesAsked(sandbox).length;
      expect(await daily(sandbox)).toMatchObject({ status: "OK", update: { openGaps: [] } });
      expect(pagesAsked(sandbox).length).toBe(before);
      sandbox.appendChanges([{ id: 50_000, record: change(50_000, "removed", "listing-3").record }]);
      expect(await daily(sandbox)).toMatchObject({ status: "OK", update: { removed: 1, position: 50_001 } });
      expect((await gapsOf(database())).length).toBe(1);
    });

    test.each(['{"change_id":0}', '{"change_id":null}', '{"message":"no such day"}', '{"change_id":1000}'])(
      "/change_id of tomorrow responds %s: no gap, and the feed goes on",
      async (body) => {
        const sandbox = await quiet();
        answer(sandbox, body);
        expect(await daily(sandbox)).toMatchObject({ status: "OK", update: { missing: 0, skipped: 0 } });
        sandbox.appendChanges([{ id: 1000, record: change(1000, "removed", "listing-3").record }]);
        expect(await daily(sandbox)).toMatchObject({ status: "OK", update: { removed: 1, position: 1001 } });
        expect(await gapsOf(database())).toEqual([]);
      },
    );
  });
});
