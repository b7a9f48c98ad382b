import { describe, expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { getLastDailyRun, getStatus, type StatusReport } from "../../../src/operations/index.ts";
import { startOperation } from "../../../src/operations/run-log.ts";
import { findAttention } from "../../../src/operations/status/attention.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

type Report = Omit<StatusReport, "attention">;

/** The status of a healthy copy. */
const healthy: Report = {
  database: "localhost:5432/che168",
  timezone: "Europe/Moscow",
  rows: {
    raw: 10,
    active: 9,
    inactive: 1,
    unprocessed: 0,
    pending: 0,
    unavailable: 0,
    processed: 10,
    rejected: 0,
    outdated: 0,
  },
  load: {
    state: "finished",
    nextPage: null,
    records: 10,
    startedAt: "2026-11-20T00:00:00Z",
    finishedAt: "2026-11-20T01:00:00Z",
    failedPages: [],
    mayBeMissing: 0,
  },
  feed: {
    position: 5,
    lastSuccessfulDate: "2026-11-24",
    updatedAt: "2026-11-24T00:00:00Z",
    newestChangeAt: "2026-11-24T00:00:00Z",
    ageSeconds: 0,
    daysBehind: 0,
    changesBehind: 0,
  },
  gaps: [],
  days: [],
  running: [],
  operations: [],
};

describe("what needs attention", () => {
  const codes = (report: Report) => findAttention(report).map(({ code }) => code);
  const failedRun = {
    id: 1,
    type: "data_fetch",
    startedAt: "2026-11-24T00:00:00Z",
    durationSeconds: 1,
    status: "ERROR",
    state: "finished",
    details: { error: "page 7 failed" },
  } as const;

  test("is nothing on a healthy copy", () => {
    expect(findAttention(healthy)).toEqual([]);
  });

  test.each([
    [
      "an empty database",
      { rows: { ...healthy.rows, raw: 0 }, load: { ...healthy.load, state: "none" } },
      "load_missing",
    ],
    [
      "a load that stopped",
      { load: { ...healthy.load, state: "unfinished", nextPage: 7 } },
      "load_unfinished",
    ],
    [
      "listings that moved past the reader",
      { load: { ...healthy.load, mayBeMissing: 3 } },
      "moved_past_reader",
    ],
    ["a feed that was not read for days", { feed: { ...healthy.feed, daysBehind: 3 } }, "feed_behind"],
    ["rejected records", { rows: { ...healthy.rows, rejected: 2 } }, "rejected_records"],
    ["listings known only by a change", { rows: { ...healthy.rows, pending: 2 } }, "incomplete_listings"],
    ["rows that wait for normalisation", { rows: { ...healthy.rows, unprocessed: 2 } }, "unprocessed_rows"],
    ["listings made by older rules", { rows: { ...healthy.rows, outdated: 2 } }, "outdated_rules"],
    ["a run that failed", { operations: [failedRun] }, "last_run_failed"],
    [
      "pages that could not be read",
      { load: { ...healthy.load, failedPages: [{ page: 7, failedAt: "", reason: "503" }] } },
      "failed_pages",
    ],
  ] as [string, Partial<Report>, string][])("%s, with what to do about it", (_name, change, code) => {
    const found = findAttention({ ...healthy, ...change });
    expect(found).toMatchObject([{ code, message: expect.any(String), remedy: expect.stringMatching(/\S/) }]);
  });

  test("excludes an unfinished load that a running command continues", () => {
    const running = [
      { kind: "data_fetch", holder: "che168-sync initial since 2026-11-24T00:00:00Z" },
    ] as const;
    expect(
      codes({ ...healthy, running, load: { ...healthy.load, state: "unfinished", nextPage: 7 } }),
    ).toEqual([]);
  });

  test("names the cause of a failed run", () => {
    expect(findAttention({ ...healthy, operations: [failedRun] })[0]?.message).toContain("page 7 failed");
  });
});

onEachDatabase("the status", ({ database }) => {
  const read = () =>
    getStatus({ database: database(), now: () => new Date("2026-11-24T12:00:00Z"), feedEnd: 120 });

  test("reports that nothing has been loaded into an empty database", async () => {
    const report = await read();
    expect(report.rows.raw).toBe(0);
    expect(report.load.state).toBe("none");
    expect(report.feed).toMatchObject({ position: null, daysBehind: null, changesBehind: null });
    expect(report.attention.map(({ code }) => code)).toEqual(["load_missing"]);
  });

  test("reports the lag of the copy in days and changes", async () => {
    await database().query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2026-11-21')",
    );
    expect((await read()).feed).toMatchObject({ position: 100, daysBehind: 3, changesBehind: 20 });
  });

  test("read by a program, defaults to the feed's time zone and this version's rules", async () => {
    await database().query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2026-11-21')",
    );
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source)
       values ('1', 'added', now(), '{"mark":"Kia"}', 'initial_load')`,
    );
    await createNormalizer({ database: database() }).run();
    // It is already the 24th in Moscow.
    const now = () => new Date("2026-11-23T22:00:00Z");
    const report = await getStatus({ database: database(), now });
    expect(report.feed).toMatchObject({ position: 100, daysBehind: 3, changesBehind: null });
    expect(report.rows).toMatchObject({ processed: 1, outdated: 0 });
    await database().query("update processed_data set rules_version = rules_version - 1");
    await database().query("update raw_data set rules_version = rules_version - 1");
    expect((await getStatus({ database: database(), now })).rows.outdated).toBe(1);
    const elsewhere = { timezone: "UTC", feedEnd: 130, operations: 0 };
    const other = await getStatus({ database: database(), now, ...elsewhere });
    expect(other).toMatchObject({ operations: [], feed: { daysBehind: 2, changesBehind: 30 } });
  });

  test("distinguishes a running command from an interrupted one", async () => {
    await startOperation(database(), "data_fetch", { command: "initial" });
    expect((await read()).operations[0]).toMatchObject({ status: "ERROR", state: "interrupted" });
    const lock = await database().lock(["data_fetch"], "che168-sync initial");
    try {
      const report = await read();
      expect(report.operations[0]?.state).toBe("running");
      expect(report.running[0]?.holder).toMatch(/^che168-sync initial since \d{4}-/);
    } finally {
      await lock.release();
    }
  });

  test("has the time of the last successful daily run", async () => {
    expect(await getLastDailyRun(database())).toBeNull();
    const failed = await startOperation(database(), "data_fetch", { command: "daily" });
    await failed.finish("ERROR", { error: "no" });
    expect(await getLastDailyRun(database())).toBeNull();
    const done = await startOperation(database(), "data_fetch", { command: "daily" });
    await done.finish("OK", {});
    expect(await getLastDailyRun(database())).toBeInstanceOf(Date);
  });
});
