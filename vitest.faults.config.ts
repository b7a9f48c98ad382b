import { defineConfig, mergeConfig } from "vitest/config";
import { readScenarios } from "./scripts/scenarios.ts";
import all from "./vitest.config.ts";

/** The files that SECURITY.md names as proofs: a part of what `npm test` runs. */
const files = new Set(readScenarios().flatMap(({ proofs }) => proofs.map(({ file }) => file)));

const { include: _, ...test } = all.test ?? {};
export default mergeConfig({ ...all, test }, defineConfig({ test: { include: [...files] } }));
