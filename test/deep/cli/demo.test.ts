import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { directoryWith } from "../../support/files/files.ts";
import { runSource } from "../../support/process/command.ts";

describe("demo", () => {
  test("runs without account, configuration and database, and leaves no files", async () => {
    const cwd = await directoryWith({ "che168.config.json": "nonsense" });
    const { code, stdout, stderr } = await runSource(["demo"], { cwd, env: { DATABASE_URL: "nonsense" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/740 listings loaded, 120 changes applied, \d+ listings normalised and served/);
    expect(stdout).toMatch(/"mark": "БМВ"/);
    expect(stderr).not.toMatch(/WARN|ERROR/);
    expect(await readdir(cwd)).toEqual(["che168.config.json"]);
  });
});
