import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const FLAGS = fileURLToPath(new URL("../../../src/cli/v8-flags.ts", import.meta.url));
const MEGABYTE = 1_048_576;

/** Size of the young generation of a process that has called a function of v8-flags.ts and then kept many objects. */
function youngGeneration(call: string): number {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    import * as flags from ${JSON.stringify(FLAGS)};
    flags.${call}();
    globalThis.kept = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
}

test("normalising has a young generation of 16 MB, however many objects survive", () => {
  expect(youngGeneration("tuneHeapForDocuments")).toBe(16 * MEGABYTE);
});

test("loading pages keeps the initial young generation", () => {
  expect(youngGeneration("tuneHeapForPages")).toBeLessThanOrEqual(2 * MEGABYTE);
});
