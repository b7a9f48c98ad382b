import { readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Che168Error } from "../../errors.ts";

/** The version of PostgreSQL that PGlite is made of; it opens no other's files. */
export const EMBEDDED_VERSION = "18";

/** With less than this a new database cannot be made. */
const ROOM_NEEDED_BYTES = 100_000_000;

/** What a database directory has besides its version; without it PGlite ends in words that tell nobody anything. */
const CORE = ["global/pg_control", "base", "pg_wal", "pg_xact"];

/** PostgreSQL writes this file whole, in this size. */
const CONTROL_BYTES = 8_192;

const unusable = (directory: string, problem: string, cause?: unknown) =>
  new Che168Error(
    "DATABASE_UNUSABLE",
    `The embedded database in ${directory} cannot be opened: ${problem}.`,
    {
      cause,
    },
  );

const OTHER_DIRECTORY = "Choose another directory with database.dataDir";
const START_ANEW = "Move the directory away and load again, or restore a dump";

/**
 * Looks at a directory before PGlite does, which writes a database between whatever files it finds, and says of a broken
 * one only that it gave up. Changes nothing.
 *
 * @returns true when there is nothing yet, so that a new database can be made
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
  // What a file system of its own has at its root.
  if (names.every((name) => name === "lost+found")) {
    return true;
  }
  const version = (await readFile(join(directory, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (version === "") {
    throw unusable(directory, `there are files, but no database. ${OTHER_DIRECTORY}, or empty this one`);
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
      throw unusable(directory, `it is half-written, ${name} is missing. ${START_ANEW}`);
    }
    if (part.isFile() && part.size !== CONTROL_BYTES) {
      throw unusable(directory, `it is half-written, ${name} is cut off. ${START_ANEW}`);
    }
  }
  return false;
}

/** The error of a database that PGlite could not open; what it had begun to make is taken away again. */
export async function cannotOpen(directory: string, fresh: boolean, cause: unknown): Promise<Che168Error> {
  if (fresh) {
    await empty(directory);
  }
  const free = await roomFor(directory);
  if (free !== undefined && free < ROOM_NEEDED_BYTES) {
    const left = Math.floor(free / 1_000_000);
    return unusable(directory, `the disk has ${left} MB left, and about 100 are needed`, cause);
  }
  return fresh
    ? unusable(
        directory,
        `it could not be made (${reasonOf(cause)}). Check that the disk has room and may be written, or choose another directory with database.dataDir`,
        cause,
      )
    : unusable(directory, `it seems to be damaged (${reasonOf(cause)}). ${START_ANEW}`, cause);
}

async function empty(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => one !== "lost+found")) {
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Bytes that may still be written where the directory is, or would be. */
async function roomFor(directory: string): Promise<number | undefined> {
  for (const place of [directory, join(directory, "..")]) {
    const room = await statfs(place).catch(() => undefined);
    if (room !== undefined) {
      return room.bavail * room.bsize;
    }
  }
  return undefined;
}

/** What PGlite says, where it is a sentence: Emscripten's "Aborted()" is none, and some of its errors are no errors. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : "";
  return /^$|^Aborted|initialize properly|unreachable/.test(message)
    ? "PostgreSQL did not start on it"
    : message;
}
