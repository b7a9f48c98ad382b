import type { Socket } from "node:net";
import type { Pool, PoolClient } from "pg";

/** The connection below a client; its types leave it out. */
const streamOf = (client: PoolClient) =>
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;

/**
 * Ends connections that are in use and on which nothing has moved for so long: their server vanished without a word.
 *
 * One timer a connection, which is only put off. The `query_timeout` of node-postgres makes one a statement, and with each
 * what was asked and answered outlives V8's short collections: a server under load then takes three times the memory.
 */
export function endSilentConnections(pool: Pool, afterMs: number): void {
  const uses = new WeakMap<PoolClient, { inUse: boolean }>();
  const watched = (client: PoolClient) => {
    const use = { inUse: false };
    uses.set(client, use);
    const stream = streamOf(client);
    stream.setTimeout(afterMs, () => {
      if (use.inUse) {
        const error = new Error(`The database has not answered for ${afterMs} ms`);
        stream.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
      }
    });
    return use;
  };
  pool.on("acquire", (client) => {
    (uses.get(client) ?? watched(client)).inUse = true;
  });
  pool.on("release", (_error, client) => {
    (uses.get(client) ?? watched(client)).inUse = false;
  });
}
