import { describe, expect, test } from "vitest";
import { errorObject, exitCodeOf, linesOf } from "../../../src/cli/exit.ts";
import { table } from "../../../src/cli/output.ts";
import { statusText } from "../../../src/cli/status-text.ts";
import { loadSummary, normalizeSummary } from "../../../src/cli/summaries.ts";
import { Che168Error, ConfigError, LockedError, UpstreamError } from "../../../src/errors.ts";
import type { LoadResult } from "../../../src/loader/index.ts";
import type { HealthCheck, StatusReport } from "../../../src/operations/index.ts";

const REPORT: StatusReport = {
  database: "db:5432/che168",
  timezone: "Europe/Moscow",
  rows: {
    raw: 250_000,
    active: 240_000,
    inactive: 10_000,
    unprocessed: 12,
    pending: 0,
    unavailable: 3,
    processed: 249_988,
    rejected: 0,
    outdated: 0,
  },
  load: {
    state: "unfinished",
    nextPage: 12_501,
    records: 250_000,
    startedAt: "2026-11-22T10:00:00Z",
    finishedAt: null,
    failedPages: [{ page: 17, failedAt: "2026-11-23T11:00:00Z", reason: "HTTP 503" }],
    mayBeMissing: 0,
  },
  feed: {
    position: 892_145,
    lastSuccessfulDate: "2026-11-22",
    updatedAt: "2026-11-23T03:01:00Z",
    newestChangeAt: "2026-11-23T02:55:30Z",
    ageSeconds: 330,
    daysBehind: 2,
    changesBehind: 15_000,
  },
  gaps: [
    {
      id: 1,
      fromId: 1_000,
      toId: 49_999,
      foundAt: "2026-11-21T00:30:00Z",
      repairedAt: null,
      afterAt: "2026-11-10T00:00:00Z",
      beforeAt: "2026-11-18T00:00:00Z",
    },
  ],
  days: [],
  running: [{ kind: "data_fetch", holder: "che168-sync initial since 2026-11-24T03:00:00Z" }],
  operations: [
    {
      id: 2,
      type: "data_fetch",
      startedAt: "2026-11-23T03:00:00Z",
      durationSeconds: 62,
      status: "ERROR",
      state: "interrupted",
      details: { command: "daily", loaded: 12, updated: 1_400, removed: 0, note: "x\n\u001b[31m" },
    },
  ],
  attention: [
    {
      code: "failed_pages",
      message: "1 page(s) of the catalogue could not be read: 17.",
      remedy: "che168-sync initial reads them again",
    },
  ],
};

const HEALTHY: HealthCheck = {
  ok: true,
  reasons: [],
  dataAsOf: "2026-11-23T02:55:30Z",
  maxAgeSeconds: 93_600,
  maxSilenceSeconds: 129_600,
};
const now = new Date("2026-11-23T03:01:00Z");
const text = (report: StatusReport, check = HEALTHY, isCheck = false) =>
  statusText(report, check, { isCheck, now });

test("statusText shows counts, position, gaps, recent runs and what needs attention, in local time", () => {
  expect(text(REPORT)).toBe(`Database  db:5432/che168
Time zone Europe/Moscow

Listings
  250,000 stored: 240,000 active, 10,000 inactive
  249,988 normalised
  12 unprocessed
  3 permanently incomplete

Initial load
  load started 2026-11-22 13:00 (17 h ago), next page 12501: 250,000 records so far, 1 page failed

Feed
  newest change 2026-11-23 05:55 (5 min ago)
  next change 892145, last read 2026-11-23 06:01 (just now)
  last complete day 2026-11-22; behind by 2 days, 15,000 changes
  gap: 49,000 changes missing, ids 1000 to 49999, found 2026-11-21 03:30 (2 days ago)

Recent runs
  STARTED           RUN    STATUS       DURATION  COUNTS
  2026-11-23 06:00  daily  interrupted  1m 2s     12 loaded, 1,400 updated

Needs attention
  running: che168-sync initial since 2026-11-24 06:00
  ! 1 page(s) of the catalogue could not be read: 17.
    -> che168-sync initial reads them again`);
});

test("statusText has the reasons of --check with their remedies, and without --check those that no other line covers", () => {
  const reason = (code: "failed" | "feed_silent") =>
    ({ code, message: `It is ${code} since 2026-11-20T21:30:00.000Z.`, remedy: `Settle ${code}` }) as const;
  const check = { ...HEALTHY, ok: false, reasons: [reason("failed"), reason("feed_silent")] };
  expect(text(REPORT, check)).toMatch(
    / {2}! It is feed_silent since 2026-11-21 00:30\.\n {4}-> Settle feed_silent$/,
  );
  expect(text(REPORT, check)).not.toContain("It is failed");
  expect(text(REPORT, check, true)).toMatch(
    /\nCheck\n {2}! failed: It is failed since 2026-11-21 00:30\.\n {4}-> Settle failed\n {2}! feed_silent: .*\n {4}-> Settle feed_silent$/,
  );
  expect(text(REPORT, HEALTHY, true)).toMatch(/\nCheck\n {2}ok, data as of 2026-11-23 05:55$/);
});

test("statusText of an empty database is short", () => {
  const empty = text({
    ...REPORT,
    load: { ...REPORT.load, state: "none" },
    feed: { ...REPORT.feed, position: null },
    running: [],
    operations: [],
    attention: [],
  });
  expect(empty).toMatch(
    /Initial load\n {2}not started\n\nFeed\n {2}not started\n\nNeeds attention\n {2}nothing$/,
  );
});

test("statusText reports a missing load once", () => {
  const message = "The catalogue has not been loaded.";
  const empty = text(
    { ...REPORT, running: [], attention: [{ code: "load_missing", message, remedy: "che168-sync initial" }] },
    { ...HEALTHY, ok: false, reasons: [{ code: "stale", message: "Nothing has been loaded.", remedy: "" }] },
  );
  expect(empty).toMatch(
    /Needs attention\n {2}! The catalogue has not been loaded\.\n {4}-> che168-sync initial$/,
  );
});

test("loadSummary reports counts, the reason of an abort, failed pages and the page to resume at", () => {
  const result: LoadResult = {
    status: "ERROR",
    pages: 12,
    loaded: 220,
    duplicates: 20,
    rejected: 1,
    repaired: 0,
    undated: 0,
    finished: false,
    nextPage: 13,
    failedPages: [13, 14, 15],
    error: "HTTP 503",
    durationMs: 61_000,
  };
  expect(loadSummary(result)).toEqual([
    "Read 12 pages in 1m 1s: 220 new, 20 already stored, 1 rejected",
    "Aborted: HTTP 503",
    "3 pages failed; the next run retries them",
    "The next run resumes at page 13",
  ]);
});

test("table escapes control characters in cells", () => {
  expect(
    table(
      ["ID", "TEXT"],
      [
        [1, "a\nb\u001b[31m"],
        [20, null],
      ],
    ),
  ).toBe("ID  TEXT\n1   a\\nb\\x1b[31m\n20  -");
});

describe("an error", () => {
  const config = new ConfigError([
    { key: "API_PORT", message: "must be a whole number" },
    { key: "timezone", message: "must be a time zone" },
  ]);

  test.each([
    [config, 2],
    [new Che168Error("USAGE", "x"), 2],
    [new UpstreamError("UPSTREAM_UNAUTHORIZED", "x", { retryable: false }), 2],
    [new Che168Error("SCHEMA_NEWER", "x"), 2],
    [new LockedError("x"), 3],
    [new UpstreamError("UPSTREAM_STATUS", "x", { retryable: true }), 1],
    [new Che168Error("DATABASE_UNAVAILABLE", "x"), 1],
    [new TypeError("a bug"), 1],
    ["thrown text", 1],
  ])("%s ends with code %d", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  test("of the configuration has one line per problem", () => {
    expect(linesOf(config)).toHaveLength(3);
    expect(errorObject(config)).toMatchObject({
      error: { code: "CONFIG_INVALID", problems: [{ key: "API_PORT" }, {}] },
    });
  });

  test("of PostgreSQL keeps its message, and a bug its stack", () => {
    const refused = Object.assign(new Error("disk full"), { code: "53100" });
    expect(linesOf(refused)).toEqual(["disk full"]);
    expect(linesOf(new TypeError("a bug")).join("\n")).toMatch(/TypeError: a bug\n.*text\.test\.ts/);
  });
});

test("normalizeSummary counts one value in the singular", () => {
  const result = { status: "OK", processed: 1, issues: 1, unchanged: 0, deactivated: 0, errors: 0 } as const;
  expect(
    normalizeSummary({ ...result, batches: 1, changedMeanwhile: 0, failed: [], durationMs: 1_000 }),
  ).toEqual(["Normalised 1 listing in 1s; 1 value was rejected or corrected"]);
});
