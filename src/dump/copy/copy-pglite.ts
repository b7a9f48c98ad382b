import type { PGlite, Transaction } from "@electric-sql/pglite";
import { pgliteQueryable } from "../../database/native-clients.ts";
import { type CopySession, type CopyTable, columnList, PIECE_BYTES, quoteName, SETTINGS } from "./copy.ts";

/** Rows of the first slice of a table, whose bytes then tell how many the next one may have. */
const FIRST_ROWS = 64;
const MAX_ROWS = 50_000;

/** PGlite gives the whole of a COPY at once, so that the rows are asked for in slices of the key. */
async function* slices(
  tx: Transaction,
  table: CopyTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const name = quoteName(table.name);
  const key = quoteName(table.key);
  let after: number | undefined;
  let wanted = FIRST_ROWS;
  for (;;) {
    signal?.throwIfAborted();
    const behind = after === undefined ? "true" : `${key} > ${after}`;
    const { rows } = await tx.query<{ last: number | null; rows: number }>(
      `select max(${key}) as last, count(*)::int as rows
         from (select ${key} from ${name} where ${behind} order by ${key} limit ${wanted}) as slice`,
    );
    const [slice] = rows;
    if (slice === undefined || slice.last === null) {
      return;
    }
    const { blob } = await tx.query(
      `copy (select ${columnList(table)} from ${name} where ${behind} and ${key} <= ${slice.last} order by ${key})
         to '/dev/blob' with (encoding 'UTF8')`,
    );
    if (blob === undefined) {
      throw new Error(`COPY of ${table.name} gave nothing`);
    }
    const bytes = Buffer.from(await blob.arrayBuffer());
    yield bytes;
    after = slice.last;
    wanted = Math.max(1, Math.min(MAX_ROWS, Math.floor((slice.rows * PIECE_BYTES) / bytes.length)));
  }
}

/** `withCopySession` on the embedded database, which has one connection: until it ends, others wait. */
export function copyEmbedded<T>(
  pglite: PGlite,
  mode: "read" | "write",
  work: (session: CopySession) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return pglite.transaction(async (tx) => {
    if (mode === "read") {
      await tx.exec("set transaction isolation level repeatable read, read only");
    }
    await tx.exec(SETTINGS.join(";"));
    const result = await work({
      ...pgliteQueryable(tx),
      copyOut: (table) => slices(tx, table, signal),
      copyIn: async (table, pieces) => {
        let rows = 0;
        for await (const piece of pieces) {
          signal?.throwIfAborted();
          const { affectedRows } = await tx.query(
            `copy ${quoteName(table.name)} (${columnList(table)}) from '/dev/blob' with (freeze, encoding 'UTF8')`,
            [],
            { blob: new Blob([piece as Uint8Array<ArrayBuffer>]) },
          );
          rows += affectedRows ?? 0;
        }
        return rows;
      },
    });
    signal?.throwIfAborted();
    return result;
  });
}
