import { type FileHandle, mkdir, open, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Che168Error, LockedError } from "../../errors.ts";
import { errorMessage } from "../../util/error-message.ts";

/** Next to the directory, because PGlite creates a database only in an empty one. */
const lockFileOf = (directory: string) => `${directory.replace(/[\\/]+$/, "")}.lock`;

/** The part of fs-native-extensions that is used here; it ships no types. */
interface FileLocks {
  tryLock(fd: number): boolean;
}

/**
 * Loads the native module.
 * @param runtime its global object
 * @throws Che168Error `DATABASE_UNUSABLE` when it has no file locks
 */
export async function loadFileLocks(runtime: object = globalThis): Promise<FileLocks> {
  // Checked before loading: Deno lacks libuv's symbols, and its dynamic linker ends the process.
  if ("Deno" in runtime) {
    throw withoutLocks("Deno cannot load native file locks, which the embedded database needs");
  }
  try {
    return (await import("fs-native-extensions")).default;
  } catch (cause) {
    throw withoutLocks(
      `The embedded database has no file locks for this system (${process.platform}-${process.arch})`,
      cause,
    );
  }
}

const withoutLocks = (problem: string, cause?: unknown) =>
  new Che168Error("DATABASE_UNUSABLE", `${problem}; set DATABASE_URL to a PostgreSQL server instead.`, {
    cause,
  });

/** A locked directory. */
export interface DirectoryLock {
  release(): Promise<void>;
  /** Removes what locking created, then releases. */
  discard(): Promise<void>;
}

/**
 * Locks the directory of an embedded database for this process. The operating system holds the lock and releases it when
 * the process ends for any reason; the file's text only names the holder.
 *
 * @param directory absolute path
 * @param holder named in the message of other processes, e.g. `che168-sync serve`
 * @throws LockedError when another process has the directory open
 * @throws Che168Error `DATABASE_UNUSABLE` when the directory cannot be written, or the system has no file locks
 */
export async function lockDirectory(directory: string, holder: string): Promise<DirectoryLock> {
  const { tryLock } = await loadFileLocks();
  const path = lockFileOf(directory);
  let file: FileHandle;
  let created: string | undefined;
  let isNew = false;
  try {
    created = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    isNew = (await stat(path).catch(() => undefined)) === undefined;
    file = await open(path, "a+", 0o600);
  } catch (cause) {
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `The embedded database's directory ${directory} cannot be used: ${errorMessage(cause)}. Choose another one with database.dataDir.`,
      { cause },
    );
  }
  if (!tryLock(file.fd)) {
    await file.close();
    const who = (await readFile(path, "utf8").catch(() => "")).trim() || "another process";
    throw new LockedError(
      `The embedded database in ${directory} is in use by ${who}; stop it first, or use a PostgreSQL server (DATABASE_URL), which several commands can share.`,
      { directory },
    );
  }
  // Another process that failed to create a database may just have removed the file: its lock would protect nothing.
  const [locked, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  if (locked.ino !== named?.ino) {
    await file.close();
    return lockDirectory(directory, holder);
  }
  await file.truncate(0);
  await file.write(`${holder} (process ${process.pid}) since ${new Date().toISOString().slice(0, 19)}Z\n`);
  return {
    release: () => file.close(),
    discard: async () => {
      if (isNew) {
        await rm(path, { force: true });
      }
      await file.close();
      if (created !== undefined) {
        await removeEmpty(dirname(path), created);
      }
    },
  };
}

/** Removes a directory and its parents up to `last`, as far as they are empty. */
async function removeEmpty(directory: string, last: string): Promise<void> {
  try {
    await rmdir(directory);
    if (directory !== last && directory.startsWith(last)) {
      await removeEmpty(dirname(directory), last);
    }
  } catch {
    // Not empty: it holds files of others.
  }
}
