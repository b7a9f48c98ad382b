import { mkdtempSync, rmSync } from "node:fs";
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { EMBEDDED_VERSION } from "../../../src/database/pglite/data-directory.ts";
import { directoryWith } from "../../support/files/files.ts";
import { startSource } from "../../support/process/command.ts";

describe("a directory that the embedded database cannot use", () => {
  const home = mkdtempSync(join(tmpdir(), "che168-embedded-"));
  const good = join(home, "good");
  beforeAll(async () => {
    const database = await createDatabase({ dataDir: good });
    await database.close();
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("differs from a good one by the version that PGlite writes", async () => {
    expect((await readFile(join(good, "PG_VERSION"), "utf8")).trim()).toBe(EMBEDDED_VERSION);
  });

  test.each([
    [
      "of another version",
      async (at: string) => writeFile(join(at, "PG_VERSION"), "15\n"),
      /made by PostgreSQL 15/,
    ],
    [
      "half-written",
      async (at: string) => rm(join(at, "global/pg_control")),
      /half-written, global\/pg_control/,
    ],
    [
      "without its rows",
      async (at: string) => rm(join(at, "base"), { recursive: true }),
      /half-written, base/,
    ],
    [
      "truncated",
      async (at: string) => truncate(join(at, "global/pg_control"), 100),
      /half-written, global\/pg_control is cut off/,
    ],
  ])("%s is rejected with one sentence, and not modified", async (_name, spoil, words) => {
    const directory = join(await directoryWith(), "pgdata");
    await cp(good, directory, { recursive: true });
    await spoil(directory);
    const before = await contentsOf(directory);
    const opening = createDatabase({ dataDir: directory });
    await expect(opening).rejects.toMatchObject({ code: "DATABASE_UNUSABLE" });
    await expect(opening).rejects.toThrow(words);
    await expect(opening).rejects.not.toThrow(/Aborted|object Object/);
    expect(await contentsOf(directory)).toEqual(before);
  });

  test("that is damaged: the error names the damage, without messages of the runtime", async () => {
    const directory = join(await directoryWith(), "pgdata");
    await cp(good, directory, { recursive: true });
    await writeFile(join(directory, "global/pg_control"), Buffer.alloc(8_192));
    const opening = createDatabase({ dataDir: directory });
    await expect(opening).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/seems to be damaged \(PostgreSQL did not start on it\)/),
    });
  });

  test("with other files: no database is created among them", async () => {
    const directory = await directoryWith({ "photos/one.jpg": "x" });
    await expect(createDatabase({ dataDir: directory })).rejects.toThrow(
      /it contains files, but no database/,
    );
    expect(await readdir(directory)).toEqual(["photos"]);
    await expect(createDatabase({ dataDir: join(directory, "photos/one.jpg") })).rejects.toThrow(
      /it is a file/,
    );
  });

  test("that is not writable: the error names the setting for another one", async () => {
    const at = await directoryWith({ file: "" });
    await expect(createDatabase({ dataDir: join(at, "file/pgdata") })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/cannot be used: .*database\.dataDir/),
    });
  });

  test("on a full disk: the error names the cause, the exit code is 2, and no file remains", async () => {
    const cwd = await directoryWith();
    // No file of this shell's children may be larger than 1 MB: writing ends as on a full disk.
    const { ended } = startSource(["init"], { cwd, shell: "ulimit -f 2000" });
    const { code, stderr } = await ended;
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^\[ERROR\] The embedded database in .* could not be created .*disk has room/),
    ]);
    expect(await readdir(cwd)).toEqual([]);
    const again = await createDatabase({ dataDir: join(cwd, ".che168/pgdata") });
    await again.close();
  });
});

/** Every file of a directory with its size and the time of its last change. */
async function contentsOf(directory: string): Promise<Record<string, string>> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const facts = files.map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return [file, `${size} bytes, ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(facts));
}
