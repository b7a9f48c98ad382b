import { describe, expect, test } from "vitest";
import { runLine, startOperation } from "../../../src/operations/run-log.ts";
import {
  type CheckedRun,
  type CheckFacts,
  evaluateHealth,
  readCheck,
} from "../../../src/operations/status/health.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

const HOUR = 3_600_000;
const NOW = new Date("2026-11-24T12:00:00Z");
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR);

const run = (command: string, change: Partial<CheckedRun> = {}): CheckedRun => ({
  command,
  state: "ok",
  startedAt: ago(9).toISOString(),
  problem: null,
  code: null,
  ...change,
});

/** The status of a healthy copy. */
const healthy: CheckFacts = {
  runs: [run("normalize"), run("daily"), run("initial", { startedAt: ago(99).toISOString() })],
  running: [],
  hasData: true,
  dataAsOf: ago(9),
  unprocessed: 0,
  pending: 0,
  rejected: 0,
};
const codes = (change: Partial<CheckFacts>, maxAgeMs = 26 * HOUR) =>
  evaluateHealth({ ...healthy, ...change }, { maxAgeMs, now: NOW }).reasons.map(({ code }) => code);
const holding = (kind: "data_fetch" | "normalization") => [{ kind, holder: "che168-sync since then" }];

describe("status --check alerts", () => {
  test("for nothing on a healthy copy", () => {
    expect(evaluateHealth(healthy, { maxAgeMs: 26 * HOUR, now: NOW })).toEqual({
      ok: true,
      reasons: [],
      dataAsOf: "2026-11-24T03:00:00.000Z",
      maxAgeSeconds: 93_600,
    });
  });

  test.each([
    ["nothing has been loaded", { runs: [], hasData: false, dataAsOf: null }, ["stale"]],
    ["the data is older than it may be", { dataAsOf: ago(27) }, ["stale"]],
    ["no daily run has succeeded yet", { dataAsOf: null }, ["stale"]],
    ["rows wait for normalisation", { unprocessed: 3 }, ["stuck"]],
    ["listings wait for the rest of their data", { pending: 3 }, ["stuck"]],
    ["records were rejected", { rejected: 2 }, ["rejected"]],
    [
      "the service has restarted its ids",
      { runs: [run("daily", { state: "error", code: "FEED_RESTARTED", problem: "change 1" })] },
      ["feed_restarted"],
    ],
    [
      "the last run failed",
      { runs: [run("daily", { state: "error", problem: "page 7 failed" })] },
      ["failed"],
    ],
    ["the last run was killed", { runs: [run("daily", { state: "interrupted" })] }, ["failed"]],
    [
      "a failed load is followed by a daily run that succeeds",
      { runs: [run("daily"), run("initial", { state: "error" })] },
      ["failed"],
    ],
  ] as [string, Partial<CheckFacts>, string[]][])("when %s", (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  test.each([
    ["a running command", { runs: [run("daily", { state: "running" })], running: holding("data_fetch") }],
    ["the failure before a run that succeeded", { runs: [run("daily"), run("daily", { state: "error" })] }],
    ["rows that a normalisation is taking", { unprocessed: 3, running: holding("normalization") }],
    ["listings that a daily run is completing", { pending: 3, running: holding("data_fetch") }],
    [
      "anything but failures during the initial load",
      {
        runs: [run("initial", { state: "running" })],
        running: holding("data_fetch"),
        hasData: false,
        dataAsOf: null,
        unprocessed: 60_000,
      },
    ],
  ] as [string, Partial<CheckFacts>][])("not for %s", (_, change) => {
    expect(codes(change)).toEqual([]);
  });

  test("for the failure before a run that is still running", () => {
    const runs = [
      run("daily", { state: "running", startedAt: ago(1).toISOString() }),
      run("daily", { state: "error", problem: "the service was away", startedAt: ago(25).toISOString() }),
    ];
    expect(codes({ runs, running: holding("data_fetch") })).toEqual(["failed"]);
  });

  test("for a killed run even when another command holds its lock now", () => {
    const runs = [
      run("initial", { state: "running", startedAt: ago(1).toISOString() }),
      run("daily", { state: "interrupted", startedAt: ago(3).toISOString() }),
    ];
    expect(codes({ runs, running: holding("data_fetch") })).toEqual(["failed"]);
  });
});

test("a run's line has every count, and nothing else", () => {
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

  test("the data is as old as the last successful daily run", async () => {
    await listing();
    expect((await check()).reasons.map(({ code }) => code)).toEqual(["stale"]);
    const operation = await startOperation(database(), "data_fetch", { command: "daily" });
    await operation.finish("OK", { loaded: 1 });
    expect(await check()).toMatchObject({ ok: true });
    expect(await check(new Date(Date.now() + 27 * HOUR))).toMatchObject({
      ok: false,
      reasons: [{ code: "stale" }],
    });
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
    const operation = await startOperation(database(), "data_fetch", { command: "daily" });
    await operation.finish("OK", {});
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
    });
    expect(lines).toEqual([
      { level: "info", text: "Run ended: daily status=ERROR duration=0s pages=6 errors=1" },
    ]);
  });
});
