import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { repairJsonText } from "../upstream/internal.ts";
import type { ExportColumns } from "./columns.ts";
import { CELL_STRIDE, type CsvRow, DOUBLED } from "./csv-rows.ts";
import type { RowDocuments } from "./types.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, COMMA] = [0x7b, 0x7d, 0x5b, 0x2c] as const;
const NULL = Buffer.from("null");
const ESCAPE = "\\u";

/** Text of a cell. */
export function cellText(bytes: Buffer, { cells }: CsvRow, column: number): string {
  const at = column * CELL_STRIDE;
  const text = bytes.toString("utf8", cells[at], cells[at + 1]);
  return cells[at + 2] === DOUBLED ? text.replaceAll('""', '"') : text;
}

/** True when JSON holds a byte as it is. */
const isPlain = (byte: number) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH;

/** A buffer that grows. */
interface Output {
  bytes: Buffer;
  length: number;
}

function reserve(output: Output, more: number): void {
  if (output.length + more > output.bytes.length) {
    const bytes = Buffer.allocUnsafe(Math.max(output.bytes.length * 2, output.length + more));
    output.bytes.copy(bytes, 0, 0, output.length);
    output.bytes = bytes;
  }
}

/** Copies a cell; of two doubled quotes, one. */
function copyUndoubled(output: Output, source: Buffer, from: number, to: number): void {
  const { bytes } = output;
  let { length } = output;
  for (let at = from; at < to; at += 1) {
    const byte = source[at] as number;
    bytes[length] = byte;
    length += 1;
    if (byte === QUOTE && source[at + 1] === QUOTE) {
      at += 1;
    }
  }
  output.length = length;
}

/** Writes a cell as a JSON string. */
function writeString(output: Output, source: Buffer, from: number, to: number, form: number): void {
  let at = from;
  while (at < to && isPlain(source[at] as number)) {
    at += 1;
  }
  if (at === to) {
    reserve(output, to - from + 2);
    output.bytes[output.length] = QUOTE;
    source.copy(output.bytes, output.length + 1, from, to);
    output.bytes[output.length + 1 + to - from] = QUOTE;
    output.length += to - from + 2;
    return;
  }
  const text = source.toString("utf8", from, to);
  const json = JSON.stringify(form === DOUBLED ? text.replaceAll('""', '"') : text);
  reserve(output, json.length * 3);
  output.length += output.bytes.write(json, output.length);
}

/** Ends the document that starts at `start`: replaces what PostgreSQL cannot store. @returns the number of replacements */
function repairDocument(output: Output, start: number): number {
  const document = output.bytes.subarray(start, output.length);
  const isValid = isUtf8(document);
  if (isValid && !document.includes(ESCAPE)) {
    return 0;
  }
  const { text, repaired } = repairJsonText(document.toString());
  if (isValid && repaired === 0) {
    return 0;
  }
  output.length = start;
  reserve(output, text.length * 3);
  output.length += output.bytes.write(text, start);
  return Math.max(1, repaired);
}

/**
 * Creates a function that renders rows as JSON documents, with one member per stored column: an empty cell is null, JSON of
 * the columns that hold it is copied, any other cell is text. The documents are valid until the next call.
 *
 * @param asText keeps JSON cells as text, for rows whose JSON is invalid
 */
export function createRenderer(
  columns: ExportColumns,
  asText = false,
): (block: Buffer, rows: readonly CsvRow[]) => RowDocuments {
  const output: Output = { bytes: Buffer.alloc(0), length: 0 };
  return (block, rows) => {
    output.length = 0;
    const first = rows[0]?.start ?? 0;
    reserve(output, (rows.at(-1)?.end ?? first) - first + 65_536);
    return renderDocuments(output, block, rows, columns, asText);
  };
}

function renderDocuments(
  output: Output,
  block: Buffer,
  rows: readonly CsvRow[],
  { list }: ExportColumns,
  asText: boolean,
): RowDocuments {
  const spans: (readonly [number, number])[] = [];
  const repaired: number[] = [];
  for (const { start: rowStart, end: rowEnd, cells } of rows) {
    const start = output.length;
    // Keys and the braces included, a document of plain cells fits.
    reserve(output, rowEnd - rowStart + list.length * 64);
    output.bytes[output.length] = OPEN_OBJECT;
    output.length += 1;
    for (let index = 0, at = 0; index < list.length; index += 1, at += CELL_STRIDE) {
      const { key, isJson, isStored } = list[index] as (typeof list)[0];
      if (!isStored) {
        continue;
      }
      const [from, to, form] = [cells[at] as number, cells[at + 1] as number, cells[at + 2] as number];
      reserve(output, key.length + (to - from) + 8);
      if (output.length > start + 1) {
        output.bytes[output.length] = COMMA;
        output.length += 1;
      }
      key.copy(output.bytes, output.length);
      output.length += key.length;
      if (from === to) {
        NULL.copy(output.bytes, output.length);
        output.length += NULL.length;
      } else if (isJson && !asText && (block[from] === OPEN_OBJECT || block[from] === OPEN_ARRAY)) {
        if (form === DOUBLED) {
          copyUndoubled(output, block, from, to);
        } else {
          output.length += block.copy(output.bytes, output.length, from, to);
        }
      } else {
        writeString(output, block, from, to, form);
      }
    }
    reserve(output, 1);
    output.bytes[output.length] = CLOSE_OBJECT;
    output.length += 1;
    repaired.push(repairDocument(output, start));
    spans.push([start, output.length]);
  }
  return { bytes: output.bytes.subarray(0, output.length), spans, repaired };
}

/**
 * Creates a function that hashes the stored columns of a row, in the order of their names: 40 hexadecimal digits. SHA-1 is
 * the fastest hash of OpenSSL; it detects differences and protects nothing.
 */
export function createRowHash({ list, hashed }: ExportColumns): (block: Buffer, row: CsvRow) => string {
  const names = Buffer.from(JSON.stringify(hashed.map((index) => list[index]?.name)));
  let scratch = Buffer.allocUnsafe(65_536);
  return (block, { start, end, cells }) => {
    // Each cell is preceded by its length in four bytes: the same bytes split differently have another hash.
    const size = names.length + (end - start) + hashed.length * 4;
    if (scratch.length < size) {
      scratch = Buffer.allocUnsafe(size * 2);
    }
    let length = names.copy(scratch);
    for (const index of hashed) {
      const at = index * CELL_STRIDE;
      const [from, to] = [cells[at] as number, cells[at + 1] as number];
      // A cell without quotes inside has the same hash whether it is quoted or bare.
      scratch.writeUInt32LE(cells[at + 2] === DOUBLED ? to - from + 0x8000_0000 : to - from, length);
      length += 4 + block.copy(scratch, length + 4, from, to);
    }
    return hash("sha1", scratch.subarray(0, length), "hex");
  };
}
