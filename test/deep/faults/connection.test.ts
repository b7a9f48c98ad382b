import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { deleteRows } from "../../support/database/databases.ts";
import { insertRaw, processedRows } from "../../support/database/listings.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { cutEverywhere, untilDisconnected } from "../../support/proxy/cutting.ts";
import { openTwoRoutes } from "../../support/proxy/database.ts";
import type { CuttingProxy } from "../../support/proxy/proxy.ts";
import { expectCatalogue } from "../../support/reconciler/catalogue.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");

/** One database by two routes: directly, and through a proxy that cuts connections. */
describe("a connection to PostgreSQL that is cut after any message", () => {
  let direct: Database;
  let database: Database;
  let proxy: CuttingProxy;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const retry = { maxElapsedMs: 30_000, firstWaitMs: 1, maxWaitMs: 20 };
    ({ direct, database, proxy, close } = await openTwoRoutes(retry));
  });

  afterAll(() => close());

  /** The lost connections are over: none holds a lock, or writes into the next round. */
  const untilFree = async () => {
    await untilDisconnected(direct, proxy, "cutPorts");
    expect(await direct.lockHolders()).toEqual([]);
  };

  const cutDuring = (prepare: () => Promise<void>, work: () => Promise<void>) =>
    cutEverywhere({
      proxy,
      work,
      prepare: async () => {
        await deleteRows(direct);
        await prepare();
      },
    });

  test("does not affect a load: each page is stored and counted once, operations_log has one row, the lock is free", async () => {
    const sandbox = await serve({ offers: offers(3) }, { pageSize: 2 });
    const loader = createLoader({ database, client: clientOf(sandbox), now: NOW });
    const reference = await (async () => {
      await deleteRows(direct);
      await loader.run();
      return rawRows(direct);
    })();
    const cuts = await cutDuring(
      async () => {},
      async () => {
        const result = await loader.run();
        expect(result).toMatchObject({ status: "OK", pages: 2, loaded: 3, duplicates: 0, finished: true });
        expect(await rawRows(direct)).toEqual(reference);
        expect(await operations(direct)).toMatchObject([
          { status: "OK", details: { pages: 2, loaded: 3, duplicates: 0, errors: 0, finished: true } },
        ]);
        expect(await feedPosition(direct)).toMatchObject({ day: "2025-06-14" });
        await untilFree();
      },
    );
    // The lock's connection, and at least one statement per step of the run, of about ten messages each.
    expect(cuts).toBeGreaterThan(100);
  });

  test("does not affect an update from the feed", async () => {
    const changes = [
      change(100, "added", "a", { price: 1 }),
      change(101, "changed", "a", { new_price: 2 }),
      change(102, "changed", "b", { new_price: 3 }),
      change(103, "sold" as "added", "c", {}),
      change(104, "removed", "a"),
    ];
    const sandbox = await serve({ changes, offer: () => ({ mark: "Kia" }) }, { pageSize: 3 });
    const updater = createUpdater({ database, client: clientOf(sandbox), now: NOW });
    const prepare = async () => {
      await direct.query(
        "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
      );
    };
    await deleteRows(direct);
    await prepare();
    await updater.run();
    const reference = await rawRows(direct);
    const cuts = await cutDuring(prepare, async () => {
      const counts = {
        pages: 2,
        changes: 5,
        loaded: 2,
        removed: 1,
        rejected: 1,
        duplicates: 0,
        completed: 1,
      };
      expect(await updater.run()).toMatchObject({ status: "OK", ...counts });
      expect(await rawRows(direct)).toEqual(reference);
      expect(await operations(direct)).toMatchObject([{ status: "OK", details: { ...counts, errors: 0 } }]);
      expect(await feedPosition(direct)).toEqual({ position: 105, day: "2025-06-15" });
      await untilFree();
    });
    expect(cuts).toBeGreaterThan(100);
  });

  test("does not affect a reconcile: each difference is written and counted once, gaps are repaired", async () => {
    const sandbox = await serve({ offers: offers(4) }, { pageSize: 2, offerLimit: false });
    const reconciler = createReconciler({ database, client: clientOf(sandbox), now: NOW, maxEndedShare: 1 });
    const cuts = await cutDuring(
      async () => {
        // Three listings of the catalogue, one of them ended; two that are gone.
        await insertRaw(direct, 6);
        await direct.query(`
          delete from raw_data where inner_id = 'listing-1';
          update raw_data set active_status = 1 where inner_id = 'listing-2';
          insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14');
          insert into feed_gaps (from_id, to_id, found_at) values (10, 90, '2025-06-15')`);
      },
      async () => {
        const counts = { pages: 2, records: 4, loaded: 1, reactivated: 1, removed: 2, unchanged: 2 };
        expect(await reconciler.run()).toMatchObject({ status: "OK", ...counts, gapsRepaired: 1 });
        await expectCatalogue(direct, sandbox);
        expect(await operations(direct)).toMatchObject([
          { status: "OK", details: { ...counts, gapsRepaired: 1 } },
        ]);
        const { rows } = await direct.query(
          "select last_records, (select count(*)::int from daily_stats where lost > 0) as losses from load_state",
        );
        expect(rows).toEqual([{ last_records: 4, losses: 0 }]);
        await untilFree();
      },
    );
    expect(cuts).toBeGreaterThan(100);
  });

  test("does not affect a normalisation: each listing is stored and counted once, none is left", async () => {
    const normalizer = createNormalizer({ database, batchSize: 2, now: NOW });
    const prepare = () => insertRaw(direct, 5);
    await deleteRows(direct);
    await prepare();
    await normalizer.run();
    const reference = await processedRows(direct);
    expect(reference.size).toBe(5);
    const cuts = await cutDuring(prepare, async () => {
      const counts = {
        processed: 5,
        unchanged: 0,
        deactivated: 0,
        changedMeanwhile: 0,
        errors: 0,
        batches: 3,
      };
      expect(await normalizer.run()).toMatchObject({ status: "OK", ...counts });
      expect(await processedRows(direct)).toEqual(reference);
      expect(await operations(direct)).toMatchObject([
        { type: "normalization", status: "OK", details: counts },
      ]);
      expect([...(await rawRows(direct)).values()].every((row) => row.is_processed)).toBe(true);
      await untilFree();
    });
    expect(cuts).toBeGreaterThan(50);
  });
});
