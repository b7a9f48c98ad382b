import type { Queryable } from "../../database/index.ts";

/** A table whose rows are copied. */
export interface CopyTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Its primary key: one column of integers, in whose order the rows come. */
  readonly key: string;
}

/** One transaction in which tables are read or written as a stream. */
export interface CopySession extends Queryable {
  /**
   * The rows of a table in PostgreSQL's text form of COPY, which every version and both engines read, in pieces of a
   * few megabytes that end with a row.
   */
  copyOut(table: CopyTable): AsyncIterable<Buffer>;
  /** Fills a table that was emptied in this transaction; gives the number of rows. */
  copyIn(table: CopyTable, pieces: AsyncIterable<Buffer>): Promise<number>;
}

/** So many bytes a piece, unless a single row is longer. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** What the session of either engine begins with: forms that no setting of a server changes, and no hurry. */
export const SETTINGS = [
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local timezone = 'UTC'",
  "set local bytea_output = 'hex'",
  "set local extra_float_digits = 1",
  "set local statement_timeout = 0",
  "set local idle_in_transaction_session_timeout = 0",
];

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const columnList = ({ columns }: CopyTable): string => columns.map(quoteName).join(", ");

export const NEWLINE = 0x0a;

/** How many rows these bytes hold: a line break inside of a value is written as an escape. */
export function countRows(piece: Buffer): number {
  let rows = 0;
  for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) {
    rows += 1;
  }
  return rows;
}
