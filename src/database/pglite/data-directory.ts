import { chmod, mkdir, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Che168Error } from "../../errors.ts";

/** The version of PostgreSQL inside PGlite, which only opens files of the same version. */
export const EMBEDDED_VERSION = "18";

/** Free space needed to create a database. */
const MIN_FREE_BYTES = 100_000_000;

/** Required parts of a database directory besides its version; without them PGlite aborts with a meaningless message. */
const CORE = ["global/pg_control", "base", "pg_wal", "pg_xact"];

/** PostgreSQL writes this file as a whole, in this size. */
const CONTROL_BYTES = 8_192;

/** Access for the owner only, as PostgreSQL's initdb sets it: rows and WAL contain access tokens. */
const OWNER_ONLY = 0o700;
const OWNER_ONLY_FILE = 0o600;

const unusable = (directory: string, problem: string, cause?: unknown) =>
  new Che168Error(
    "DATABASE_UNUSABLE",
    `The embedded database in ${directory} cannot be opened: ${problem}.`,
    {
      cause,
    },
  );

const OTHER_DIRECTORY = "Choose another directory with database.dataDir";
const START_AGAIN = "Move the directory away and load again, or restore a dump";

/**
 * Checks a directory before PGlite opens it: PGlite creates a database even among other files, and its message for a
 * broken one gives no reason. Changes nothing.
 *
 * @returns true when it is missing or empty, so that a database can be created
 * @throws Che168Error `DATABASE_UNUSABLE`
 */
export async function examineDirectory(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) {
    return true;
  }
  if (!found.isDirectory()) {
    throw unusable(directory, `it is a file, not a directory. ${OTHER_DIRECTORY}`);
  }
  const names = await readdir(directory).catch((cause: Error) => {
    throw unusable(directory, `${cause.message}. ${OTHER_DIRECTORY}`, cause);
  });
  if (names.every(isOfFileSystem)) {
    return true;
  }
  const version = (await readFile(join(directory, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (version === "") {
    throw unusable(directory, `it contains files, but no database. ${OTHER_DIRECTORY}, or empty this one`);
  }
  if (version !== EMBEDDED_VERSION) {
    throw unusable(
      directory,
      `it was made by PostgreSQL ${version}, and this is ${EMBEDDED_VERSION}. Dump it with the version of che168-sync that made it, and restore that into an empty directory`,
    );
  }
  for (const name of CORE) {
    const part = await stat(join(directory, name)).catch(() => undefined);
    if (part === undefined) {
      throw unusable(directory, `it is half-written, ${name} is missing. ${START_AGAIN}`);
    }
    if (part.isFile() && part.size !== CONTROL_BYTES) {
      throw unusable(directory, `it is half-written, ${name} is cut off. ${START_AGAIN}`);
    }
  }
  return false;
}

/** Exists at the root of a file system. */
const isOfFileSystem = (name: string) => name === "lost+found";

/** Creates the directory if it is missing, and restricts it to its owner, where the file system has modes. */
export async function closeToOthers(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY });
  const { mode } = await stat(directory);
  if ((mode & 0o077) !== 0) {
    await chmod(directory, OWNER_ONLY).catch(() => {});
  }
}

/** Restricts the files of a new database to their owner: PGlite unpacks them with the process's umask. */
export async function closeFilesToOthers(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const mode = entry.isDirectory() ? OWNER_ONLY : OWNER_ONLY_FILE;
    await chmod(join(entry.parentPath, entry.name), mode).catch(() => {});
  }
}

/** The error of a database that PGlite could not open. Removes a half-created one. */
export async function cannotOpenDirectory(
  directory: string,
  fresh: boolean,
  cause: unknown,
): Promise<Che168Error> {
  if (fresh) {
    await removeContents(directory);
  }
  const free = await freeBytes(directory);
  if (free !== undefined && free < MIN_FREE_BYTES) {
    const left = Math.floor(free / 1_000_000);
    return unusable(directory, `the disk has ${left} MB left, and about 100 are needed`, cause);
  }
  return fresh
    ? unusable(
        directory,
        `it could not be created (${reasonOf(cause)}). Check that the disk has room and is writable, or choose another directory with database.dataDir`,
        cause,
      )
    : unusable(directory, `it seems to be damaged (${reasonOf(cause)}). ${START_AGAIN}`, cause);
}

async function removeContents(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => !isOfFileSystem(one))) {
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Free space where the directory is, or would be. */
async function freeBytes(directory: string): Promise<number | undefined> {
  for (const place of [directory, join(directory, "..")]) {
    const room = await statfs(place).catch(() => undefined);
    if (room !== undefined) {
      return room.bavail * room.bsize;
    }
  }
  return undefined;
}

/** PGlite's message where it is a sentence, unlike Emscripten's "Aborted()"; some of its errors are not `Error`s. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : "";
  return /^$|^Aborted|initialize properly|unreachable/.test(message)
    ? "PostgreSQL did not start on it"
    : message;
}
