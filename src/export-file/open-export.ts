import { Che168Error } from "../errors.ts";
import type { CallOptions } from "../upstream/index.ts";
import { isGzip, plainBytes, TruncatedGzip } from "./blocks.ts";
import { checkChoice } from "./check-choice.ts";
import { readColumns } from "./columns.ts";
import { type CsvRow, scanRows } from "./csv-rows.ts";
import { openLocalBytes } from "./local-bytes.ts";
import { readRows } from "./read-rows.ts";
import { openRemoteBytes, type RemoteOptions } from "./remote-bytes.ts";
import { cellText } from "./row-document.ts";
import type { ByteSource, ExportFile } from "./types.ts";

const BYTE_ORDER_MARK = Buffer.from("\ufeff");
const MAX_HEADER_BYTES = 65_536;

/** Which file to open. */
export type ExportChoice =
  /** A file on disk, plain or gzip; `date` is its day when its path has none. */
  | { readonly path: string; readonly date?: string | undefined }
  /** A file of the service: of a day, or the newest. */
  | { readonly remote: RemoteOptions; readonly date?: string | undefined };

/** Opens daily files. */
export interface OpenExportOptions {
  /**
   * Time zone of the files' days.
   * @default "Europe/Moscow"
   */
  readonly timezone?: string | undefined;
  /** The clock. @default () => new Date() */
  readonly now?: (() => Date) | undefined;
}

/** The first bytes of a compressed file; fewer when it ends early. */
async function decompressedHead(source: ByteSource, call: CallOptions): Promise<Buffer> {
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of plainBytes(source, 0, call)) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= MAX_HEADER_BYTES) {
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof TruncatedGzip)) {
      throw error;
    }
  }
  return head;
}

/** Formats that users mistake for a daily file, by their first bytes. */
const OTHER_FORMATS: readonly (readonly [starts: readonly string[], format: string])[] = [
  [["PK\x03\x04"], "is an Excel workbook (.xlsx) or a ZIP archive"],
  [["\xd0\xcf\x11\xe0"], "is an Excel workbook (.xls)"],
  [["[", "{"], "is JSON"],
];

/** @throws Che168Error `EXPORT_INVALID`, with the remedy */
function requireCsv(name: string, head: Buffer): void {
  const start = head.toString("latin1", 0, 64).trimStart();
  const [, format] = OTHER_FORMATS.find(([starts]) => starts.some((bytes) => start.startsWith(bytes))) ?? [];
  if (format !== undefined) {
    throw new Che168Error(
      "EXPORT_INVALID",
      `${name} ${format}, and only CSV is read: download all_active.csv of the same day, which may be compressed with gzip`,
    );
  }
}

/** The first row, and where the second one starts. */
async function readHeader(source: ByteSource, call: CallOptions): Promise<{ names: string[]; end: number }> {
  const head = isGzip(source.head) ? await decompressedHead(source, call) : source.head;
  const from = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  requireCsv(source.name, head.subarray(from));
  const [header] = scanRows(head, from, head.length).rows;
  if (header === undefined) {
    const what = head.length === from ? "is empty" : "has no header line within its first 64 KiB";
    throw new Che168Error(
      "EXPORT_INVALID",
      `${source.name} ${what}; expected a CSV file with the delimiter | whose first line names the columns`,
    );
  }
  return { names: namesOf(head, header), end: header.end };
}

const namesOf = (bytes: Buffer, row: CsvRow): string[] =>
  Array.from({ length: row.cells.length / 3 }, (_, index) => cellText(bytes, row, index));

/**
 * Opens a daily file and reads its header.
 *
 * @throws ConfigError with every invalid option
 * @throws Che168Error `EXPORT_NOT_FOUND`, `EXPORT_COLUMNS` without `inner_id`, `EXPORT_INVALID` when it is not a CSV file
 * @throws UpstreamError when the server of the daily files fails, or refuses the password
 */
export async function openExport(
  choice: ExportChoice,
  { timezone = "Europe/Moscow", now = () => new Date() }: OpenExportOptions = {},
  call: CallOptions = {},
): Promise<ExportFile> {
  checkChoice(choice, timezone);
  const source =
    "path" in choice
      ? await openLocalBytes(choice.path, { date: choice.date, timezone })
      : await openRemoteBytes(choice.date, { ...choice.remote, timezone, now }, call);
  const header = await readHeader(source, call);
  const columns = readColumns(header.names, source.name);
  return {
    name: source.name,
    date: source.date,
    version: source.version,
    size: isGzip(source.head) ? null : source.size,
    columns,
    read: (position, readCall) => readRows(source, columns, position ?? header.end, readCall, now),
  };
}
