import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { startOperation } from "../../../src/operations/index.ts";
import { deleteRows } from "../../support/database/databases.ts";
import { insertRaw, processedRows } from "../../support/database/listings.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { openTwoRoutes } from "../../support/proxy/database.ts";
import { createOverlap } from "../../support/proxy/overlap.ts";
import type { CuttingProxy } from "../../support/proxy/proxy.ts";

/** One database by two routes: directly, and through a proxy that cuts connections. */
describe("a run after one that was killed", () => {
  let direct: Database;
  let database: Database;
  let proxy: CuttingProxy;
  let close: () => Promise<void>;

  beforeAll(async () => {
    // A dead process does not retry.
    const retry = { maxElapsedMs: 0, firstWaitMs: 1, maxWaitMs: 1 };
    ({ direct, database, proxy, close } = await openTwoRoutes(retry));
  });
  beforeEach(async () => {
    proxy.open();
    await deleteRows(direct);
    await insertRaw(direct, 3);
  });
  afterAll(() => close());

  const marks = async () => [...(await rawRows(direct)).values()].map(({ is_processed }) => is_processed);

  test("waits for a batch that the server still stores, and leaves no row unprocessed", async () => {
    const overlap = createOverlap(direct, proxy);
    await overlap.begin("select from raw_data where inner_id = 'listing-2' for update", true);
    await expect(createNormalizer({ database }).run()).rejects.toThrow();
    const result = await createNormalizer({ database: direct }).run();
    await overlap.ended;
    expect(result).toMatchObject({ status: "OK", processed: 0, changedMeanwhile: 0 });
    expect(await marks()).toEqual([true, true, true]);
    expect((await processedRows(direct)).size).toBe(3);
    const { rows } = await direct.query("select max(id) as id from operations_log");
    expect((await operations(direct))[0]).toMatchObject({
      status: "ERROR",
      details: { interrupted: true, processed: 3, followedBy: rows[0]?.id },
    });
  });

  test("does not store a batch that the server receives from the killed run afterwards", async () => {
    let next: Promise<unknown> | undefined;
    const outcome = createNormalizer({ database: direct }).run({
      onListing: async () => {
        next ??= startOperation(direct, "normalization", {});
        await next;
      },
    });
    await expect(outcome).rejects.toMatchObject({ code: "POSITION_MOVED" });
    expect(await marks()).toEqual([false, false, false]);
    expect((await processedRows(direct)).size).toBe(0);
  });
});
