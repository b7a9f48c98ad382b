import { expect, test } from "vitest";
import { createReconciler } from "../../../src/reconciler/index.ts";
import type { Sandbox, SandboxChange } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import type { ClientOptions } from "../../../src/upstream/client.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { change, clientOf, feedAsked, offer, serve } from "../../support/sandbox/service.ts";

const TODAY = "2025-06-15";
const TOMORROW = "2025-06-16";
const NOW = () => new Date(`${TODAY}T12:00:00Z`);
const changesFrom = (first: number, count: number, at?: string): SandboxChange[] =>
  Array.from({ length: count }, (_, index) =>
    change(first + index, "added", `l${first + index}`, {}, at === undefined ? {} : { at }),
  );

onEachDatabase("ids of the change feed", ({ database }) => {
  const setPosition = (position: number, newest: string | null = null) =>
    database().query(
      `insert into sync_state (id, last_change_id, last_successful_date, newest_change_at, updated_at)
       values (1, $1, '2025-06-14', $2, '2025-06-14T20:00:00Z')`,
      [position, newest],
    );
  const run = (sandbox: Sandbox, options?: Partial<ClientOptions>) =>
    createUpdater({ database: database(), client: clientOf(sandbox, options), now: NOW }).run();
  /** Makes `/change_id` of one day respond with this body. */
  const answerDay = (sandbox: Sandbox, date: string, body: string) =>
    sandbox.addFault({ path: "/change_id", query: { date }, fault: { kind: "body", body } });
  /** A page at a position. */
  const answerPage = (sandbox: Sandbox, position: number, next: number | null, ...ids: readonly number[]) => {
    const result = ids.map((id) => change(id, "added", `l${id}`, {}).record);
    const body = JSON.stringify({ result, meta: { cur_change_id: position, next_change_id: next } });
    sandbox.addFault({ path: "/changes", query: { change_id: position }, fault: { kind: "body", body } });
  };

  test.each<[what: string, next: number | null, ids: number[], named: RegExp]>([
    ["change id", null, [100, 9e15], /change id 9000000000000000 is impossible.*120.*reconcile/],
    ["change id just above the end", null, [100, 121], /change id 121 is impossible.*120.*reconcile/],
    [
      "next_change_id",
      9007199254740991,
      [100, 101],
      /next_change_id 9007199254740991 is impossible.*reconcile/,
    ],
  ])(
    "an impossible %s is an invalid response: retried, then ERROR; the page is not stored",
    async (_what, next, ids, named) => {
      const sandbox = await serve();
      answerDay(sandbox, TOMORROW, '{"change_id":120}');
      answerPage(sandbox, 100, next, ...ids);
      await setPosition(100);
      await expect(run(sandbox, { retry: { attempts: 2, intervalMs: 0 } })).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: expect.stringMatching(named),
      });
      const attempts = feedAsked(sandbox).filter((one) => one === "changes 100");
      expect(attempts.length).toBeGreaterThan(1);
      expect(await feedPosition(database())).toEqual({ position: 100, day: "2025-06-14" });
      expect((await rawRows(database())).size).toBe(0);
      expect(await operations(database())).toMatchObject([{ status: "ERROR", details: { pages: 0 } }]);
      sandbox.clearFaults();
      sandbox.appendChanges(changesFrom(100, 3));
      expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 3, position: 103 });
    },
  );

  test.each(['{"change_id":0}', '{"change_id":null}', '{"message":"no such day"}'])(
    "when /change_id of tomorrow responds with %s, ids may jump by 5,000,000 and no further",
    async (body) => {
      const sandbox = await serve();
      answerDay(sandbox, TOMORROW, body);
      await setPosition(100);
      answerPage(sandbox, 100, 5_000_100, 100, 5_000_099);
      answerPage(sandbox, 5_000_100, null, 5_000_100);
      expect(await run(sandbox)).toMatchObject({ loaded: 3, missing: 4_999_998, position: 5_000_101 });
      answerPage(sandbox, 5_000_101, null, 10_000_102);
      await expect(run(sandbox)).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: expect.stringMatching(/change id 10000102 is impossible.*5000000 above.*5000101/),
      });
      expect(await feedPosition(database())).toMatchObject({ position: 5_000_101 });
    },
  );

  test("an end of the feed below the position, or absurdly far above it, is not used", async () => {
    for (const end of [99, 9e15]) {
      const sandbox = await serve();
      answerDay(sandbox, TOMORROW, JSON.stringify({ change_id: end }));
      answerPage(sandbox, 100, null, 100, 9e15);
      await database().query("delete from sync_state");
      await setPosition(100);
      await expect(run(sandbox)).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
      sandbox.clearFaults();
      answerDay(sandbox, TOMORROW, JSON.stringify({ change_id: end }));
      answerPage(sandbox, 100, null, 100, 120);
      expect(await run(sandbox)).toMatchObject({ status: "OK", position: 121 });
    }
  });

  test("changes that arrive while the feed is read are not impossible: its end is requested again", async () => {
    const sandbox = await serve({ changes: changesFrom(100, 60) });
    await setPosition(100);
    const updater = createUpdater({ database: database(), client: clientOf(sandbox), now: NOW });
    let isFirst = true;
    const result = await updater.run({
      onPage: () => {
        if (isFirst) {
          isFirst = false;
          sandbox.appendChanges(changesFrom(160, 30));
        }
      },
    });
    expect(result).toMatchObject({ status: "OK", position: 190, loaded: 90 });
    expect(await run(sandbox)).toMatchObject({ status: "OK", changes: 0 });
  });

  test.each([
    ["today", TODAY],
    ["yesterday", "2025-06-14"],
  ])(
    "ids that restart with changes of %s end the run with FEED_RESTARTED, every time",
    async (_day, date) => {
      const sandbox = await serve({
        changes: Array.from({ length: 40 }, (_, index) =>
          change(1 + index, "added", `l${index}`, {}, { date, at: `${date}T09:00:00Z` }),
        ),
      });
      await setPosition(1050, "2025-06-14T08:59:59Z");
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(run(sandbox)).rejects.toMatchObject({
          code: "FEED_RESTARTED",
          message: expect.stringMatching(/change 1 .*1050.*reconcile/),
        });
      }
      expect(await feedPosition(database())).toEqual({ position: 1050, day: "2025-06-14" });
      expect(await operations(database())).toMatchObject([
        { status: "ERROR", details: { code: "FEED_RESTARTED" } },
        { status: "ERROR", details: { code: "FEED_RESTARTED" } },
      ]);
    },
  );

  const reconcile = (sandbox: Sandbox) =>
    createReconciler({ database: database(), client: clientOf(sandbox), now: NOW }).run();

  test("after a restart, reconcile continues with the new ids, and the copy equals the catalogue", async () => {
    const listings = [offer(1), offer(2), offer(3)];
    const sandbox = await serve({ offers: listings, changes: changesFrom(1, 40, "2025-06-15T10:00:00Z") });
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, active_status, source, change_id)
       values ('listing-1', 'changed', now(), '{"price":1}', 0, 'daily_update', 1040)`,
    );
    await database().query("insert into feed_gaps (from_id, to_id) values (1041, 1049)");
    await setPosition(1050, "2025-06-14T20:00:00Z");
    await expect(run(sandbox)).rejects.toMatchObject({ code: "FEED_RESTARTED" });

    expect(await reconcile(sandbox)).toMatchObject({ status: "OK", loaded: 2, updated: 1, gapsRepaired: 1 });
    expect(await feedPosition(database())).toMatchObject({ position: 41 });
    const rows = await rawRows(database());
    expect([...rows.values()].map(({ change_id }) => change_id)).toEqual([null, null, null]);
    expect(rows.get("listing-1")?.data).toEqual(offer(1).data);
    expect(await run(sandbox)).toMatchObject({ status: "OK", changes: 0 });
    sandbox.appendChanges([{ record: change(41, "changed", "listing-1", { new_price: 2 }).record }]);
    expect(await run(sandbox)).toMatchObject({ status: "OK", updated: 1, position: 42 });
  });

  test("after impossible ids that stay, reconcile continues above them", async () => {
    const sandbox = await serve({ offers: [offer(1)] });
    answerDay(sandbox, TOMORROW, '{"change_id":120}');
    answerPage(sandbox, 100, null, 9_000_000_000_000_000);
    await setPosition(100);
    await expect(run(sandbox)).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(await reconcile(sandbox)).toMatchObject({ status: "OK", loaded: 1 });
    expect(await feedPosition(database())).toMatchObject({ position: 9_000_000_000_000_001 });
  });

  test("a single impossible response does not move the position", async () => {
    const sandbox = await serve({ offers: [offer(1)], changes: changesFrom(100, 3) });
    const body = JSON.stringify({
      result: [change(9e15, "added", "x", {}).record],
      meta: { cur_change_id: 100, next_change_id: null },
    });
    sandbox.addFault({ path: "/changes", times: 1, fault: { kind: "body", body } });
    await setPosition(100);
    expect(await reconcile(sandbox)).toMatchObject({ status: "OK", position: 103 });
    expect(await feedPosition(database())).toMatchObject({ position: 100 });
  });

  test("a restart is also detected before any change was received", async () => {
    const sandbox = await serve({ changes: changesFrom(1, 40) });
    await setPosition(1050);
    await expect(run(sandbox)).rejects.toMatchObject({ code: "FEED_RESTARTED" });
  });

  test("an empty feed, known changes and a failing /change_id are not evidence of a restart", async () => {
    await setPosition(140);
    const empty = await serve();
    answerDay(empty, TOMORROW, '{"change_id":null}');
    expect(await run(empty)).toMatchObject({ status: "OK", changes: 0 });
    const sandbox = await serve({ changes: changesFrom(100, 40, "2025-06-15T09:00:00.123Z") });
    await database().query("update sync_state set last_change_id = 100");
    expect(await run(sandbox)).toMatchObject({ status: "OK", loaded: 40, position: 140 });
    for (let again = 0; again < 2; again += 1) {
      expect(await run(sandbox)).toMatchObject({ status: "OK", changes: 0, position: 140 });
    }
    const restarted = await serve({ changes: changesFrom(1, 40, "2025-06-15T10:00:00Z") });
    restarted.addFault({ path: "/change_id", fault: { kind: "status", status: 503 } });
    expect(await run(restarted, { retry: { attempts: 5, intervalMs: 720_000 } })).toMatchObject({
      status: "OK",
    });
    restarted.clearFaults();
    await expect(run(restarted)).rejects.toMatchObject({ code: "FEED_RESTARTED" });
  });
});
