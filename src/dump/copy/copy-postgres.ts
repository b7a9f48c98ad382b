import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from, to } from "pg-copy-streams";
import { quoteIdentifier } from "../../database/index.ts";
import { postgresQueryable } from "../../database/native-clients.ts";
import { type CopySession, type CopyTable, columnList, cutAtRows } from "./copy-format.ts";

/** `withCopySession` on a server: one connection of the pool, on which COPY streams in both directions. */
export async function copyOnServer<T>(
  pool: Pool,
  opening: string,
  work: (session: CopySession) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const client: PoolClient = await pool.connect();
  let lost: Error | undefined;
  // Until a COPY ends, the connection accepts no other message, not even ROLLBACK.
  let isCopying = false;
  const onError = (error: Error) => {
    lost = error;
  };
  client.on("error", onError);
  let cancel = () => {};
  try {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    // Stops a running statement, such as an index that takes minutes.
    cancel = () => {
      pool.query("select pg_cancel_backend($1::int)", [rows[0]?.pid]).catch(() => {});
    };
    signal?.addEventListener("abort", cancel, { once: true });
    await client.query("begin");
    await client.query(opening);
    const result = await work({
      ...postgresQueryable(client),
      copyOut: async function* (table: CopyTable) {
        isCopying = true;
        yield* cutAtRows(
          client.query(
            to(
              `copy (select ${columnList(table)} from ${quoteIdentifier(table.name)} order by ${quoteIdentifier(table.key)}) to stdout with (encoding 'UTF8')`,
            ),
          ),
        );
        isCopying = false;
      },
      copyIn: async (table, parts) => {
        const stream = client.query(
          from(
            `copy ${quoteIdentifier(table.name)} (${columnList(table)}) from stdin with (freeze, encoding 'UTF8')`,
          ),
        );
        await pipeline(Readable.from(parts), stream);
      },
    });
    signal?.throwIfAborted();
    await client.query("commit");
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
