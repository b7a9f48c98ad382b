import type { Rejection } from "../operations/index.ts";
import { readInnerId, readTime } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import { readAhead } from "../util/read-ahead.ts";
import { type Block, plainBytes, readBlocks, TruncatedGzip } from "./blocks.ts";
import type { ExportColumns } from "./columns.ts";
import { CELL_STRIDE, type CsvRow, scanRows } from "./csv-rows.ts";
import { cellText, createRenderer, createRowHash } from "./row-document.ts";
import type { ByteSource, ExportBatch, ExportEnd, ExportRow, RowDocuments } from "./types.ts";

/** Columns with the time at which a listing appeared, the most exact one first. */
const DATES = ["created_at", "offer_created"];

/** Turns a block into listings and rejections. */
function createBatches(columns: ExportColumns, now: () => Date): (block: Block) => ExportBatch {
  const id = columns.at.get("inner_id") ?? 0;
  const dates = DATES.flatMap((name) => columns.at.get(name) ?? []);
  const width = columns.list.length;
  const hashRow = createRowHash(columns);
  const render = createRenderer(columns);
  const renderAsText = createRenderer(columns, true);

  function readRow(bytes: Buffer, row: CsvRow): ExportRow | string {
    const count = row.cells.length / CELL_STRIDE;
    if (count !== width) {
      return `the row has ${count} cells, the header ${width}`;
    }
    const innerId = readInnerId(cellText(bytes, row, id));
    if (innerId === undefined) {
      return "inner_id is empty, too long, or has characters that PostgreSQL cannot store";
    }
    for (const column of dates) {
      const time = readTime(cellText(bytes, row, column), now());
      if (time !== undefined) {
        return { innerId, createdAt: time, hasOwnDate: true };
      }
    }
    return { innerId, createdAt: now().toISOString(), hasOwnDate: false };
  }

  return ({ bytes, rows, position }) => {
    const kept: CsvRow[] = [];
    const listings: ExportRow[] = [];
    const rejections: Rejection[] = [];
    for (const row of rows) {
      const read = readRow(bytes, row);
      if (typeof read === "string") {
        const text = bytes.toString("utf8", row.start, row.end).trimEnd();
        rejections.push({ reason: read, innerId: undefined, changeId: undefined, text });
      } else {
        kept.push(row);
        listings.push(read);
      }
    }
    let rendered: RowDocuments | undefined;
    const rowAt = (index: number) => kept[index] as CsvRow;
    return {
      rows: listings,
      rejections,
      position,
      documents(asText = false) {
        if (asText) {
          return renderAsText(bytes, kept);
        }
        rendered ??= render(bytes, kept);
        return rendered;
      },
      hash: (index) => hashRow(bytes, rowAt(index)),
      text: (index) => bytes.toString("utf8", rowAt(index).start, rowAt(index).end).trimEnd(),
    };
  };
}

/** Reads the rows of a source from a position on. */
export async function* readRows(
  source: ByteSource,
  columns: ExportColumns,
  position: number,
  call: CallOptions,
  now: () => Date,
): AsyncGenerator<ExportBatch, ExportEnd, void> {
  const toBatch = createBatches(columns, now);
  // One, because the blocks take turns in two buffers.
  const blocks = readAhead(readBlocks(plainBytes(source, position, call), position, source.name), 1);
  let reached = position;
  try {
    for (;;) {
      call.signal?.throwIfAborted();
      const { done, value } = await blocks.next();
      if (done) {
        const last = lastRow(value, reached);
        const batch = last && toBatch(last);
        if (batch && batch.rows.length > 0 && isJson(batch.documents().bytes)) {
          yield batch;
          return { truncated: undefined };
        }
        const rest = value.length === 0 ? undefined : `its last row, at byte ${reached}, is cut off`;
        return { truncated: rest };
      }
      reached = value.position;
      yield toBatch(value);
    }
  } catch (error) {
    if (error instanceof TruncatedGzip) {
      return { truncated: error.message };
    }
    throw error;
  } finally {
    await blocks.return({ truncated: undefined } as never);
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/**
 * The rest of a file as a block, if it is a row that ends with a quote; any other row may be cut off. A row that is cut off
 * inside a doubled quote ends with one as well, so the caller also checks that its JSON is valid.
 */
function lastRow(rest: Buffer, position: number): Block | undefined {
  if (rest.length === 0 || rest.at(-1) !== 0x22) {
    return undefined;
  }
  const bytes = Buffer.concat([rest, Buffer.from("\n")]);
  const { rows, end } = scanRows(bytes, 0, bytes.length);
  return end === bytes.length && rows.length === 1
    ? { bytes, rows, position: position + rest.length }
    : undefined;
}
