import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli } from "../../support/process/command.ts";

async function workplace() {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const cwd = await directoryWith({ "folder/page.csv": '[{"inner_id":"1"}]\n' });
  const env = { DATABASE_URL: url, CHE168_BASE_URL: "http://127.0.0.1:9/api", CHE168_API_KEY: "key" };
  const runs = async () => {
    const database = await createDatabase({ url });
    try {
      return (await database.query("select operation_type, status from operations_log")).rows;
    } finally {
      await database.close();
    }
  };
  return { cwd, env, runs };
}

const EXPORT_REMEDY = /check the path, or write --from-export without one/;

describe.each([
  ["initial", ["initial", "--from-export"], EXPORT_REMEDY],
  ["reconcile", ["reconcile", "--from-export"], EXPORT_REMEDY],
  ["restore", ["restore"], /name a file that dump has written/],
  ["schedule", ["schedule"], /name a crontab with lines such as 30 3/],
] as const)("%s of a file", (_command, words, remedy) => {
  test.each([
    ["that is missing", "missing.csv", /There is no file /],
    ["that is a directory", "folder", / is a directory/],
    ["below a file", "folder/page.csv/x", / cannot be read: ENOTDIR/],
  ])("%s exits 2 with its path and the remedy, and records no run", async (_what, file, problem) => {
    const { runs, ...place } = await workplace();
    const { code, stderr } = await runCli([...words, file], place);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain(join(place.cwd, file));
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(remedy);
    expect(await runs()).toEqual([]);
  });
});

test.each(["initial", "reconcile"])(
  "%s --from-export of a file in another format exits 2 with the format to take, and records no run",
  async (command) => {
    const { runs, ...place } = await workplace();
    const { code, stderr } = await runCli([command, "--from-export", "folder/page.csv"], place);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toMatch(/page\.csv is JSON.*download all_active\.csv of the same day/);
    expect(await runs()).toEqual([]);
  },
);
