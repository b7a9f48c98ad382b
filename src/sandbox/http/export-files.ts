import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxOptions } from "../types.ts";
import type { Days } from "../world/feed-days.ts";
import type { World } from "../world/world.ts";

/** Options of the daily files with their defaults in place. */
export type ExportSettings = Required<NonNullable<SandboxOptions["export"]>>;

/** Kinds and formats of files; `.xlsx` is left out: a cell of it holds 32,767 characters, and no reader needs it. */
export const FILE_KINDS = ["all_active", "new_daily", "removed_daily"] as const;
export const FILE_FORMATS = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
} as const;

export type FileKind = (typeof FILE_KINDS)[number];
export type FileFormat = keyof typeof FILE_FORMATS;

/** A snapshot of the moment of its first request, rendered once into a temporary file. */
export interface RenderedFile {
  readonly etag: string;
  readonly size: number;
  readonly handle: FileHandle;
}

type Row = Readonly<Record<string, unknown>>;
interface RowSource {
  /** Names of its fields. */
  readonly names: () => readonly string[];
  readonly row: () => Row;
}

/** Rows per write. */
const CHUNK_ROWS = 100;

const parse = (pieces: readonly Buffer[]): unknown => JSON.parse(Buffer.concat(pieces).toString());

/** A cell: quoted, quotes doubled; objects and arrays as JSON. */
function cell(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** Text before, between and after the rows of a file, and each row's own. */
interface Layout {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly row: (values: Row) => string;
}

function layoutOf(format: FileFormat, names: readonly string[], bom: boolean): Layout {
  if (format === "json") {
    const pick = (values: Row) =>
      Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
    return { before: "[", between: ",\n", after: "]\n", row: (values) => JSON.stringify(pick(values)) };
  }
  return {
    before: `${bom ? "\ufeff" : ""}${names.join("|")}\n`,
    between: "",
    after: "",
    row: (values) => `${names.map((name) => cell(values[name])).join("|")}\n`,
  };
}

/** Opens a temporary file that disappears with the process. */
async function temporaryFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `che168-sandbox-${randomUUID()}`);
  const handle = await open(path, "wx+", 0o600);
  // Windows keeps the name of an open file.
  await unlink(path).catch(() => {});
  return handle;
}

/** Renders and keeps the daily files of a world. */
export function createExportFiles(
  world: World,
  settings: ExportSettings,
  { days, now }: { days: Days; now: () => number },
) {
  const files = new Map<string, Promise<RenderedFile>>();
  /** All of them, replaced ones too: a download may still read them. */
  const rendered: Promise<RenderedFile>[] = [];
  let generation = 0;

  function rowsOf(kind: FileKind, day: string): RowSource[] {
    if (kind === "all_active") {
      return world.catalogue.snapshots().map(({ innerId, data, names }) => ({
        names,
        row: () => ({ inner_id: innerId, ...(parse(data()) as Row) }),
      }));
    }
    const wanted = kind === "new_daily" ? "added" : "removed";
    return world.feed.entries
      .filter((entry) => entry.day === day)
      .map((entry) => parse(entry.text()) as Row)
      .filter((record) => record.change_type === wanted)
      .map((record) => {
        const data = (record.data ?? {}) as Row;
        return { names: () => Object.keys(data), row: () => ({ inner_id: record.inner_id, ...data }) };
      });
  }

  async function render(kind: FileKind, day: string, format: FileFormat): Promise<RenderedFile> {
    const rows = rowsOf(kind, day);
    if (generation % 2 === 1) {
      rows.reverse();
    }
    const version = `${kind} ${day} ${generation} ${world.feed.lastId}`;
    const syncedAt = days.iso(now());
    const columns = new Set(["inner_id", ...rows.flatMap(({ names }) => names()), "synced_at"]);
    columns.delete("synced_at");
    columns.add("synced_at");
    const names = [...columns].filter((name) => !settings.withoutColumns.includes(name));
    const { before, between, after, row } = layoutOf(format, names, settings.bom);
    const handle = await temporaryFile();
    const hash = createHash("sha256").update(version);
    let size = 0;
    const write = async (text: string) => {
      const bytes = Buffer.from(text);
      hash.update(bytes);
      await handle.write(bytes, 0, bytes.length, size);
      size += bytes.length;
    };
    await write(before);
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const chunk = rows
        .slice(from, from + CHUNK_ROWS)
        .map((source) => row({ ...source.row(), synced_at: syncedAt }));
      await write((from > 0 ? between : "") + chunk.join(between));
    }
    await write(after);
    return { etag: `"${hash.digest("hex").slice(0, 16)}"`, size, handle };
  }

  return {
    /** A file; rendered at its first request. */
    get(kind: FileKind, day: string, format: FileFormat): Promise<RenderedFile> {
      const key = `${day}/${kind}.${format}`;
      const known = files.get(key);
      if (known) {
        return known;
      }
      const file = render(kind, day, format);
      files.set(key, file);
      rendered.push(file);
      return file;
    },
    /** Forgets all files: the next requests render new ones, with another order of rows. Downloads continue. */
    replace(): void {
      generation += 1;
      files.clear();
    },
    /** Deletes all files. */
    async close(): Promise<void> {
      const opened = await Promise.allSettled(rendered);
      await Promise.allSettled(
        opened.map((file) => (file.status === "fulfilled" ? file.value.handle.close() : undefined)),
      );
    },
  };
}
