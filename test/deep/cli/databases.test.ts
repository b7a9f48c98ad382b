import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { emptyServerDatabase, freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runSource } from "../../support/process/command.ts";

// Processes on a busy machine take seconds each.
const READERS = ["status", "status --check", "tokens list", "vocabulary", "dump a.dump", "migrate status"];
const UPGRADERS = ["normalize", "serve --port 0", "tokens create"];

const serverUrl = async (name: string) => {
  const fresh = await freshServerDatabase();
  await fresh.drop();
  return fresh.url.replace(/[^/]+$/, name);
};

describe("a database that does not exist", () => {
  test.each([...READERS, ...UPGRADERS, "migrate down"])(
    "%s on a server exits 2 and creates nothing",
    async (line) => {
      const cwd = await directoryWith();
      const { code, stderr } = await runSource(line.split(" "), {
        cwd,
        env: { DATABASE_URL: await serverUrl("zzz_missing") },
      });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /^\[ERROR\] There is no database zzz_missing; `che168-sync init` creates it/,
        ),
      });
      expect(await readdir(cwd)).toEqual([]);
    },
  );

  test.each([...READERS, ...UPGRADERS])("%s, embedded, exits 2 and creates nothing", async (line) => {
    const cwd = await directoryWith();
    const { code, stderr } = await runSource(line.split(" "), { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^\[ERROR\] There is no embedded database in .*; `che168-sync init` creates it/,
      ),
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe("a database without tables", () => {
  test.each(READERS)("%s exits 2 and creates none", async (line) => {
    const cwd = await directoryWith();
    const { url, drop } = await emptyServerDatabase();
    const { code, stderr } = await runSource(line.split(" "), { cwd, env: { DATABASE_URL: url } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^\[ERROR\] .*(?:has no tables of che168-sync; `che168-sync init`|nothing to dump)/,
      ),
    });
    const opening = createDatabase({ url, autoMigrate: false });
    await expect(opening).rejects.toMatchObject({ code: "SCHEMA_OUTDATED" });
    await drop();
  });

  test.each(["normalize", "tokens create"])("%s creates them, unless autoMigrate is off", async (line) => {
    const { url, drop } = await emptyServerDatabase();
    const env = { DATABASE_URL: url };
    const strict = await directoryWith({ "che168.config.json": '{"database":{"autoMigrate":false}}' });
    expect(await runSource(line.split(" "), { cwd: strict, env })).toMatchObject({ code: 2 });
    expect(await readdir(strict)).toEqual(["che168.config.json"]);
    expect(await runSource(line.split(" "), { cwd: await directoryWith(), env })).toMatchObject({ code: 0 });
    await drop();
  });
});

test("files of the embedded database and of the log are closed to other users", async () => {
  const cwd = await directoryWith();
  expect(await runSource(["init"], { cwd, shell: "umask 022" })).toMatchObject({ code: 0 });
  await mkdir(join(cwd, "seen"), { mode: 0o755 });
  const entries = await readdir(cwd, { recursive: true });
  expect(entries).toEqual(expect.arrayContaining([".che168/pgdata/PG_VERSION", "logs"]));
  const open: string[] = [];
  for (const entry of entries) {
    const { mode } = await stat(join(cwd, entry));
    if ((mode & 0o077) !== 0) {
      open.push(entry);
    }
  }
  expect(open).toEqual(["seen"]);
});
