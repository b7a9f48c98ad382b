import type { PGlite, Transaction } from "@electric-sql/pglite";
import { quoteIdentifier } from "../../database/index.ts";
import { pgliteQueryable } from "../../database/native-clients.ts";
import { type CopySession, type CopyTable, columnList, cutAtRows, PIECE_BYTES } from "./copy-format.ts";

/** Rows of the first slice of a table; its size determines the number of rows of the next one. */
const FIRST_ROWS = 64;
const MAX_ROWS = 50_000;

/** PGlite buffers the whole result of a COPY, so rows are read in slices of the key. */
async function* slices(
  tx: Transaction,
  table: CopyTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const name = quoteIdentifier(table.name);
  const key = quoteIdentifier(table.key);
  let after: string | undefined;
  let wanted = FIRST_ROWS;
  for (;;) {
    signal?.throwIfAborted();
    const isNext = after === undefined ? "true" : `${key} > '${after}'`;
    const { rows } = await tx.query<{ last: string | null; rows: number }>(
      `select max(${key})::text as last, count(*)::int as rows
         from (select ${key} from ${name} where ${isNext} order by ${key} limit ${wanted}) as slice`,
    );
    const [slice] = rows;
    if (slice === undefined || slice.last === null) {
      return;
    }
    const { blob } = await tx.query(
      `copy (select ${columnList(table)} from ${name} where ${isNext} and ${key} <= '${slice.last}' order by ${key})
         to '/dev/blob' with (encoding 'UTF8')`,
    );
    if (blob === undefined) {
      throw new Error(`COPY of ${table.name} returned nothing`);
    }
    const bytes = Buffer.from(await blob.arrayBuffer());
    yield bytes;
    after = slice.last;
    wanted = Math.max(1, Math.min(MAX_ROWS, Math.floor((slice.rows * PIECE_BYTES) / bytes.length)));
  }
}

/** `withCopySession` on the embedded database. It has one connection: other statements wait until this ends. */
export function copyOnPglite<T>(
  pglite: PGlite,
  opening: string,
  work: (session: CopySession) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return pglite.transaction(async (tx) => {
    await tx.exec(opening);
    const result = await work({
      ...pgliteQueryable(tx),
      copyOut: (table) => slices(tx, table, signal),
      copyIn: async (table, parts) => {
        for await (const piece of cutAtRows(parts)) {
          signal?.throwIfAborted();
          await tx.query(
            `copy ${quoteIdentifier(table.name)} (${columnList(table)}) from '/dev/blob' with (freeze, encoding 'UTF8')`,
            [],
            { blob: new Blob([piece as Uint8Array<ArrayBuffer>]) },
          );
        }
      },
    });
    signal?.throwIfAborted();
    return result;
  });
}
