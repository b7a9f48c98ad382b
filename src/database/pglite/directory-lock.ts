import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Che168Error, LockedError } from "../../errors.ts";

/** Where the lock of a directory lies: beside it, because PGlite wants an empty directory to begin with. */
const lockFile = (directory: string) => `${directory.replace(/[\\/]+$/, "")}.lock`;

/** The part of fs-native-extensions that is used here; it ships no types. */
interface FileLocks {
  tryLock(fd: number): boolean;
}

async function loadFileLocks(): Promise<FileLocks> {
  try {
    return (await import("fs-native-extensions")).default;
  } catch (cause) {
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `This system has no file locks that the embedded database can use (${process.platform}-${process.arch}); set DATABASE_URL to a PostgreSQL server instead.`,
      { cause },
    );
  }
}

/**
 * Locks the directory of an embedded database for this process. The operating system holds the lock and frees it when
 * the process ends, however it ends, so that a crash leaves none behind; the file's text only says who holds it.
 *
 * @param directory absolute path
 * @param holder what others are told, e.g. `che168-sync serve`
 * @returns frees the lock
 * @throws LockedError when another process has the directory open
 * @throws Che168Error `DATABASE_UNUSABLE` when the directory cannot be written
 */
export async function lockDirectory(directory: string, holder: string): Promise<() => Promise<void>> {
  const { tryLock } = await loadFileLocks();
  const path = lockFile(directory);
  let file: FileHandle;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(path, "a+");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `The embedded database's directory ${directory} cannot be used: ${reason}. Choose another one with database.dataDir.`,
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
  await file.truncate(0);
  await file.write(`${holder} (process ${process.pid}) since ${new Date().toISOString().slice(0, 19)}Z\n`);
  return () => file.close();
}
