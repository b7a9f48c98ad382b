import fc from "fast-check";
import { expect, test } from "vitest";
import {
  advance,
  duration,
  figuresOf,
  type ProgressEvent,
  progressLine,
  startProgress,
} from "../../../src/cli/progress/progress.ts";

const MINUTE = 60_000;

/** Progress after events at the given minutes. */
function after(events: readonly (readonly [minute: number, event: ProgressEvent])[]) {
  return events.reduce(
    (progress, [minute, event]) => advance(progress, event, minute * MINUTE),
    startProgress(0),
  );
}

const records = (done: number, total: number | null, before = 0): ProgressEvent => ({
  unit: "records",
  done,
  before,
  total,
});

test("progressLine has share, amounts, speed and ETA", () => {
  const progress = after([
    [1, records(112_000, 250_000, 111_500)],
    [2, records(112_500, 250_000, 111_500)],
  ]);
  expect(progressLine(progress)).toBe(
    "Progress: 45.0% (112,500 / 250,000 records) | Speed: 500 records/min | ETA 4h 35m",
  );
});

test("progressLine without a total shows amount and speed", () => {
  expect(progressLine(after([[1, records(112_500, null)]]))).toBe(
    "Progress: 112,500 records (total unknown) | Speed: 112,500 records/min",
  );
});

test("an estimated total that has been exceeded is ignored", () => {
  expect(progressLine(after([[1, records(251_000, 250_000, 250_500)]]))).toBe(
    "Progress: 251,000 records (expected 250,000) | Speed: 500 records/min",
  );
});

test("a phase is named, and has its own speed", () => {
  const progress = after([
    [1, { unit: "changes", done: 600, total: 600 }],
    [2, { unit: "listings", done: 3, total: null, phase: "listings" }],
  ]);
  expect(progressLine(progress)).toBe(
    "Progress (listings): 3 listings (total unknown) | Speed: 3 listings/min",
  );
});

test("records of earlier runs do not count towards the speed", () => {
  expect(figuresOf(after([[1, records(100_020, 200_000, 100_000)]])).perMinute).toBe(20);
});

test("a long wait an hour ago does not affect the ETA", () => {
  const steady = Array.from(
    { length: 20 },
    (_, index) => [62 + index, records(200 + 100 * index, null)] as const,
  );
  expect(figuresOf(after([[1, records(100, null)], ...steady])).perMinute).toBe(100);
});

test("the speed is unknown within the first second", () => {
  expect(progressLine(advance(startProgress(0), records(20, 1000), 400))).toBe(
    "Progress: 2.0% (20 / 1,000 records)",
  );
});

test("100% means complete", () => {
  expect(progressLine(after([[1, records(249_999, 250_000)]]))).toContain("99.9%");
  expect(progressLine(after([[1, records(250_000, 250_000)]]))).toContain("100.0%");
});

test("figures stay within their bounds for any events", () => {
  const event = fc.record({
    gap: fc.integer({ min: 0, max: 3_600_000 }),
    done: fc.nat({ max: 1_000_000 }),
    before: fc.option(fc.nat({ max: 1_000_000 }), { nil: undefined }),
    total: fc.option(fc.nat({ max: 1_000_000 }), { nil: null }),
    phase: fc.constantFrom("a", "b", undefined),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      let at = 0;
      let progress = startProgress(at);
      for (const { gap, before, phase, ...rest } of events) {
        at += gap;
        const parts = {
          ...(before === undefined ? {} : { before }),
          ...(phase === undefined ? {} : { phase }),
        };
        progress = advance(progress, { unit: "rows", ...rest, ...parts }, at);
        const { share, perMinute, remainingMs } = figuresOf(progress);
        expect(share === undefined || (share >= 0 && share <= 1)).toBe(true);
        expect(perMinute === undefined || (perMinute >= 0 && Number.isFinite(perMinute))).toBe(true);
        expect(remainingMs === undefined || (remainingMs >= 0 && Number.isFinite(remainingMs))).toBe(true);
        // Bounds the memory of a run of weeks: samples of five minutes.
        expect(progress.samples.length).toBeLessThan(100);
        expect(progressLine(progress)).not.toMatch(/NaN|undefined|Infinity/);
      }
    }),
    { numRuns: 100 },
  );
});

test.each([
  [0, "0s"],
  [12_400, "12s"],
  [125_000, "2m 5s"],
  [120_000, "2m"],
  [275 * MINUTE, "4h 35m"],
  [27 * 60 * MINUTE, "1d 3h"],
])("%d ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
