import { expect, test } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import { createReconciler, type ReconcileRunOptions } from "../../../src/reconciler/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
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

/** Stores rows as an earlier load did. */
async function store(
  database: Database,
  rows: readonly { innerId: string; data: unknown; active?: boolean; changeId?: number }[],
): Promise<void> {
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source, active_status, change_id, is_processed)
     select r."innerId", 'added', '2025-01-01T00:00:00Z', r.data, 'initial_load',
            case when r.active is false then 1 else 0 end, r."changeId", true
       from jsonb_to_recordset($1::jsonb) as r("innerId" text, data jsonb, active boolean, "changeId" bigint)`,
    [JSON.stringify(rows)],
  );
}

const setPosition = (database: Database, position: number) =>
  database.query(
    "insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, '2025-06-14')",
    [position],
  );

onEachDatabase("reconcile", ({ database }) => {
  const run = (sandbox: Sandbox, options: ReconcileRunOptions = {}) =>
    createReconciler({ database: database(), client: clientOf(sandbox), now: NOW }).run(options);
  const activeIds = async () =>
    [...(await rawRows(database()))].filter(([, row]) => row.active_status === 0).map(([id]) => id);
  const listing = (number: number, data: object = {}) => ({
    innerId: `listing-${number}`,
    data: { ...offer(number).data, ...data },
  });

  test("inserts missing listings, replaces different ones, reactivates those that are back, ends those that are gone", async () => {
    const sandbox = await serve({ offers: offers(45) });
    await setPosition(database(), 100);
    const kept = Array.from({ length: 41 }, (_, index) => listing(index + 1));
    await store(database(), [
      ...kept,
      { ...listing(42, { price: 1, synced_at: "x", own: "kept" }) },
      { ...listing(43), active: false, changeId: 99 },
      { ...listing(70) },
    ]);
    const result = await run(sandbox);
    expect(result).toMatchObject({
      ...{
        status: "OK",
        pages: 3,
        records: 45,
        loaded: 2,
        updated: 1,
        reactivated: 1,
        removed: 1,
        unchanged: 41,
      },
      ...{ position: 100, complete: true, deferred: 0, source: "api" },
    });
    const rows = await rawRows(database());
    expect((await activeIds()).length).toBe(45);
    expect(rows.get("listing-42")).toMatchObject({
      change_type: "changed",
      data: { price: 1042, own: "kept", synced_at: "x" },
      is_processed: false,
    });
    expect(rows.get("listing-43")).toMatchObject({
      active_status: 0,
      change_type: "added",
      is_processed: false,
    });
    expect(rows.get("listing-44")).toMatchObject({ source: "initial_load", is_processed: false });
    expect(rows.get("listing-70")).toMatchObject({
      active_status: 1,
      change_type: "removed",
      is_processed: false,
    });
    expect(rows.get("listing-1")).toMatchObject({ is_processed: true, change_type: "added" });
    expect(feedAsked(sandbox).filter((one) => one.startsWith("offer"))).toEqual(["offer listing-70"]);
    expect(await operations(database())).toMatchObject([
      { status: "OK", details: { command: "reconcile", loaded: 2, updated: 1, removed: 1, unchanged: 41 } },
    ]);
    expect(await run(sandbox)).toMatchObject({
      status: "OK",
      loaded: 0,
      updated: 0,
      removed: 0,
      unchanged: 45,
    });
  });

  test("a row with a change at or after the snapshot's position is left alone", async () => {
    const sandbox = await serve({ offers: offers(3), changes: [change(99, "removed", "other")] });
    await setPosition(database(), 100);
    await store(database(), [
      { ...listing(1, { price: 7 }), changeId: 100 },
      { ...listing(2, { price: 7 }), changeId: 99 },
      { ...listing(3), active: false, changeId: 105 },
      { ...listing(9), changeId: 101 },
    ]);
    expect(await run(sandbox)).toMatchObject({ updated: 1, newer: 2, reactivated: 0, removed: 0 });
    const rows = await rawRows(database());
    expect(rows.get("listing-1")).toMatchObject({ data: { price: 7 } });
    expect(rows.get("listing-2")).toMatchObject({ data: { price: 1002 }, change_id: 99 });
    expect(rows.get("listing-3")).toMatchObject({ active_status: 1 });
    expect(rows.get("listing-9")).toMatchObject({ active_status: 0 });
  });

  test.each<[what: string, stored: object, received: object]>([
    ["a number as text", { price: 7500, volume: "1.50" }, { price: "7500", volume: 1.5 }],
    ["a boolean as text", { is_dealer: true, x: "False" }, { is_dealer: "true", x: false }],
    ["null, an empty text and a missing key", { a: null, b: "" }, { a: "", b: null, c: null }],
    ["pictures as a list and as text", { images: '["a", "b\\/c"]' }, { images: ["a", "b/c"] }],
    ["specifications as text", { extra: { a: 1, b: [true] } }, { extra: '{"b": [true], "a": 1.0}' }],
    [
      "a configuration within them",
      { extra: { configuration: '{"n":"1"}' } },
      { extra: { configuration: { n: "1" } } },
    ],
    ["a trim for a configuration", { configuration: "125i" }, { configuration: "125i" }],
    ["another time of synchronisation", { synced_at: "1" }, { synced_at: "2" }],
    ["keys that the source lacks", { own: [1, 2] }, {}],
  ])("equal rows are not written: %s", async (_what, stored, received) => {
    const sandbox = await serve({ offers: [offer(1, { data: received })] });
    await setPosition(database(), 100);
    await store(database(), [{ innerId: "listing-1", data: stored }]);
    expect(await run(sandbox)).toMatchObject({ status: "OK", unchanged: 1, updated: 0 });
    expect((await rawRows(database())).get("listing-1")).toMatchObject({ is_processed: true, data: stored });
  });

  test.each<[what: string, stored: object, received: object]>([
    ["a number", { price: 7500 }, { price: "7501" }],
    ["a leading zero", { code: "007" }, { code: 7 }],
    ["the order of pictures", { images: ["a", "b"] }, { images: ["b", "a"] }],
    ["pictures as text", { images: '["a"]' }, { images: '["b"]' }],
    ["a value that is gone", { price: 7500 }, { price: null }],
    ["a trim", { configuration: "125i" }, { configuration: "126i" }],
    ["nested values", { extra: { a: "1" } }, { extra: { a: "2" } }],
  ])("a different value is written: %s", async (_what, stored, received) => {
    const sandbox = await serve({ offers: [offer(1, { data: received })] });
    await setPosition(database(), 100);
    await store(database(), [{ innerId: "listing-1", data: { ...stored, own: 1 } }]);
    expect(await run(sandbox)).toMatchObject({ status: "OK", unchanged: 0, updated: 1 });
    expect((await rawRows(database())).get("listing-1")?.data).toEqual({ ...received, own: 1 });
  });

  test("a listing that is known only from a change is completed", async () => {
    const sandbox = await serve({ offers: offers(1) });
    await setPosition(database(), 100);
    await store(database(), [{ innerId: "listing-1", data: { price: 1001 }, changeId: 50 }]);
    await database().query("update raw_data set completeness = 'pending'");
    expect(await run(sandbox)).toMatchObject({ updated: 1 });
    expect((await rawRows(database())).get("listing-1")).toMatchObject({
      ...{ completeness: "complete", data: { price: 1001, mark: "Kia" }, is_processed: false },
    });
  });

  test("25 % of the catalogue missing ends nothing; force ends them without reading again", async () => {
    const sandbox = await serve({ offers: offers(75) });
    await setPosition(database(), 100);
    await store(
      database(),
      Array.from({ length: 100 }, (_, index) => listing(index + 1)),
    );
    const refused = await run(sandbox);
    expect(refused).toMatchObject({ status: "ERROR", removed: 0, complete: true });
    expect(refused.error).toMatch(/75 listings.*100 active.*20%.*--force/);
    expect((await activeIds()).length).toBe(100);
    const pages = pagesAsked(sandbox).length;
    expect(await run(sandbox, { force: true })).toMatchObject({ status: "OK", removed: 25 });
    expect(pagesAsked(sandbox).length).toBe(pages);
    expect((await activeIds()).length).toBe(75);
  });

  test("exactly 20 % are ended, one by one up to 200", async () => {
    const sandbox = await serve({ offers: offers(80) });
    await setPosition(database(), 100);
    await store(
      database(),
      Array.from({ length: 100 }, (_, index) => listing(index + 1)),
    );
    expect(await run(sandbox)).toMatchObject({ status: "OK", removed: 20 });
    expect(feedAsked(sandbox).filter((one) => one.startsWith("offer")).length).toBe(20);
  });

  test("a dry run counts the same and writes nothing", async () => {
    const sandbox = await serve({ offers: offers(45) });
    await setPosition(database(), 100);
    await store(database(), [
      ...Array.from({ length: 41 }, (_, index) => listing(index + 1)),
      listing(42, { price: 1 }),
      { ...listing(43), active: false },
      listing(70),
    ]);
    const before = await rawRows(database());
    expect(await run(sandbox, { dryRun: true })).toMatchObject({
      ...{
        status: "OK",
        dryRun: true,
        records: 45,
        loaded: 2,
        updated: 1,
        reactivated: 1,
        removed: 1,
        unchanged: 41,
      },
    });
    expect(await rawRows(database())).toEqual(before);
    expect(await operations(database())).toEqual([]);
    const { rows } = await database().query(
      "select from reconcile_state union all select from reconcile_seen",
    );
    expect(rows).toEqual([]);
  });
});
