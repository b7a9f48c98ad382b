import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from, to } from "pg-copy-streams";
import { postgresQueryable } from "../../database/native-clients.ts";
import {
  type CopySession,
  type CopyTable,
  columnList,
  NEWLINE,
  PIECE_BYTES,
  quoteName,
  SETTINGS,
} from "./copy.ts";

/** Cuts a stream of rows into pieces that end with a row. */
async function* cutAtRows(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
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

/** `withCopySession` on a server: one connection of the pool, on which COPY streams both ways. */
export async function copyOnServer<T>(
  pool: Pool,
  mode: "read" | "write",
  work: (session: CopySession) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const client: PoolClient = await pool.connect();
  let lost: Error | undefined;
  // Between the beginning and the end of a COPY the connection understands nothing else, not even ROLLBACK.
  let isCopying = false;
  const onError = (error: Error) => {
    lost = error;
  };
  client.on("error", onError);
  let cancel = () => {};
  try {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    // An index that is being built for minutes would go on without anyone to want it.
    cancel = () => {
      pool.query("select pg_cancel_backend($1::int)", [rows[0]?.pid]).catch(() => {});
    };
    signal?.addEventListener("abort", cancel, { once: true });
    await client.query(mode === "read" ? "begin isolation level repeatable read read only" : "begin");
    await client.query(SETTINGS.join(";"));
    const result = await work({
      ...postgresQueryable(client),
      copyOut: async function* (table: CopyTable) {
        isCopying = true;
        yield* cutAtRows(
          client.query(
            to(
              `copy (select ${columnList(table)} from ${quoteName(table.name)} order by ${quoteName(table.key)}) to stdout with (encoding 'UTF8')`,
            ),
          ),
        );
        isCopying = false;
      },
      copyIn: async (table, pieces) => {
        const stream = client.query(
          from(
            `copy ${quoteName(table.name)} (${columnList(table)}) from stdin with (freeze, encoding 'UTF8')`,
          ),
        );
        await pipeline(Readable.from(pieces), stream);
        return stream.rowCount;
      },
    });
    signal?.throwIfAborted();
    await client.query(mode === "read" ? "rollback" : "commit");
    return result;
  } catch (error) {
    if (isCopying) {
      lost ??= error instanceof Error ? error : new Error(String(error));
    } else {
      await client.query("rollback").catch((failure: Error) => {
        lost = failure;
      });
    }
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    client.off("error", onError);
    client.release(lost);
  }
}
