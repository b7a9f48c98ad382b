import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

test("every export is documented: npm run docs has no warnings", async () => {
  const out = await mkdtemp(join(tmpdir(), "che168-reference-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const { code, said } = await new Promise<{ code: number; said: string }>((resolve) => {
    const flags = ["--logLevel", "Warn", "--out", out];
    const typedoc = [join(ROOT, "node_modules/typedoc/bin/typedoc"), ...flags];
    execFile(process.execPath, typedoc, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
  expect(said).toBe("");
  expect(code).toBe(0);
  expect(await readdir(join(out, "functions"))).toEqual(
    expect.arrayContaining([
      "index.createLoader.html",
      "index.createApiClient.html",
      "listing.normalizeListing.html",
    ]),
  );
});
