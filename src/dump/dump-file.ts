import type { Stats } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { LockedError } from "../errors.ts";

/** Nobody writes for so long to a file that is still being written; in milliseconds. */
const STALE_MS = 600_000;

/** A file that appears under its name when it is complete. */
export interface DumpFile {
  readonly output: Writable;
  /** When `output` has ended: gives the file its name; replaces another that had it. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
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

/**
 * Opens `path` + `.partial` for writing, readable by its owner only.
 *
 * @throws LockedError when another process is writing it
 */
export async function createDumpFile(path: string, now: () => Date = () => new Date()): Promise<DumpFile> {
  const partial = `${path}.partial`;
  const handle = await openNew(partial, now);
  const ours = await handle.stat();
  // Its last act is fsync: a name must not stand for less than the whole, also after a power cut.
  const output = handle.createWriteStream({ flush: true });
  const isOurs = async () => isSame(ours, await stat(partial).catch(() => undefined));
  return {
    output,
    commit: async () => {
      await finished(output);
      if (!(await isOurs())) {
        throw new LockedError(`Another dump took the place of ${partial}.`);
      }
      await rename(partial, path);
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
