// CSV scanner over bytes: one pass without decoding or copying. A parser such as csv-parse makes a string of every cell,
// and rows that equal the copy need none.

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const PIPE = 0x7c;

/** How a cell is written: bare, quoted, or quoted with doubled quotes inside. */
const BARE = 0;
const QUOTED = 1;
export const DOUBLED = 2;

/** Numbers per cell in {@link CsvRow.cells}. */
export const CELL_STRIDE = 3;

/** A row in a block of bytes. */
export interface CsvRow {
  /** Position of the row, and of the next one. */
  readonly start: number;
  readonly end: number;
  /** Start, end and form of each cell, without its outer quotes. */
  readonly cells: readonly number[];
}

/** The rows of a block. */
export interface ScannedRows {
  readonly rows: readonly CsvRow[];
  /** Position after the last complete row. */
  readonly end: number;
}

/**
 * Scans complete rows: cells separated by `|`, optionally in quotes, which are doubled inside; rows end with LF or CR LF.
 * Blank lines are skipped. A quote inside a bare cell, and one inside a quoted cell that nothing closes, is literal.
 *
 * @param from position of a row
 */
export function scanRows(bytes: Uint8Array, from: number, to: number): ScannedRows {
  const rows: CsvRow[] = [];
  let start = from;
  let cells: number[] = [];
  let at = from;
  while (at < to) {
    // One cell per round.
    let first = at;
    let last: number;
    let form = BARE;
    if (bytes[at] === QUOTE) {
      form = QUOTED;
      at += 1;
      first = at;
      for (;;) {
        while (at < to && bytes[at] !== QUOTE) {
          at += 1;
        }
        if (at + 1 >= to) {
          // Also when the closing quote is the last byte: a second one may follow.
          return { rows, end: start };
        }
        const next = bytes[at + 1];
        if (next === PIPE || next === LF || next === CR) {
          break;
        }
        form = DOUBLED;
        at += next === QUOTE ? 2 : 1;
      }
      last = at;
      at += 1;
    } else {
      while (at < to && bytes[at] !== PIPE && bytes[at] !== LF) {
        at += 1;
      }
      if (at >= to) {
        return { rows, end: start };
      }
      last = bytes[at] === LF && at > first && bytes[at - 1] === CR ? at - 1 : at;
    }
    cells.push(first, last, form);
    if (bytes[at] === PIPE) {
      at += 1;
      continue;
    }
    if (bytes[at] === CR) {
      if (at + 1 >= to) {
        return { rows, end: start };
      }
      at += bytes[at + 1] === LF ? 1 : 0;
    }
    at += 1;
    if (cells.length > CELL_STRIDE || first < last || form !== BARE) {
      rows.push({ start, end: at, cells });
    }
    start = at;
    cells = [];
  }
  return { rows, end: start };
}
