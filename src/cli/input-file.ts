import { type FileHandle, open } from "node:fs/promises";
import { usageError } from "./args.ts";

/**
 * Opens a file that an argument names. Call it before the database is opened: a wrong path must not create a run.
 *
 * @param remedy what to do when the file cannot be read, as the end of a sentence
 * @throws Che168Error `USAGE` when it is missing, unreadable or a directory
 */
export async function openInputFile(path: string, remedy: string): Promise<FileHandle> {
  const unreadable = (problem: string) => usageError(`${problem}; ${remedy}`);
  const handle = await open(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw unreadable(code === "ENOENT" ? `There is no file ${path}` : `${path} cannot be read: ${code}`);
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw unreadable(`${path} is a directory`);
  }
  return handle;
}
