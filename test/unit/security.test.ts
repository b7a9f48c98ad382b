import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readScenarios } from "../../scripts/scenarios.ts";

/** How many faults there are to stand: docs and table count alike. */
const COUNT = 40;
const scenarios = readScenarios();

describe("the table of faults in SECURITY.md", () => {
  test("has every scenario once, in order, each with what happens and what proves it", () => {
    expect(scenarios.map(({ number }) => number)).toEqual(
      Array.from({ length: COUNT }, (_, index) => index + 1),
    );
    expect(
      scenarios.filter(({ fault, outcome, proofs }) => !fault || !outcome || proofs.length === 0),
    ).toEqual([]);
  });

  test("names no test that is not there", () => {
    const missing = scenarios.flatMap(({ number, proofs }) =>
      proofs
        .filter(({ file, test: name }) => {
          const source = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
          // The title stands right behind `test(`, or behind the cases of `test.each`.
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
