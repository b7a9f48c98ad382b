import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const quietly = (code: string) =>
  spawnSync(process.execPath, ["scripts/quietly.ts", process.execPath, "--eval", code], { encoding: "utf8" });
const PRINTS = "console.log('page of output'); console.error('warning');";

test("the demo does not begin with the output of the build", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  expect(scripts.demo).toMatch(/^node scripts\/quietly\.ts npm run build && /);
  expect(quietly(PRINTS)).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("a build that fails is shown, and ends the demo", () => {
  const { status, stderr } = quietly(`${PRINTS} process.exitCode = 3;`);
  expect(status).toBe(3);
  expect(stderr).toMatch(/page of output\nwarning\n.* failed: exit code 3\n$/s);
});

test("a command that cannot be started is named", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/quietly.ts", "no-such-command"], {
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("no-such-command");
});
