import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { startOperation } from "../../../src/operations/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { insertRaw } from "../../support/database/listings.ts";
import { feedPosition, rawRows, storedIds } from "../../support/database/rows.ts";
import { csv, fileWith, openLocal } from "../../support/export/files.ts";
import { change, clientOf, offer, offers, serve } from "../../support/sandbox/service.ts";

const now = () => new Date("2025-06-15T12:00:00Z");
const MOVED = { code: "POSITION_MOVED" };

// The first run continues here, like a server that executes what it has received from a killed process.
onEachDatabase("a statement that the server executes after the next run has started", ({ database }) => {
  /** Starts the next run, at the first call. */
  function nextRun() {
    let next: Promise<unknown> | undefined;
    return async () => {
      next ??= startOperation(database(), "data_fetch", { command: "daily" });
      await next;
    };
  }

  test("does not store a page of the catalogue", async () => {
    const sandbox = await serve({ offers: offers(4) }, { pageSize: 2 });
    const loader = createLoader({ database: database(), client: clientOf(sandbox), now });
    await expect(loader.run({ onPage: nextRun() })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual(["listing-1", "listing-2"]);
    expect(await loader.run()).toMatchObject({ status: "OK", pages: 1, loaded: 2, duplicates: 0 });
  });

  test("stores nothing for a run that has ended, either", async () => {
    const sandbox = await serve({ offers: offers(4) }, { pageSize: 2 });
    const loader = createLoader({ database: database(), client: clientOf(sandbox), now });
    const onPage = () =>
      database().query("update operations_log set details = (details::jsonb - 'interrupted')::text");
    await expect(loader.run({ onPage })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual(["listing-1", "listing-2"]);
  });

  test("does not store a page that had failed before", async () => {
    const sandbox = await serve({ offers: offers(4) }, { pageSize: 2 });
    await database().query("insert into load_state (id, next_page, started_at) values (1, null, now())");
    await database().query(
      "insert into failed_pages (page, reason, failed_at) values (1, 'HTTP 500', now()), (2, 'HTTP 500', now())",
    );
    const loader = createLoader({ database: database(), client: clientOf(sandbox), now });
    await expect(loader.run({ onPage: nextRun() })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual(["listing-1", "listing-2"]);
    expect(await loader.run()).toMatchObject({ status: "OK", pages: 1, loaded: 2, failedPages: [] });
  });

  test("does not store a batch of a daily file", async () => {
    const path = await fileWith(csv(["inner_id", "mark"], [["1", "Kia"]]));
    const loader = createLoader({ database: database(), client: clientOf(await serve()), now });
    const start = nextRun();
    const exportFile = async () => {
      const file = await openLocal(path);
      return {
        ...file,
        async *read(...place: Parameters<typeof file.read>) {
          await start();
          return yield* file.read(...place);
        },
      };
    };
    await expect(loader.run({ exportFile })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual([]);
    expect(await loader.run({ exportFile })).toMatchObject({ status: "OK", loaded: 1 });
  });

  test("does not apply a page of the feed", async () => {
    const changes = [change(100, "added", "a", { price: 1 }), change(101, "added", "b", { price: 2 })];
    const sandbox = await serve({ changes }, { pageSize: 1 });
    await database().query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
    );
    const updater = createUpdater({ database: database(), client: clientOf(sandbox), now });
    await expect(updater.run({ onPage: nextRun() })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual(["a"]);
    expect(await feedPosition(database())).toMatchObject({ position: 101 });
    expect(await updater.run()).toMatchObject({ status: "OK", changes: 1, loaded: 1 });
  });

  test("does not store a batch of a reconcile", async () => {
    const sold = offer(1, { change_type: "sold" });
    const sandbox = await serve({ offers: [sold, offer(2), offer(3), offer(4)] }, { pageSize: 2 });
    const reconciler = createReconciler({ database: database(), client: clientOf(sandbox), now });
    // The rejected record of the first page.
    await expect(reconciler.run({ onRejected: nextRun() })).rejects.toMatchObject(MOVED);
    expect(await storedIds(database())).toEqual(["listing-2"]);
    expect(await reconciler.run()).toMatchObject({ status: "OK", records: 4, loaded: 3 });
  });

  test("does not end listings", async () => {
    await insertRaw(database(), 3);
    const sandbox = await serve({ offers: offers(2) });
    const client = clientOf(sandbox);
    const start = nextRun();
    const reconciler = createReconciler({
      database: database(),
      client: {
        ...client,
        offer: async (...call) => {
          await start();
          return client.offer(...call);
        },
      },
      now,
      maxEndedShare: 1,
    });
    await expect(reconciler.run()).rejects.toMatchObject(MOVED);
    expect([...(await rawRows(database())).values()].map((row) => row.active_status)).toEqual([0, 0, 0]);
    expect(await reconciler.run()).toMatchObject({ status: "OK", removed: 1 });
  });
});
