import { describe, expect, test } from "vitest";
import type { DayStats } from "../../../src/operations/index.ts";
import { type CheckedDay, lastCompleteDay } from "../../../src/operations/status/days.ts";
import { type CheckedRun, type CheckFacts, evaluateHealth } from "../../../src/operations/status/health.ts";
import { addDays } from "../../../src/util/days.ts";

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
  lastDaily: { startedAt: ago(9), endedAt: ago(9) },
  newestChangeAt: ago(9),
  lastDay: "2026-11-24",
  unprocessed: 0,
  pending: 0,
  rejected: 0,
  gaps: [],
  days: [],
  expiringTariffs: null,
};
const LIMITS = { maxAgeMs: 26 * HOUR, maxSilenceMs: 36 * HOUR, now: NOW, timezone: "Europe/Moscow" };
const reasons = (change: Partial<CheckFacts>) => evaluateHealth({ ...healthy, ...change }, LIMITS).reasons;
const codes = (change: Partial<CheckFacts>) => reasons(change).map(({ code }) => code);
/** Today and nine complete days of 1,000 changes; `last` replaces facts of the last complete day. */
const days = ({
  volume = 1_000,
  count = 10,
  last = {},
}: {
  volume?: number;
  count?: number;
  last?: Partial<CheckedDay>;
} = {}): DayStats[] =>
  Array.from({ length: count }, (_, index) => ({
    day: addDays("2026-11-24", -index),
    added: volume / 2,
    changed: volume / 4,
    removed: volume / 4,
    active: 100_000,
    filled: { price: 0.98, images: 0.9, first_registration: 0.04 },
    ...(index === 1 ? last : {}),
  }));
const holding = (kind: "data_fetch" | "normalization") => [{ kind, holder: "che168-sync since then" }];

describe("status --check alerts", () => {
  test("an unfinished load has no age", () => {
    const [reason] = evaluateHealth({ ...healthy, dataAsOf: null }, LIMITS).reasons;
    expect(reason?.message).toMatch(/^The age of the data is unknown/);
  });

  test("for nothing on a healthy copy", () => {
    expect(evaluateHealth(healthy, LIMITS)).toEqual({
      ok: true,
      reasons: [],
      dataAsOf: "2026-11-24T03:00:00.000Z",
      maxAgeSeconds: 93_600,
      maxSilenceSeconds: 129_600,
    });
  });

  test.each([
    ["nothing has been loaded", { runs: [], hasData: false, dataAsOf: null }, ["stale"]],
    ["the data is older than it may be", { dataAsOf: ago(27) }, ["stale"]],
    ["no change has been received yet", { dataAsOf: null }, ["stale"]],
    ["the feed has had nothing new for longer than it may", { dataAsOf: ago(37) }, ["stale", "feed_silent"]],
    [
      "the import tariffs in use end soon",
      { expiringTariffs: { ends_on: "2026-12-31", tables: ["ru excise"] } },
      ["tariffs_expired"],
    ],
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
  ] as [string, Partial<CheckFacts>, string[]][])(
    "when %s, with the remedy in one line",
    (_, change, expected) => {
      expect(codes(change)).toEqual(expected);
      for (const { remedy } of reasons(change)) {
        expect(remedy).toMatch(/^\S.*[^.\s]$/);
      }
    },
  );

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
        days: days({ volume: 10 }),
      },
    ],
    ["a silent feed before the first daily", { dataAsOf: ago(25), lastDaily: null, lastDay: "2026-11-23" }],
    ["an old newest change while older days are caught up", { dataAsOf: ago(20), lastDay: "2026-11-22" }],
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

describe("status --check compares the last complete feed day with the seven before", () => {
  const quiet = { added: 100, changed: 70, removed: 70 };

  test.each([
    ["usual days", days(), []],
    ["a volume below a quarter of the median", days({ last: quiet }), ["volume_low"]],
    ["a volume of exactly a quarter", days({ last: { ...quiet, added: 110 } }), []],
    ["a day without changes", days({ last: { added: 0, changed: 0, removed: 0 } }), ["volume_low"]],
    ["today, which is not over", [{ ...days()[0], ...quiet } as DayStats, ...days().slice(1)], []],
    ["fewer than seven days to compare with", days({ count: 8, last: quiet }), []],
    ["no days at all", [], []],
    ["few changes on every day", days({ volume: 16, last: { added: 0, changed: 0, removed: 0 } }), []],
    ["prices of half as many listings", days({ last: { filled: { price: 0.48 } } }), ["fill_rate"]],
    ["prices of exactly half as many", days({ last: { filled: { price: 0.49 } } }), []],
    ["a field that hardly any listing has", days({ last: { filled: { first_registration: 0 } } }), []],
    ["a field that was not measured", days({ last: { filled: null } }), []],
    ["more than 10 % of the active listings removed", days({ last: { removed: 10_001 } }), ["mass_removal"]],
    ["most of them by reconcile", days({ last: { removed: 3_000, lost: 7_001 } }), ["mass_removal"]],
    ["exactly 10 % removed", days({ last: { removed: 10_000 } }), []],
    ["a few removals of a tiny copy", days({ volume: 16, last: { active: 5, removed: 9 } }), []],
  ] as [string, DayStats[], string[]][])("%s", (_, found, expected) => {
    expect(codes({ days: found })).toEqual(expected);
  });

  test("and reports a mass removal on the day itself", () => {
    const [today, ...before] = days();
    expect(codes({ days: [{ ...today, removed: 30_000 } as DayStats, ...before] })).toEqual(["mass_removal"]);
  });

  test("and names the fields, shares and numbers", () => {
    const last = { added: 10, changed: 10, removed: 20_000, filled: { price: 0.4, images: 0.1 } };
    expect(reasons({ days: days({ last }) }).map(({ message }) => message)).toEqual([
      "Fewer listings have a value on 2026-11-23 than in the 7 days before: price from 98 % to 40 %, images from 90 % to 10 %.",
      "The feed removed 20,000 of 100,000 active listings on 2026-11-23 (20 %).",
    ]);
  });
});

describe("the last complete feed day", () => {
  const at = { now: NOW, timezone: "Europe/Moscow" };

  test.each([
    ["none before the first daily", null, null, null],
    ["yesterday once today has been read", "2026-11-24", ago(1), "2026-11-23"],
    [
      "the day before while a day was read only in part",
      "2026-11-23",
      new Date("2026-11-23T00:30:00Z"),
      "2026-11-22",
    ],
    // 22:00 UTC is the next day in Moscow.
    [
      "a day once a change of the next day has arrived",
      "2026-11-23",
      new Date("2026-11-23T22:00:00Z"),
      "2026-11-23",
    ],
    ["not today when a clock was set back", "2026-11-26", null, "2026-11-23"],
  ] as const)("is %s", (_, lastDay, newestChangeAt, expected) => {
    expect(lastCompleteDay({ lastDay, newestChangeAt }, at)).toBe(expected);
  });
});
