import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../../bin/che168-sync.mjs", import.meta.url));

/** Runs the command on a Node.js that reports another version. */
function runAs(version: string) {
  const disguise = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  return spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(disguise)}`, BIN, "--version"],
    {
      encoding: "utf8",
    },
  );
}

test.each(["12.22.12", "18.20.0", "20.19.5", "22.16.0"])(
  "Node.js %s is rejected in one line with the required version",
  (version) => {
    const { status, stdout, stderr } = runAs(version);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `che168-sync needs Node.js 22.17 or newer; this is ${version}.\n`,
    });
  },
);

test("the required version equals the one in package.json", async () => {
  const { engines } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(engines.node).toBe(">=22.17");
});
