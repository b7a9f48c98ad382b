import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readScenarios } from "../../scripts/scenarios.ts";

/** Number of failure modes in the table. */
const COUNT = 67;
const scenarios = readScenarios();

describe("the table of failure modes in SECURITY.md", () => {
  test("lists every scenario once, in order, each with its outcome and its proof", () => {
    expect(scenarios.map(({ number }) => number)).toEqual(
      Array.from({ length: COUNT }, (_, index) => index + 1),
    );
    expect(
      scenarios.filter(({ fault, outcome, proofs }) => !fault || !outcome || proofs.length === 0),
    ).toEqual([]);
  });

  test("refers to existing tests only", () => {
    const missing = scenarios.flatMap(({ number, proofs }) =>
      proofs
        .filter(({ file, test: name }) => {
          const source = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
          // The title directly follows `test(`, or the cases of `test.each`.
          const title = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
          return !new RegExp(`(?:\\btest\\(|\\]\\)\\(|const\\)\\(|\\)\\)\\(|[A-Z]\\)\\()\\s*"${title}"`).test(
            source,
          );
        })
        .map(({ file, test: name }) => `${number}: ${file} "${name}"`),
    );
    expect(missing).toEqual([]);
  });
});
