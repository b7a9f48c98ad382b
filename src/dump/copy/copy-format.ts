import { type Queryable, quoteIdentifier } from "../../database/index.ts";

/** A table whose rows are copied. */
export interface CopyTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The primary key: one column, an integer or a date. Rows are copied in its order. */
  readonly key: string;
}

/** One transaction in which tables are read or written as a stream. */
export interface CopySession extends Queryable {
  /**
   * The rows of a table in PostgreSQL's text format of COPY, which every version and both engines read, in pieces of
   * {@link PIECE_BYTES} that end with a row.
   */
  copyOut(table: CopyTable): AsyncIterable<Buffer>;
  /** Fills a table that was emptied in this transaction. The parts need not end with a row. */
  copyIn(table: CopyTable, parts: AsyncIterable<Buffer>): Promise<void>;
}

/** Size of a piece; a longer row is a separate piece. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/**
 * First statements of a copy transaction: no timeouts, and for `read` a single snapshot.
 *
 * @param setup additional statements of the session; before the isolation level, which it may set
 */
export const openingOf = (mode: "read" | "write", setup: readonly string[]): string =>
  [
    ...setup,
    ...(mode === "read" ? ["set transaction isolation level repeatable read, read only"] : []),
    "set local statement_timeout = 0",
    "set local idle_in_transaction_session_timeout = 0",
  ].join(";");

export const columnList = ({ columns }: CopyTable): string => columns.map(quoteIdentifier).join(", ");

const NEWLINE = 0x0a;

/** The number of rows that end in these bytes: COPY escapes a line break inside a value. */
export function countCopiedRows(bytes: Uint8Array): number {
  let rows = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    rows += 1;
  }
  return rows;
}

/** Cuts a stream of rows into pieces that end with a row. */
export async function* cutAtRows(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    const end = length >= PIECE_BYTES ? part.lastIndexOf(NEWLINE) + 1 : 0;
    if (end > 0) {
      parts[parts.length - 1] = part.subarray(0, end);
      const piece = Buffer.concat(parts);
      const rest = part.subarray(end);
      parts = [rest];
      length = rest.length;
      yield piece;
    }
  }
  if (length > 0) {
    yield Buffer.concat(parts);
  }
}

/**
 * Passes parts on and fails at a row longer than `maxBytes`, before it is buffered anywhere.
 *
 * @param tooLong makes the error
 */
export async function* limitRows(
  parts: AsyncIterable<Buffer>,
  maxBytes: number,
  tooLong: () => Error,
): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const part of parts) {
    const end = part.lastIndexOf(NEWLINE) + 1;
    // A part is much shorter than a row may be: only a row that spans parts can be too long.
    length = end === 0 ? length + part.length : part.length - end;
    if (length > maxBytes) {
      throw tooLong();
    }
    yield part;
  }
}
