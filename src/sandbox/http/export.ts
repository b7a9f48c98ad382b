import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { addDays, isDay } from "../../util/days.ts";
import type { Days } from "../world/feed-days.ts";
import type { World } from "../world/world.ts";
import {
  createExportFiles,
  type ExportSettings,
  FILE_FORMATS,
  FILE_KINDS,
  type FileFormat,
  type RenderedFile,
} from "./export-files.ts";

/** The daily files are below this path. */
export const EXPORT_PATH = "/export";

/** Hour of the feed's time zone from which the file of a day is available, and the number of days it is kept. */
const AVAILABLE_FROM_HOUR = 8;
const KEPT_DAYS = 3;
const CHUNK_BYTES = 262_144;

const isFormat = (text: string): text is FileFormat => Object.hasOwn(FILE_FORMATS, text);

/** The daily files. */
export interface Exports {
  /**
   * Responds to a request for a file: Basic auth, `ETag`, `Range`, `If-Match`.
   * @param isCut closes the connection after half of the content
   */
  respond(request: IncomingMessage, response: ServerResponse, path: string, isCut: boolean): Promise<void>;
  /** Replaces all files with the current state: another `ETag`, another order of rows. */
  replace(): void;
  close(): Promise<void>;
}

/** Creates the daily files of a world. A file is a snapshot of the moment of its first request. */
export function createExports(
  world: World,
  settings: ExportSettings,
  { days, now }: { days: Days; now: () => number },
): Exports {
  const files = createExportFiles(world, settings, { days, now });

  const isAvailable = (day: string): boolean => {
    const today = days.of(now());
    const hour = Number(days.iso(now()).slice(11, 13));
    return (
      day > addDays(today, -KEPT_DAYS) && (day < today || (day === today && hour >= AVAILABLE_FROM_HOUR))
    );
  };

  function isAuthorized(header: string | undefined): boolean {
    const expected = `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString("base64")}`;
    const [given, wanted] = [Buffer.from(header ?? ""), Buffer.from(expected)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async function send(response: ServerResponse, file: RenderedFile, from: number, to: number): Promise<void> {
    for (let at = from; at < to && !response.destroyed; ) {
      const size = Math.min(CHUNK_BYTES, to - at);
      const { bytesRead, buffer } = await file.handle.read(Buffer.allocUnsafe(size), 0, size, at);
      at += bytesRead;
      if (!response.write(buffer.subarray(0, bytesRead))) {
        await once(response, "drain");
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
      const [, day = "", name, format = ""] = /^\/export\/([^/]+)\/(\w+)\.(\w+)$/.exec(path) ?? [];
      const kind = FILE_KINDS.find((one) => one === name);
      if (!isDay(day) || kind === undefined || !isFormat(format) || !isAvailable(day)) {
        refuse(404, "Not found");
        return;
      }
      const file = await files.get(kind, day, format);
      const { size } = file;
      const { "if-match": ifMatch, "if-none-match": ifNoneMatch, range } = request.headers;
      const headers = {
        etag: file.etag,
        "accept-ranges": "bytes",
        "content-type": FILE_FORMATS[format],
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
    replace: files.replace,
    close: files.close,
  };
}
