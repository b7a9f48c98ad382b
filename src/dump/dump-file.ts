import type { Stats } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { Che168Error, LockedError } from "../errors.ts";

/** A partial file without a write for this long is a leftover; in milliseconds. */
const STALE_MS = 600_000;

/** A file that is renamed into place when it is complete. */
export interface DumpFile {
  readonly output: Writable;
  /** Renames the file into place after `output` has ended; replaces an existing file. */
  commit(): Promise<void>;
  /** Removes the partial file. */
  discard(): Promise<void>;
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC:
    "Free space on that disk, or choose a file on another one; a complete file of that name is unchanged.",
  EDQUOT: "The user's quota is used up: free space, or choose a file on another disk.",
  EFBIG:
    "The file system or `ulimit -f` allows no larger file: choose a file on another disk, or raise the limit.",
  EACCES: "Choose a directory that this user may write to.",
  EPERM: "Choose a directory that this user may write to.",
  EROFS: "The disk is read-only: choose a file on another one.",
  ENOENT: "Create its directory first, or choose another file.",
  ENOTDIR: "Create its directory first, or choose another file.",
};

function unwritable(path: string, cause: unknown, bytes = 0): Che168Error {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const progress = bytes > 0 ? ` after ${Math.ceil(bytes / 1_000_000)} MB` : "";
  const remedy = REMEDIES[code] ?? "Choose another file.";
  return new Che168Error("DUMP_UNWRITABLE", `${path} cannot be written${progress}: ${message}. ${remedy}`, {
    cause,
    details: { path, reason: code },
  });
}

const isSame = (a: Stats, b: Stats | undefined) => b !== undefined && a.ino === b.ino && a.dev === b.dev;

async function openNew(partial: string, now: () => Date): Promise<FileHandle> {
  try {
    return await open(partial, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
    const { mtimeMs } = await stat(partial);
    if (now().getTime() - mtimeMs < STALE_MS) {
      throw new LockedError(
        `Another dump is writing ${partial}. If it was killed, remove that file, or wait ten minutes.`,
      );
    }
    await rm(partial);
    return open(partial, "wx", 0o600);
  }
}

/** Writes to a file and syncs it at the end, so that it is complete under its final name even after a power failure. */
function syncedOutput(handle: FileHandle, path: string): Writable {
  let bytes = 0;
  const settle = (work: Promise<unknown>, done: (error?: Error | null) => void) =>
    work.then(
      () => done(),
      (error) => done(unwritable(path, error, bytes)),
    );
  const writeAll = async (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await handle.write(chunk, at);
      at += bytesWritten;
      bytes += bytesWritten;
    }
  };
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => void settle(writeAll(chunk), done),
    final: (done) => void settle(handle.sync(), done),
    destroy: (error, done) => {
      handle.close().then(
        () => done(error),
        (failure) => done(error ?? unwritable(path, failure, bytes)),
      );
    },
  });
}

/**
 * Opens `path` + `.partial` for writing, readable by its owner only.
 *
 * @throws LockedError when another process is writing it
 * @throws Che168Error `DUMP_UNWRITABLE`; later errors of `output` too
 */
export async function createDumpFile(path: string, now: () => Date = () => new Date()): Promise<DumpFile> {
  const partial = `${path}.partial`;
  const explain = (error: unknown) => {
    throw error instanceof Che168Error ? error : unwritable(path, error);
  };
  const handle = await openNew(partial, now).catch(explain);
  const ours = await handle.stat();
  const output = syncedOutput(handle, path);
  const isOurs = async () => isSame(ours, await stat(partial).catch(() => undefined));
  return {
    output,
    commit: async () => {
      await finished(output);
      if (!(await isOurs())) {
        throw new LockedError(`Another dump has replaced ${partial}.`);
      }
      await rename(partial, path).catch(explain);
    },
    discard: async () => {
      output.destroy();
      await finished(output).catch(() => {});
      if (await isOurs()) {
        await rm(partial, { force: true });
      }
    },
  };
}
