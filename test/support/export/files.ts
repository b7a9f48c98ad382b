import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  type ExportBatch,
  type ExportEnd,
  type ExportFile,
  openExport,
} from "../../../src/export-file/index.ts";
import { directoryWith } from "../files/files.ts";

/** A cell as the service writes it. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Lines of a daily file: the names bare, the cells quoted. */
export const csv = (names: readonly string[], rows: readonly (readonly string[])[], lineEnd = "\n"): string =>
  [names.join("|"), ...rows.map((row) => row.map(quoted).join("|"))].map((line) => line + lineEnd).join("");

/** Writes a file into a directory of its own. @returns its path */
export async function fileWith(
  content: string | Buffer,
  name = "2025-06-15-all_active.csv",
): Promise<string> {
  const path = join(await directoryWith(), name);
  await writeFile(path, content);
  return path;
}

/** Opens a file on disk at noon of 2025-06-15. */
export const openLocal = (path: string, date?: string): Promise<ExportFile> =>
  openExport({ path, date }, { timezone: "Europe/Moscow", now: () => new Date("2025-06-15T09:00:00Z") });

/** The listings of a file, and how it ended. */
export async function readAll(
  file: ExportFile,
  position: number | null = null,
): Promise<{ data: Record<string, unknown>[]; batches: ExportBatch[]; end: ExportEnd }> {
  const batches: ExportBatch[] = [];
  const data: Record<string, unknown>[] = [];
  const reading = file.read(position, {});
  for (;;) {
    const { done, value } = await reading.next();
    if (done) {
      return { data, batches, end: value };
    }
    batches.push(value);
    const { bytes, spans } = value.documents();
    data.push(...spans.map(([start, end]) => JSON.parse(bytes.toString("utf8", start, end))));
  }
}

export const gzipped = (text: string): Buffer => gzipSync(text);
