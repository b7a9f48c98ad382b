import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import type { ResultMemoryOrder } from "../../support/process/result-memory.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../support/process/result-memory.ts", import.meta.url));
/** A heap of this size needs no major GC, which would hide results that minor ones cannot free. */
const FLAGS = ["--expose-gc", "--initial-old-space-size=1024", "--no-incremental-marking"];
const COUNT = 3_000;
const RESULT_BYTES = 20_000;

test.each([
  ["single statements", false],
  ["transactions", true],
])("results of %s are garbage at the next minor GC, even under load", async (_, inTransactions) => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const order: ResultMemoryOrder = { url, count: COUNT, resultBytes: RESULT_BYTES, inTransactions };
  const { stdout } = await run(process.execPath, [...FLAGS, PROGRAM, JSON.stringify(order)]);
  expect(Number(stdout)).toBeLessThan((COUNT * RESULT_BYTES) / 4);
});
