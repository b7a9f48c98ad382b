import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// `npm test` builds first. Packing, installing and type checking the package is part of `npm run test:deep`.
const run = promisify(execFile);
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const manifest = JSON.parse(await readFile(path("package.json"), "utf8"));

test("every published entry of the build can be imported and has its types beside it", async () => {
  const entries = Object.values<string | { types: string; default: string }>(manifest.exports);
  for (const entry of entries) {
    if (typeof entry === "object") {
      expect(Object.keys(await import(path(entry.default))), entry.default).not.toEqual([]);
      expect(await readFile(path(entry.types), "utf8"), entry.types).toContain("export");
    }
  }
});

test("the built command prints its version and its help", async () => {
  const bin = path("bin/che168-sync.mjs");
  const { stdout: version } = await run(process.execPath, [bin, "--version"]);
  expect(version.trim()).toBe(manifest.version);
  const { stdout: help } = await run(process.execPath, [bin, "--help"]);
  for (const command of ["init", "initial", "daily", "normalize", "serve", "tokens", "status"]) {
    expect(help).toContain(command);
  }
});
