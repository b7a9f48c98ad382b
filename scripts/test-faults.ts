import { spawnSync } from "node:child_process";
import { readScenarios } from "./scenarios.ts";

/** Runs the test files that SECURITY.md names as proofs. */
const files = new Set(readScenarios().flatMap(({ proofs }) => proofs.map(({ file }) => file)));
const projects = ["unit", "integration", "deep"].flatMap((name) => ["--project", name]);
const { status } = spawnSync("npx", ["vitest", "run", ...projects, ...files], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
