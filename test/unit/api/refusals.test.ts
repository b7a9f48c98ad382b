import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRefusals } from "../../../src/api/http/refusals.ts";

let lines: string[];
const logger = { debug() {}, info() {}, error() {}, warn: (text: string) => void lines.push(text) };

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test("ten wrong tokens of an address are checked per minute", () => {
  const refusals = createRefusals(logger);
  const waits = Array.from({ length: 12 }, () => refusals.countWrongToken("203.0.113.7"));
  expect(waits.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(waits.slice(10)).toEqual([60, 60]);
  expect(refusals.countWrongToken("203.0.113.8")).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(refusals.countWrongToken("203.0.113.7")).toBe(0);
});

test("rejected requests are one log line, and a summary at the end of the minute", () => {
  const refusals = createRefusals(logger);
  const logged = Array.from({ length: 1_000 }, (_, index) =>
    refusals.isLogged("203.0.113.7", index < 400 ? 401 : 429, true),
  );
  expect(logged.filter(Boolean)).toHaveLength(1);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([
    "999 more requests of 203.0.113.7 in 60 s, not logged one by one (401: 399, 429: 600)",
  ]);
  expect(refusals.isLogged("203.0.113.7", 401, true)).toBe(true);
});

test("neither the log nor memory grows with the number of addresses", () => {
  const refusals = createRefusals(logger);
  for (let index = 0; index < 50_000; index += 1) {
    refusals.isLogged(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 401, true);
    refusals.isLogged(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 401, true);
  }
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(101);
  expect(lines[0]).toMatch(/^79999 more requests of other addresses in 60 s/);
  expect(lines.at(-1)).toBe("9901 more requests of 9901 more addresses, not logged one by one");
});
