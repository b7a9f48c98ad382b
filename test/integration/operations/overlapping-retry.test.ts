import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { deleteRows } from "../../support/database/databases.ts";
import { insertRaw } from "../../support/database/listings.ts";
import { feedPosition, operations, rawRows, storedIds } from "../../support/database/rows.ts";
import { csv, fileWith, openLocal } from "../../support/export/files.ts";
import { openTwoRoutes } from "../../support/proxy/database.ts";
import { createOverlap } from "../../support/proxy/overlap.ts";
import type { CuttingProxy } from "../../support/proxy/proxy.ts";
import { expectCatalogue } from "../../support/reconciler/catalogue.ts";
import { change, clientOf, offer, offers, serve } from "../../support/sandbox/service.ts";

const now = () => new Date("2025-06-15T12:00:00Z");

/** One database by two routes: directly, and through a proxy that cuts connections. */
describe("a statement that is retried while the server still runs its first attempt", () => {
  let direct: Database;
  let database: Database;
  let proxy: CuttingProxy;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const retry = { maxElapsedMs: 60_000, firstWaitMs: 1, maxWaitMs: 20 };
    ({ direct, database, proxy, close } = await openTwoRoutes(retry));
  });

  beforeEach(() => deleteRows(direct));

  afterAll(() => close());

  /** The counts that the only run has recorded. */
  const recorded = async () => {
    const [run, ...others] = await operations(direct);
    expect(others).toEqual([]);
    return { status: run?.status, ...run?.details };
  };

  test("stores and counts a page of the catalogue once", async () => {
    const sandbox = await serve({ offers: offers(5) }, { pageSize: 2 });
    const overlap = createOverlap(direct, proxy);
    const result = await createLoader({ database, client: clientOf(sandbox), now }).run({
      onPage: async ({ page }) => {
        if (page === 1) {
          await overlap.begin("select from load_state where id = 1 for update");
        }
      },
    });
    await overlap.ended;
    const counts = { status: "OK", pages: 3, loaded: 5, duplicates: 0, finished: true };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    expect(await storedIds(direct)).toEqual([1, 2, 3, 4, 5].map((number) => `listing-${number}`));
    const { rows } = await direct.query("select records from load_state");
    expect(rows).toEqual([{ records: 5 }]);
  });

  test("stores and counts a page that had failed before once", async () => {
    const sandbox = await serve({ offers: offers(4) }, { pageSize: 2 });
    await direct.query(`
      insert into load_state (id, next_page, started_at) values (1, null, now());
      insert into failed_pages (page, reason, failed_at) values (1, 'HTTP 500', now()), (2, 'HTTP 500', now())`);
    const overlap = createOverlap(direct, proxy);
    const result = await createLoader({ database, client: clientOf(sandbox), now }).run({
      onPage: async ({ page }) => {
        if (page === 1) {
          await overlap.begin("select from load_state where id = 1 for update");
        }
      },
    });
    await overlap.ended;
    const counts = { status: "OK", pages: 2, loaded: 4, duplicates: 0, failedPages: [] };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    const { rows } = await direct.query("select records from load_state");
    expect(rows).toEqual([{ records: 4 }]);
  });

  test("stores and counts a batch of a daily file once", async () => {
    const path = await fileWith(
      csv(
        ["inner_id", "mark"],
        ["1", "2", "3"].map((id) => [id, "Kia"]),
      ),
    );
    const overlap = createOverlap(direct, proxy);
    const exportFile = async () => {
      const file = await openLocal(path);
      return {
        ...file,
        async *read(...place: Parameters<typeof file.read>) {
          await overlap.begin("select from export_state where id = 1 for update");
          return yield* file.read(...place);
        },
      };
    };
    const loader = createLoader({ database, client: clientOf(await serve()), now });
    const result = await loader.run({ exportFile });
    await overlap.ended;
    const counts = { status: "OK", pages: 1, loaded: 3, duplicates: 0, finished: true };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    expect(await storedIds(direct)).toEqual(["1", "2", "3"]);
    const { rows } = await direct.query("select records from export_state");
    expect(rows).toEqual([{ records: 3 }]);
  });

  test("applies and counts a page of the feed once", async () => {
    const sandbox = await serve(
      {
        changes: [
          change(100, "added", "a", { price: 1 }),
          change(101, "changed", "a", { new_price: 2 }),
          change(102, "added", "b", { price: 3 }),
          change(103, "removed", "a"),
        ],
      },
      { pageSize: 2 },
    );
    await direct.query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
    );
    const overlap = createOverlap(direct, proxy);
    let pages = 0;
    const result = await createUpdater({ database, client: clientOf(sandbox), now }).run({
      onPage: async () => {
        pages += 1;
        if (pages === 1) {
          await overlap.begin("select from sync_state where id = 1 for update");
        }
      },
    });
    await overlap.ended;
    const counts = { status: "OK", pages: 2, changes: 4, loaded: 2, updated: 0, removed: 1, duplicates: 0 };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    expect([...(await rawRows(direct)).values()]).toMatchObject([
      { inner_id: "a", active_status: 1, change_id: 103 },
      { inner_id: "b", active_status: 0, change_id: 102 },
    ]);
    expect(await feedPosition(direct)).toEqual({ position: 104, day: "2025-06-15" });
    const { rows } = await direct.query("select added, changed, removed from daily_stats");
    expect(rows).toEqual([{ added: 2, changed: 1, removed: 1 }]);
  });

  test("compares and counts a batch of a reconcile once", async () => {
    await insertRaw(direct, 2);
    const first = offer(1, { change_type: "sold" });
    const sandbox = await serve({ offers: [first, offer(2), offer(3), offer(4)] }, { pageSize: 2 });
    const overlap = createOverlap(direct, proxy);
    const result = await createReconciler({ database, client: clientOf(sandbox), now }).run({
      // The rejected record of the first page.
      onRejected: () => overlap.begin("select from reconcile_state where id = 1 for update"),
    });
    await overlap.ended;
    const counts = { status: "OK", pages: 2, records: 4, loaded: 2, unchanged: 1, removed: 0, rejected: 1 };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    expect(await storedIds(direct)).toEqual([1, 2, 3, 4].map((number) => `listing-${number}`));
  });

  test("ends and counts the listings that are gone once, and none is left", async () => {
    const gone = 1_001;
    await insertRaw(direct, gone + 2);
    const sandbox = await serve({ offers: [offer(gone + 1), offer(gone + 2)] });
    const overlap = createOverlap(direct, proxy);
    await overlap.begin("select from raw_data where inner_id = 'listing-1' for update");
    const result = await createReconciler({ database, client: clientOf(sandbox), now }).run({ force: true });
    await overlap.ended;
    const counts = { status: "OK", removed: gone, unchanged: 2, loaded: 0 };
    expect(result).toMatchObject(counts);
    expect(await recorded()).toMatchObject(counts);
    await expectCatalogue(direct, sandbox);
    const { rows } = await direct.query("select lost from daily_stats where lost > 0");
    expect(rows).toEqual([{ lost: gone }]);
  });
});
