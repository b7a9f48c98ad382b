import { type FileHandle, open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Che168Error } from "../errors.ts";
import { dayOf, isDay } from "../util/days.ts";
import { errorMessage } from "../util/error-message.ts";
import { type ByteSource, ExportReplaced } from "./types.ts";

/** Bytes per read. */
const CHUNK_BYTES = 262_144;
const HEAD_BYTES = 65_536;

/** The last day in a path, such as `…/2026-11-27/all_active.csv`. */
const dayInPath = (path: string): string | undefined =>
  [...path.matchAll(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/g)].map(([day]) => day).findLast(isDay);

/**
 * Opens a file on disk.
 *
 * @param options.date its day, when the path has none; else the day of its modification in `timezone`
 * @throws Che168Error `EXPORT_NOT_FOUND`
 */
export async function openLocalBytes(
  path: string,
  { date, timezone }: { date: string | undefined; timezone: string },
): Promise<ByteSource> {
  const file = resolve(path);
  const failed = (error: unknown) =>
    new Che168Error("EXPORT_NOT_FOUND", `The daily file ${file} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  const opened = async () => {
    const handle = await open(file, "r").catch((error: unknown) => {
      throw failed(error);
    });
    const stat = await handle.stat();
    if (!stat.isFile()) {
      await handle.close();
      throw failed(new Error("it is not a file"));
    }
    return { handle, stat };
  };
  const { handle, stat } = await opened();
  const readHead = async (from: FileHandle, size: number) =>
    (await from.read(Buffer.alloc(size), 0, size, 0)).buffer;
  const head = await readHead(handle, Math.min(HEAD_BYTES, stat.size));
  await handle.close();

  return {
    name: basename(file),
    date: dayInPath(file) ?? date ?? dayOf(stat.mtime, timezone),
    version: `${stat.size}-${Math.round(stat.mtimeMs)}`,
    size: stat.size,
    head,
    async *read(position, { signal }) {
      const { handle } = await opened();
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      try {
        // Another file under the same name may have other columns. One that has only grown is read as it is.
        if (!head.equals(await readHead(handle, head.length))) {
          throw new ExportReplaced(basename(file));
        }
        for (let at = position; ; ) {
          signal?.throwIfAborted();
          const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, at);
          if (bytesRead === 0) {
            return;
          }
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await handle.close();
      }
    },
  };
}
