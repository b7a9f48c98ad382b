import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { deleteRows } from "../../support/database/databases.ts";
import { insertRaw, processedRows } from "../../support/database/listings.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { dieEverywhere } from "../../support/proxy/cutting.ts";
import { openTwoRoutes } from "../../support/proxy/database.ts";
import type { CuttingProxy } from "../../support/proxy/proxy.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
/** A dead process does not retry. */
const NEVER = { maxElapsedMs: 0, firstWaitMs: 1, maxWaitMs: 1 };

/** The tables, columns and indexes of a database, as PostgreSQL describes them. */
async function schemaOf(database: Database): Promise<unknown[]> {
  const { rows } = await database.query(
    `select table_name as of, column_name || ' ' || data_type || coalesce(column_default, '') as what
       from information_schema.columns where table_schema = 'public'
      union all select tablename, indexdef from pg_indexes where schemaname = 'public'
      order by 1, 2`,
  );
  return rows;
}

/**
 * For every n, a run is cut off for good after its n-th message to or from PostgreSQL. To PostgreSQL and to the next run
 * this equals a SIGKILL at that point; `kill-*.test.ts` kill real processes.
 */
describe("a process that dies after any message to or from PostgreSQL", () => {
  let direct: Database;
  let dying: Database;
  let proxy: CuttingProxy;
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ url, direct, database: dying, proxy, close } = await openTwoRoutes(NEVER));
  });
  afterAll(() => close());
  beforeEach(() => {
    proxy.cutAfter(Number.POSITIVE_INFINITY);
  });

  /** Checks operations_log after a run that died and the run after it. */
  const expectLog = async (sum: Record<string, number>) => {
    const log = await operations(direct);
    expect(log.at(-1)).toMatchObject({ status: "OK" });
    // A run may die before its row is opened or after it is closed.
    const earlier = log.slice(0, -1);
    expect(earlier.length).toBeLessThanOrEqual(1);
    for (const { status, details } of earlier) {
      const isClosed = details.interrupted === undefined;
      expect(status).toBe(isClosed ? "OK" : "ERROR");
    }
    for (const [key, expected] of Object.entries(sum)) {
      const found = log.reduce((total, { details }) => total + Number(details[key] ?? 0), 0);
      expect(`${key} ${found}`).toBe(`${key} ${expected}`);
    }
  };

  test("during a load: the next run resumes; nothing is lost or stored twice", async () => {
    const ALL = offers(3);
    const sandbox = await serve({ offers: ALL }, { pageSize: 2 });
    const client = clientOf(sandbox);
    const model = createModel();
    ALL.forEach(model.load);
    const deaths = await dieEverywhere(
      { proxy, direct },
      {
        prepare: () => deleteRows(direct),
        dying: () => createLoader({ database: dying, client, now: NOW }).run(),
        next: () => createLoader({ database: direct, client, now: NOW }).run(),
        check: async () => {
          expect(comparable((await rawRows(direct)).values())).toEqual(comparable(model.rows.values()));
          expect(await feedPosition(direct)).toMatchObject({ day: "2025-06-14" });
          await expectLog({ pages: 2, loaded: 3, duplicates: 0 });
        },
      },
    );
    expect(deaths).toBeGreaterThan(100);
  });

  test("during an update from the feed: the next run resumes; nothing is lost or applied twice", async () => {
    const changes = [
      change(100, "added", "a", { price: 1 }),
      change(101, "changed", "a", { new_price: 2 }),
      change(102, "changed", "b", { new_price: 3 }),
      change(103, "added", "c", { price: 4 }),
      change(104, "removed", "a"),
    ];
    const full = () => ({ mark: "Kia" });
    const sandbox = await serve({ changes, offer: full }, { pageSize: 3 });
    const client = clientOf(sandbox);
    const model = createModel();
    for (const { record } of changes) {
      model.change(record as SentRecord);
    }
    model.complete(full);
    const deaths = await dieEverywhere(
      { proxy, direct },
      {
        prepare: async () => {
          await deleteRows(direct);
          await direct.query(
            "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
          );
        },
        dying: () => createUpdater({ database: dying, client, now: NOW }).run(),
        next: () => createUpdater({ database: direct, client, now: NOW }).run(),
        check: async () => {
          expect(comparable((await rawRows(direct)).values())).toEqual(comparable(model.rows.values()));
          expect(await feedPosition(direct)).toEqual({ position: 105, day: "2025-06-15" });
          await expectLog({ changes: 5, loaded: 3, removed: 1, duplicates: 0 });
        },
      },
    );
    expect(deaths).toBeGreaterThan(100);
  });

  test("during a normalisation: each batch is stored completely or not at all, and the next run processes the rest", async () => {
    await deleteRows(direct);
    await insertRaw(direct, 5);
    await createNormalizer({ database: direct, now: NOW }).run();
    const reference = await processedRows(direct);
    const marksAndListings = `
      select count(*) filter (where r.is_processed <> (p.inner_id is not null))::int as halves,
             count(*) filter (where r.is_processed)::int as done
        from raw_data r left join processed_data p using (inner_id)`;
    const deaths = await dieEverywhere(
      { proxy, direct },
      {
        prepare: async () => {
          await deleteRows(direct);
          await insertRaw(direct, 5);
        },
        dying: () => createNormalizer({ database: dying, batchSize: 2, now: NOW }).run(),
        next: async () => {
          const { rows } = await direct.query<{ halves: number; done: number }>(marksAndListings);
          expect(rows[0]?.halves).toBe(0);
          // Batches of two, and a last one with the fifth row.
          expect([0, 2, 4, 5]).toContain(rows[0]?.done);
          await createNormalizer({ database: direct, batchSize: 2, now: NOW }).run();
        },
        check: async () => {
          expect(await processedRows(direct)).toEqual(reference);
          expect([...(await rawRows(direct)).values()].every((row) => row.is_processed)).toBe(true);
          await expectLog({ processed: 5, errors: 0 });
        },
      },
    );
    expect(deaths).toBeGreaterThan(40);
  });

  test("during the creation of init's tokens: there are 20 afterwards, never 21 or 40", async () => {
    const wanted = { count: 20, description: "made by init" };
    const deaths = await dieEverywhere(
      { proxy, direct },
      {
        prepare: () => deleteRows(direct),
        dying: () => createTokens({ database: dying }).createIfNone(wanted),
        next: () => createTokens({ database: direct }).createIfNone(wanted),
        check: async () => {
          expect(await createTokens({ database: direct }).list()).toHaveLength(20);
        },
      },
    );
    expect(deaths).toBeGreaterThan(8);
  });

  test("during a migration: the next start completes it, and the schema equals that of an undisturbed migration", async () => {
    const reference = await schemaOf(direct);
    const { pathname } = new URL(url);
    const start = async (address: string) => {
      const opened = await createDatabase({ url: address, retry: NEVER });
      await opened.close();
    };
    const deaths = await dieEverywhere(
      { proxy, direct },
      {
        prepare: async () => {
          await direct.query("drop schema public cascade");
          await direct.query("create schema public");
        },
        dying: () => start(proxy.url(pathname.slice(1))),
        next: () => start(url),
        // Each start takes as long as a whole run of the others.
        step: 9,
        check: async () => expect(await schemaOf(direct)).toEqual(reference),
      },
    );
    expect(deaths).toBeGreaterThan(15);
  });
});
