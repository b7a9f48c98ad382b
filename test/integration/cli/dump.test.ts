import { execFile } from "node:child_process";
import { openSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database, type DatabaseOptions } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { contentsOf, fillAwkwardly, fillWith } from "../../support/database/dumps.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type CommandOptions, runSource, startSource } from "../../support/process/command.ts";

/** Opens a database for as long as `work` takes: commands and tests cannot have the embedded one at a time. */
async function inside<T>(options: DatabaseOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await createDatabase(options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

interface Place extends CommandOptions {
  readonly database: DatabaseOptions;
}

/** A directory in which the command works on the embedded database. */
async function laptop(): Promise<Place> {
  const cwd = await directoryWith();
  return { cwd, database: { dataDir: join(cwd, ".che168/pgdata") } };
}

/** A directory in which it works on a server. */
async function server(): Promise<Place> {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  return { cwd: await directoryWith(), env: { DATABASE_URL: url }, database: { url } };
}

const rowsIn = (place: Place): Promise<number> =>
  inside(place.database, async (database) => {
    const { rows } = await database.query<{ count: number }>("select count(*)::int as count from raw_data");
    return rows[0]?.count ?? -1;
  });

describe("moving from a laptop without PostgreSQL to a server", () => {
  test("is one file, or a pipe; every row arrives", async () => {
    const from = await laptop();
    await inside(from.database, fillAwkwardly);
    const file = join(from.cwd, "che168.dump");
    const dumped = await runSource(["dump", "che168.dump"], from);
    expect(dumped).toMatchObject({ code: 0, stdout: "" });
    expect(dumped.stderr).toMatch(/\[INFO\] Progress: 100\.0% \(\d+ \/ \d+ rows\)/);
    expect(dumped.stderr).toMatch(
      /Dumped 6 listings, 39 rows of 9 tables, in \w+: [\d.]+ KB to .*che168\.dump/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const to = await server();
    const restored = await runSource(["restore", file], to);
    expect(restored).toMatchObject({ code: 0, stdout: "" });
    expect(restored.stderr).toMatch(/Restored 6 listings, 39 rows of 9 tables.*every table were counted/);

    const piped = await server();
    const command = `'${process.execPath}' '${fileURLToPath(new URL("../../support/process/cli-source.ts", import.meta.url))}'`;
    const pipe = `${command} dump - | DATABASE_URL='${piped.env?.DATABASE_URL}' ${command} restore -`;
    const { stderr } = await promisify(execFile)("sh", ["-c", pipe], {
      cwd: to.cwd,
      env: { ...process.env, ...to.env },
    });
    expect(stderr).toMatch(/Dumped 6 listings.* to standard output/);

    const expected = await inside(from.database, contentsOf);
    expect(await inside(to.database, contentsOf)).toEqual(expected);
    expect(await inside(piped.database, contentsOf)).toEqual(expected);
  });

  test("and back again, with --force where something is", async () => {
    const from = await server();
    await inside(from.database, fillAwkwardly);
    await runSource(["dump", "a.dump"], from);
    const to = await laptop();
    await runSource(["init"], to);
    const file = join(from.cwd, "a.dump");
    const refused = await runSource(["restore", file], to);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/\[ERROR\] The database .* is not empty.*20 in api_tokens.*--force/);
    expect(await runSource(["restore", file, "--force"], to)).toMatchObject({ code: 0 });
    expect(await inside(to.database, contentsOf)).toEqual(await inside(from.database, contentsOf));
  });
});

describe("a restore that is killed", () => {
  test.each([
    ["a server", server],
    ["the embedded database", laptop],
  ] as const)("leaves %s empty, and the next one succeeds", async (_, place) => {
    const from = await server();
    await inside(from.database, (database) => fillWith(database, 60, 600_000));
    await runSource(["dump", "a.dump"], from);
    const file = await readFile(join(from.cwd, "a.dump"));
    const to = await place();
    const running = startSource(["restore", "-"], { ...to, stdin: "pipe" });
    // All rows, without the end: it waits for the rest of the file.
    running.child.stdin?.write(file.subarray(0, -6_000));
    await running.shown(/Filling 9 tables/);
    running.child.kill("SIGKILL");
    expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
    expect(await rowsIn(to)).toBe(0);
    expect(await runSource(["restore", join(from.cwd, "a.dump")], to)).toMatchObject({ code: 0 });
    expect(await rowsIn(to)).toBe(60);
  });

  test("by SIGTERM while it waits for its input stops cleanly", async () => {
    const to = await server();
    const running = startSource(["restore", "-"], {
      ...to,
      stdin: "pipe",
      env: { ...to.env, LOG_LEVEL: "debug" },
    });
    await running.shown(/Reading the dump/);
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 143 });
    expect(await rowsIn(to)).toBe(0);
  });
});

describe("a dump that cannot be finished", () => {
  test("leaves the file of yesterday alone", async () => {
    const from = await server();
    await inside(from.database, (database) => database.migrations.down());
    const cwd = await directoryWith({ "a.dump": "of yesterday" });
    const { code, stderr } = await runSource(["dump", "a.dump"], { ...from, cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("nothing to dump");
    expect(await readFile(join(cwd, "a.dump"), "utf8")).toBe("of yesterday");
    expect((await readdir(cwd)).sort()).toEqual(["a.dump", "logs"]);
  });

  test("because the disk is full says so", async () => {
    const from = await server();
    await inside(from.database, fillAwkwardly);
    const full = openSync("/dev/full", "w");
    const { code, stderr } = await startSource(["dump", "-"], { ...from, stdout: full }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("[ERROR] ENOSPC: no space left on device");
  });

  test("because another one is writing the same file ends with code 3", async () => {
    const from = await server();
    await writeFile(join(from.cwd, "a.dump.partial"), "");
    const { code, stderr } = await runSource(["dump", "a.dump"], from);
    expect(code).toBe(3);
    expect(stderr).toMatch(/Another dump is writing .*a\.dump\.partial/);
    expect(await readdir(from.cwd)).toContain("a.dump.partial");
  });
});

test("a file that is not there, or is a directory, is wrong usage and makes no database", async () => {
  const { database: _, ...place } = await laptop();
  for (const file of ["none.dump", "."]) {
    expect(await runSource(["restore", file], place)).toMatchObject({ code: 2 });
  }
  expect(await readdir(place.cwd)).toEqual(["logs"]);
  expect((await runSource(["dump"], place)).stderr).toContain("FILE is missing");
});
