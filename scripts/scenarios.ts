import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A row of SECURITY.md's table of faults. */
export interface Scenario {
  readonly number: number;
  readonly fault: string;
  readonly outcome: string;
  /** Tests that prove it. */
  readonly proofs: readonly { readonly file: string; readonly test: string }[];
}

const TABLE = new URL("../SECURITY.md", import.meta.url);

/** Reads the table. */
export function readScenarios(): Scenario[] {
  const text = readFileSync(fileURLToPath(TABLE), "utf8");
  return [...text.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \| (.+) \|$/gm)].map(
    ([, number, fault = "", outcome = "", proofs = ""]) => ({
      number: Number(number),
      fault,
      outcome,
      proofs: [...proofs.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", test = ""]) => ({
        file,
        test,
      })),
    }),
  );
}
