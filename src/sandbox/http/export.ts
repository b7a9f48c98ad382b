import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SandboxOptions } from "../types.ts";
import { addDays, type Days, isDay } from "../world/feed-days.ts";
import type { World } from "../world/world.ts";

/** The daily files are below this path. */
export const EXPORT_PATH = "/export";

/** Hour of the feed's time zone from which the file of a day is available, and the number of days it is kept. */
const AVAILABLE_FROM_HOUR = 8;
const KEPT_DAYS = 3;

/** Options of the daily files with their defaults in place. */
export type ExportSettings = Required<NonNullable<SandboxOptions["export"]>>;

/** A file: a snapshot at its first request. Rows are rendered while they are sent. */
interface ExportFile {
  readonly etag: string;
  readonly header: Buffer;
  readonly rows: readonly (() => Buffer)[];
  /** Position of each row in the file, and the size of the file at the end. */
  readonly offsets: Float64Array;
}

/** The daily files. */
export interface Exports {
  /**
   * Responds to a request for a file: Basic auth, `ETag`, `Range`, `If-Match`.
   * @param isCut closes the connection after half of the content
   */
  respond(request: IncomingMessage, response: ServerResponse, path: string, isCut: boolean): Promise<void>;
  /** Replaces all files with the current state: another `ETag`, another order of rows. */
  replace(): void;
}

type Row = Readonly<Record<string, unknown>>;
const KINDS = ["all_active", "new_daily", "removed_daily"];

const parse = (pieces: readonly Buffer[]): unknown => JSON.parse(Buffer.concat(pieces).toString());

/** A cell: quoted, quotes doubled; objects and arrays as JSON. */
function cell(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** Creates the daily files of a world. A file is a snapshot of the moment of its first request. */
export function createExports(
  world: World,
  settings: ExportSettings,
  { days, now }: { days: Days; now: () => number },
): Exports {
  const files = new Map<string, ExportFile>();
  let generation = 0;

  const isAvailable = (day: string): boolean => {
    const today = days.of(now());
    const hour = Number(days.iso(now()).slice(11, 13));
    return (
      day > addDays(today, -KEPT_DAYS) && (day < today || (day === today && hour >= AVAILABLE_FROM_HOUR))
    );
  };

  /** Rows of a file, read lazily. */
  function rowsOf(kind: string, day: string): (() => Row)[] {
    if (kind === "all_active") {
      return world.catalogue.snapshots().map(({ innerId, data }) => () => ({
        inner_id: innerId,
        ...(parse(data()) as Row),
      }));
    }
    const wanted = kind === "new_daily" ? "added" : "removed";
    return world.feed.entries
      .filter((entry) => entry.day === day)
      .map((entry) => parse(entry.text()) as Row)
      .filter((record) => record.change_type === wanted)
      .map((record) => () => ({ inner_id: record.inner_id, ...((record.data ?? {}) as Row) }));
  }

  function createFile(kind: string, day: string): ExportFile {
    const rows = rowsOf(kind, day);
    if (generation % 2 === 1) {
      rows.reverse();
    }
    const syncedAt = days.iso(now());
    const columns = new Set<string>(["inner_id"]);
    for (const row of rows) {
      for (const name of Object.keys(row())) {
        columns.add(name);
      }
    }
    columns.add("synced_at");
    const names = [...columns].filter((name) => !settings.withoutColumns.includes(name));
    const bom = settings.bom ? "\ufeff" : "";
    const header = Buffer.from(`${bom}${names.join("|")}\n`);
    const lines = rows.map((row) => () => {
      const values: Row = { ...row(), synced_at: syncedAt };
      return Buffer.from(`${names.map((name) => cell(values[name])).join("|")}\n`);
    });
    const offsets = new Float64Array(lines.length + 1);
    let size = header.length;
    for (const [index, line] of lines.entries()) {
      offsets[index] = size;
      size += line().length;
    }
    offsets[lines.length] = size;
    const version = `${kind} ${day} ${generation} ${world.feed.lastId} ${size}`;
    const etag = `"${createHash("sha256").update(version).digest("hex").slice(0, 16)}"`;
    return { etag, header, rows: lines, offsets };
  }

  function isAuthorized(header: string | undefined): boolean {
    const expected = `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString("base64")}`;
    const [given, wanted] = [Buffer.from(header ?? ""), Buffer.from(expected)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async function send(
    response: ServerResponse,
    { header, rows, offsets }: ExportFile,
    from: number,
    to: number,
  ): Promise<void> {
    /** Sends the part of a piece that is in the range. */
    const write = async (piece: Buffer, start: number) => {
      const part = piece.subarray(Math.max(0, from - start), Math.max(0, Math.min(piece.length, to - start)));
      if (part.length > 0 && !response.write(part)) {
        await once(response, "drain");
      }
    };
    await write(header, 0);
    for (const [index, row] of rows.entries()) {
      const [start = 0, end = 0] = [offsets[index], offsets[index + 1]];
      if (response.destroyed || start >= to) {
        break;
      }
      if (end > from) {
        await write(row(), start);
      }
    }
  }

  return {
    async respond(request, response, path, isCut) {
      const refuse = (status: number, message: string, headers: Record<string, string> = {}) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify({ message }));
      };
      if (!isAuthorized(request.headers.authorization)) {
        refuse(401, "Unauthorized", { "www-authenticate": 'Basic realm="export"' });
        return;
      }
      const [, day = "", kind = ""] = /^\/export\/([^/]+)\/(\w+)\.csv$/.exec(path) ?? [];
      if (!isDay(day) || !KINDS.includes(kind) || !isAvailable(day)) {
        refuse(404, "Not found");
        return;
      }
      const key = `${day}/${kind}`;
      const file = files.get(key) ?? createFile(kind, day);
      files.set(key, file);
      const size = file.offsets.at(-1) ?? 0;
      const { "if-match": ifMatch, "if-none-match": ifNoneMatch, range } = request.headers;
      const headers = {
        etag: file.etag,
        "accept-ranges": "bytes",
        "content-type": "text/csv; charset=utf-8",
      };
      if (ifMatch !== undefined && ifMatch !== "*" && ifMatch !== file.etag) {
        refuse(412, "Precondition failed", { etag: file.etag });
        return;
      }
      if (ifNoneMatch === file.etag) {
        response.writeHead(304, headers).end();
        return;
      }
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
      const from = Number(first ?? 0);
      if (from >= size) {
        refuse(416, "Range not satisfiable", { "content-range": `bytes */${size}` });
        return;
      }
      const to = last ? Math.min(Number(last) + 1, size) : size;
      const partial = first === undefined ? {} : { "content-range": `bytes ${from}-${to - 1}/${size}` };
      const status = first === undefined ? 200 : 206;
      response.writeHead(status, { ...headers, ...partial, "content-length": to - from });
      if (request.method === "HEAD") {
        response.end();
        return;
      }
      await send(response, file, from, isCut ? Math.floor((from + to) / 2) : to);
      if (isCut) {
        response.destroy();
      } else {
        response.end();
      }
    },
    replace() {
      generation += 1;
      files.clear();
    },
  };
}
