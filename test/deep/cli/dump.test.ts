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

/** Opens a database while `work` runs: only one process can use the embedded one. */
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

/** A directory where the command uses the embedded database. */
async function laptop(): Promise<Place> {
  const cwd = await directoryWith();
  return { cwd, database: { dataDir: join(cwd, ".che168/pgdata") } };
}

/** A directory where it uses a server. */
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
  test("is one file or a pipe, with every row", async () => {
    const from = await laptop();
    await inside(from.database, fillAwkwardly);
    const file = join(from.cwd, "che168.dump");
    const dumped = await runSource(["dump", "che168.dump"], from);
    expect(dumped).toMatchObject({ code: 0, stdout: "" });
    expect(dumped.stderr).toMatch(/\[INFO\] Progress: 100\.0% \(\d+ \/ \d+ rows\)/);
    expect(dumped.stderr).toMatch(
      /Dumped 6 listings, \d+ rows of \d+ tables, in \w+: [\d.]+ KB to .*che168\.dump/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const to = await server();
    const restored = await runSource(["restore", file], to);
    expect(restored).toMatchObject({ code: 0, stdout: "" });
    expect(restored.stderr).toMatch(
      /Restored 6 listings, \d+ rows of \d+ tables.*row counts of all tables verified/,
    );

    const piped = await server();
    const command = `'${process.execPath}' '${fileURLToPath(new URL("../../../scripts/cli.ts", import.meta.url))}'`;
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

  test("works in both directions, with --force over existing rows", async () => {
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

describe("a killed restore", () => {
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
    // All rows without the end: it waits for the rest of the file.
    running.child.stdin?.write(file.subarray(0, -6_000));
    await running.shown(/Filling \d+ tables/);
    running.child.kill("SIGKILL");
    expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
    expect(await rowsIn(to)).toBe(0);
    expect(await runSource(["restore", join(from.cwd, "a.dump")], to)).toMatchObject({ code: 0 });
    expect(await rowsIn(to)).toBe(60);
  });

  test("stops cleanly on SIGTERM while it waits for its input", async () => {
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

describe("a dump that fails", () => {
  test("leaves an existing file unchanged", async () => {
    const from = await server();
    await inside(from.database, async (database) => {
      while ((await database.migrations.down()) !== undefined) {
        // Until no applied migration is left.
      }
    });
    const cwd = await directoryWith({ "a.dump": "yesterday" });
    const { code, stderr } = await runSource(["dump", "a.dump"], { ...from, cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("nothing to dump");
    expect(await readFile(join(cwd, "a.dump"), "utf8")).toBe("yesterday");
    expect((await readdir(cwd)).sort()).toEqual(["a.dump", "logs"]);
  });

  test("to standard output on a full disk reports that", async () => {
    const from = await server();
    await inside(from.database, fillAwkwardly);
    const full = openSync("/dev/full", "w");
    const { code, stderr } = await startSource(["dump", "-"], { ...from, stdout: full }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("[ERROR] ENOSPC: no space left on device");
  });

  test("because its file cannot grow names the file and the remedy, and leaves an existing one unchanged", async () => {
    const from = await server();
    await inside(from.database, (database) => fillWith(database, 60, 600_000));
    const cwd = await directoryWith({ "a.dump": "yesterday" });
    // 4 KB: enough for the log, not for the dump.
    const { code, stderr } = await startSource(["dump", "a.dump"], { ...from, cwd, shell: "ulimit -f 8" })
      .ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\[ERROR\] \S*a\.dump cannot be written.*: EFBIG: .*choose a file on another disk/,
    );
    expect(await readFile(join(cwd, "a.dump"), "utf8")).toBe("yesterday");
    expect(await readdir(cwd)).not.toContain("a.dump.partial");
  });

  test("in a missing directory names the file and the remedy", async () => {
    const { code, stderr } = await runSource(["dump", "no/a.dump"], await server());
    expect(code).toBe(1);
    expect(stderr).toMatch(/no\/a\.dump cannot be written: ENOENT.*Create its directory first/);
  });

  test("exits with 3 while another dump writes the same file", async () => {
    const from = await server();
    await writeFile(join(from.cwd, "a.dump.partial"), "");
    const { code, stderr } = await runSource(["dump", "a.dump"], from);
    expect(code).toBe(3);
    expect(stderr).toMatch(/Another dump is writing .*a\.dump\.partial/);
    expect(await readdir(from.cwd)).toContain("a.dump.partial");
  });
});

test("a missing file or a directory is a usage error and creates no database", async () => {
  const { database: _, ...place } = await laptop();
  for (const file of ["none.dump", "."]) {
    expect(await runSource(["restore", file], place)).toMatchObject({ code: 2 });
  }
  expect(await readdir(place.cwd)).toEqual([]);
  expect((await runSource(["dump"], place)).stderr).toContain("FILE is missing");
});
