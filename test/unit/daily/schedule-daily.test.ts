import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isTimeOfDay, scheduleDaily } from "../../../src/daily/schedule-daily.ts";
import { ConfigError } from "../../../src/errors.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

// Only the clock is faked.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (iso: string) => {
  vi.setSystemTime(new Date(iso));
};
/** Lets time pass: the clock jumps to the last minute of each hour, because the scheduler looks at it every 30 seconds. */
const pass = async (hours: number) => {
  for (let hour = 0; hour < hours; hour += 1) {
    vi.setSystemTime(Date.now() + 59 * 60_000);
    await vi.advanceTimersByTimeAsync(60_000);
  }
};
const startedAt = () => {
  const runs: string[] = [];
  return {
    runs,
    run: async () => {
      runs.push(new Date().toISOString());
    },
  };
};

test("the job runs once a day at the local time of the time zone", async () => {
  at("2026-11-24T10:00:00Z");
  const { runs, run } = startedAt();
  const lastRun = new Date("2026-11-24T00:00:00Z");
  const schedule = scheduleDaily({ at: "03:00", timezone: "Europe/Moscow", lastRun, run });
  expect(schedule.next()?.toISOString()).toBe("2026-11-25T00:00:00.000Z");
  await pass(3 * 24);
  expect(runs).toEqual(["2026-11-25T00:00:00.000Z", "2026-11-26T00:00:00.000Z", "2026-11-27T00:00:00.000Z"]);
  await schedule.stop();
});

test("a daylight saving change neither skips nor repeats a day", async () => {
  at("2026-10-24T12:00:00Z");
  const { runs, run } = startedAt();
  const lastRun = new Date("2026-10-24T12:00:00Z");
  const schedule = scheduleDaily({ at: "02:30", timezone: "Europe/Berlin", lastRun, run });
  await pass(3 * 24);
  expect(runs.map((one) => one.slice(0, 10))).toEqual(["2026-10-25", "2026-10-26", "2026-10-27"]);
  await schedule.stop();
});

test("a missed run starts immediately; without one, the job waits for its time", async () => {
  at("2026-11-24T10:00:00Z");
  const missed = startedAt();
  const late = { at: "03:00", timezone: "Europe/Moscow", lastRun: new Date("2026-11-23T00:01:00Z") };
  await scheduleDaily({ ...late, run: missed.run }).stop();
  expect(missed.runs).toHaveLength(1);

  const never = startedAt();
  await scheduleDaily({ ...late, lastRun: null, run: never.run }).stop();
  expect(never.runs).toHaveLength(1);

  const done = startedAt();
  await scheduleDaily({ ...late, lastRun: new Date("2026-11-24T00:01:00Z"), run: done.run }).stop();
  expect(done.runs).toHaveLength(0);
});

test("one run at a time: a run that becomes due during another is skipped and logged", async () => {
  at("2026-11-24T10:00:00Z");
  const { logger, lines } = collectingLogger();
  let finish = () => {};
  let runs = 0;
  const run = () => {
    runs += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  const schedule = scheduleDaily({ at: "03:00", timezone: "Europe/Moscow", lastRun: null, run, logger });
  await pass(24);
  expect(runs).toBe(1);
  expect(lines.some(({ level, text }) => level === "warn" && text.includes("skipped"))).toBe(true);
  const stopped = schedule.stop();
  finish();
  await stopped;
});

test("a failure is logged, and the job runs again the next day", async () => {
  at("2026-11-24T10:00:00Z");
  const { logger, lines } = collectingLogger();
  let runs = 0;
  const run = async () => {
    runs += 1;
    throw new Error("no upstream");
  };
  const schedule = scheduleDaily({ at: "03:00", timezone: "UTC", lastRun: null, run, logger });
  await pass(24);
  expect(runs).toBe(2);
  expect(lines.filter(({ level, text }) => level === "error" && text.includes("no upstream"))).toHaveLength(
    2,
  );
  await schedule.stop();
});

test("an invalid time of day is rejected", () => {
  for (const wrong of ["24:00", "3:00", "03:60", "noon", ""]) {
    expect(isTimeOfDay(wrong)).toBe(false);
    expect(() => scheduleDaily({ at: wrong, timezone: "UTC", lastRun: null, run: async () => {} })).toThrow(
      /at: must be a time of day such as 03:00/,
    );
  }
});

test("every missing or invalid option is named at once", () => {
  const problemsOf = (options?: unknown) => {
    try {
      scheduleDaily(options as Parameters<typeof scheduleDaily>[0]);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as ConfigError).problems.map(({ key }) => key);
    }
    return [];
  };
  expect(problemsOf()).toEqual(["at", "run"]);
  expect(problemsOf({})).toEqual(["at", "run"]);
  expect(problemsOf({ at: "25:00", timezone: "Mars/Olympus" })).toEqual(["at", "timezone", "run"]);
});

test("without a last run, no run counts as missed", async () => {
  at("2026-11-24T10:00:00Z");
  const { runs, run } = startedAt();
  const schedule = scheduleDaily({ at: "03:00", run });
  // The default time zone is the feed's.
  expect(schedule.next()?.toISOString()).toBe("2026-11-25T00:00:00.000Z");
  await schedule.stop();
  expect(runs).toEqual([]);
});

test("an abort ends the wait; an aborted signal prevents it", async () => {
  at("2026-11-24T23:59:00Z");
  const stop = new AbortController();
  const { runs, run } = startedAt();
  const schedule = scheduleDaily({ at: "03:00", run, signal: stop.signal });
  stop.abort(new Error("enough"));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(runs).toEqual([]);
  expect(schedule.next()).toBeNull();
  await schedule.stop();
  expect(() => scheduleDaily({ at: "03:00", run, signal: stop.signal })).toThrow("enough");
});
