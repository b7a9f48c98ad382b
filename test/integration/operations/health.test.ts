import { expect, test } from "vitest";
import { readCheck } from "../../../src/operations/index.ts";
import { runLine, startOperation } from "../../../src/operations/run-log.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

const HOUR = 3_600_000;

test("a run's line has every count and no other number", () => {
  const details = { command: "daily", loaded: 3, updated: 0, days: ["2026-11-24"], error: "key=abc" };
  expect(runLine("data_fetch", "OK", details, 12_345)).toBe(
    "Run ended: daily status=OK duration=12s loaded=3 updated=0",
  );
});

onEachDatabase("the check", ({ database }) => {
  const check = (now = new Date()) => readCheck({ database: database(), now });
  const listing = () =>
    database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source, is_processed)
       values ('a', 'added', now(), '{}', 'initial_load', true)`,
    );

  const daily = async () => {
    const operation = await startOperation(database(), "data_fetch", { command: "daily" });
    await operation.finish("OK", { loaded: 1 });
  };
  const newestChange = (hoursAgo: number) =>
    database().query(
      `insert into sync_state (id, last_change_id, last_successful_date, newest_change_at)
       values (1, 10, (now() at time zone 'Europe/Moscow')::date, now() - $1 * interval '1 hour')
       on conflict (id) do update set newest_change_at = excluded.newest_change_at`,
      [hoursAgo],
    );
  const codesNow = async () => (await check()).reasons.map(({ code }) => code);

  test("the data is as old as the newest change, not as the last run", async () => {
    await listing();
    await daily();
    expect(await codesNow()).toEqual(["stale"]);
    await newestChange(1);
    expect(await check()).toMatchObject({ ok: true });
    await newestChange(27);
    expect(await codesNow()).toEqual(["stale"]);
  });

  test("a feed is silent when daily succeeds and the newest change is older than 36 h", async () => {
    await listing();
    await newestChange(37);
    expect(await codesNow()).toEqual(["stale"]);
    await daily();
    expect(await codesNow()).toEqual(["stale", "feed_silent"]);
    const patient = await readCheck({ database: database(), maxSilenceMs: 48 * HOUR, maxAgeMs: 48 * HOUR });
    expect(patient).toMatchObject({ ok: true, maxSilenceSeconds: 172_800 });
    // Older days are still being caught up.
    await database().query("update sync_state set last_successful_date = last_successful_date - 2");
    expect(await codesNow()).toEqual(["stale"]);
  });

  test("an open gap is reported with its size until it is repaired", async () => {
    await listing();
    await newestChange(1);
    await database().query(
      "insert into feed_gaps (from_id, to_id, found_at) values (1000, 49999, now()), (60000, 60099, now())",
    );
    expect((await check()).reasons).toMatchObject([
      {
        code: "feed_gap",
        message: expect.stringContaining("49,100"),
        remedy: expect.stringContaining("reconcile"),
      },
    ]);
    await database().query("update feed_gaps set repaired_at = now()");
    expect(await check()).toMatchObject({ ok: true });
  });

  test("feed days are compared in the time zone of the feed", async () => {
    await listing();
    await newestChange(1);
    await database().query(
      `insert into daily_stats (day, added, changed, removed, active)
       select (now() at time zone 'Europe/Moscow')::date - n, 50, 50, case when n = 1 then 120 else 0 end, 1000
         from generate_series(1, 9) as n`,
    );
    expect(await codesNow()).toEqual(["mass_removal"]);
  });

  test("the data of a load is as old as the load's start", async () => {
    await listing();
    await database().query(
      "insert into load_state (id, next_page, started_at, finished_at) values (1, null, now() - interval '30 hours', now())",
    );
    expect((await check()).reasons.map(({ code }) => code)).toEqual(["stale"]);
    await database().query("update load_state set started_at = now() - interval '20 hours'");
    expect(await check()).toMatchObject({ ok: true });
  });

  test("rows that have waited longer than the maximum age are stuck", async () => {
    await listing();
    await daily();
    await newestChange(1);
    await database().query("update raw_data set is_processed = false, completeness = 'pending'");
    expect(await check()).toMatchObject({ ok: true });
    await database().query("update raw_data set last_updated_at = now() - interval '27 hours'");
    expect((await check()).reasons.map(({ code }) => code)).toEqual(["stuck", "stuck"]);
  });

  test("a killed run differs from a running one, and each run that ends is logged", async () => {
    await listing();
    const { logger, lines } = collectingLogger();
    const operation = await startOperation(database(), "data_fetch", { command: "daily", pages: 0 }, logger);
    expect((await check()).reasons.map(({ code }) => code)).toContain("failed");
    const lock = await database().lock(["data_fetch"], "che168-sync daily");
    expect((await check()).reasons.map(({ code }) => code)).not.toContain("failed");
    await operation.fail(new Error("page 7 failed"), { pages: 6 });
    await lock.release();
    expect((await check()).reasons).toContainEqual({
      code: "failed",
      message: expect.stringMatching(/last run of daily.*page 7 failed/),
      summary: expect.not.stringContaining("page 7 failed"),
      remedy: expect.stringContaining("che168-sync daily"),
    });
    expect(lines).toEqual([
      { level: "info", text: "Run ended: daily status=ERROR duration=0s pages=6 errors=1" },
    ]);
  });
});
