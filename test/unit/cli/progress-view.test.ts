import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createProgressView, retryLine } from "../../../src/cli/progress/progress-view.ts";
import { silentLogger } from "../../../src/logging/types.ts";

/** A clock that the test advances. */
function clock() {
  let at = Date.parse("2026-11-24T11:00:00Z");
  return {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

function collector() {
  const lines: string[] = [];
  return { lines, logger: { ...silentLogger, info: (line: string) => lines.push(line) } };
}

function screen(columns = 120) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

test("off a terminal, lines are logged at intervals and at the end", () => {
  const { now, pass } = clock();
  const { lines, logger } = collector();
  const view = createProgressView({ stream: new PassThrough(), logger, now });
  for (let page = 1; page <= 100; page += 1) {
    pass(700);
    view.report({ unit: "records", done: page * 20, total: 2000 });
  }
  view.stop();
  expect(lines).toEqual([
    "Progress: 43.0% (860 / 2,000 records) | Speed: 1,714 records/min | ETA 40s",
    "Progress: 86.0% (1,720 / 2,000 records) | Speed: 1,714 records/min | ETA 10s",
    "Progress: 100.0% (2,000 / 2,000 records) | Speed: 1,714 records/min",
  ]);
});

test("off a terminal, a run without progress logs no line", () => {
  const { lines, logger } = collector();
  createProgressView({ stream: new PassThrough(), logger }).stop();
  const idle = createProgressView({ stream: new PassThrough(), logger });
  idle.report({ unit: "changes", done: 0, total: null });
  idle.stop();
  expect(lines).toEqual([]);
});

test("on a terminal, log lines are drawn above the bar, and the cursor is restored", () => {
  const { now, pass } = clock();
  const { stream, text } = screen();
  let write: ((line: string) => void) | undefined;
  const logger = {
    ...silentLogger,
    redirect: (to: typeof write) => {
      write = to;
    },
  };
  const view = createProgressView({ stream, logger, now });
  pass(60_000);
  view.report({ unit: "records", done: 500, total: 1000 });
  write?.("[WARN] Page 26 is slow");
  view.stop();
  expect(write).toBeUndefined();
  expect(text()).toContain("[WARN] Page 26 is slow\n");
  expect(text()).toMatch(/█{15}░{15} 50\.0% \(500 \/ 1,000 records\) \| 500\/min \| ETA 1m/);
  expect(text().lastIndexOf("\u001b[?25h")).toBeGreaterThan(text().lastIndexOf("\u001b[?25l"));
});

test("the bar and its figures fit into 80 columns", () => {
  const { now, pass } = clock();
  const { stream, text } = screen(80);
  const view = createProgressView({ stream, logger: silentLogger, now });
  pass(60_000);
  view.report({ unit: "records", done: 1_112_500, before: 1_112_000, total: 2_250_000 });
  view.stop();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: cursor movements are not visible
  const seen = text().split(/\u001b\[[\d;?]*[A-Za-z]|\n/);
  expect(seen.some((line) => line.endsWith("ETA 1d 13h"))).toBe(true);
  expect(Math.max(...seen.map((line) => line.length))).toBeLessThan(80);
});

test("a retry is shown with its request, reason, attempt and time", () => {
  const notice = {
    what: "page 17 of the catalogue",
    reason: "HTTP 503",
    attempt: 3,
    attempts: 21,
    nextAt: new Date(2026, 10, 24, 14, 5, 10),
  };
  expect(retryLine(notice)).toBe("page 17 of the catalogue: HTTP 503; attempt 3 of 21, next at 14:05:10");
  const { stream, text } = screen();
  const view = createProgressView({ stream, logger: silentLogger });
  view.report({ unit: "records", done: 340, total: null });
  view.retry(notice);
  expect(text()).toContain(retryLine(notice));
  view.stop();
});
