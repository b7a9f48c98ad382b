import type { PoolClient } from "pg";
import { postgresQueryable, runStatement } from "../native-clients.ts";
import type { Queryable, QueryResult } from "../types.ts";
import type { WatchedPool } from "./pool.ts";

/** Opens a transaction. */
export const BEGIN = "begin";

/** Runs `work` on a dedicated connection, which is not reused after `discard`. */
async function onConnection<T>(
  connect: () => Promise<PoolClient>,
  work: (client: PoolClient, discard: (error: unknown) => void) => Promise<T>,
): Promise<T> {
  const client = await connect();
  let broken: Error | undefined;
  const discard = (error: unknown) => {
    broken = error instanceof Error ? error : new Error(String(error));
  };
  client.on("error", discard);
  try {
    return await work(client, discard);
  } finally {
    client.off("error", discard);
    client.release(broken);
  }
}

/** Runs `work` in a transaction on a dedicated connection. */
export function transactionOn<T>(
  { connect }: WatchedPool,
  work: (tx: Queryable) => Promise<T>,
  begin: string = BEGIN,
): Promise<T> {
  return onConnection(connect, async (client, discard) => {
    try {
      await client.query(begin);
      const result = await work(postgresQueryable(client));
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(discard);
      throw error;
    }
  });
}

/** Runs `work` on one connection. As with the pool's own `query`, a connection with a failed statement is not reused. */
export function sessionOn<T>({ connect }: WatchedPool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return onConnection(connect, async (client, discard) => {
    try {
      return await work(client);
    } catch (error) {
      discard(error);
      throw error;
    }
  });
}

/**
 * Runs each statement on a connection of the pool, as {@link sessionOn} does, by callbacks: its promises would take 4 of the 47 µs of a
 * short statement.
 */
export const pooledQueryable = ({ acquire }: WatchedPool): Queryable => ({
  query: <Row>(...statement: Parameters<Queryable["query"]>) =>
    new Promise<QueryResult<Row>>((resolve, reject) => {
      acquire((refused, client) => {
        if (client === undefined) {
          reject(refused);
          return;
        }
        let broken: unknown;
        const discard = (error: unknown) => {
          broken = error;
        };
        client.on("error", discard);
        runStatement<Row>(client, statement, (error, result) => {
          client.off("error", discard);
          client.release((error ?? broken) !== undefined);
          if (result === undefined) {
            reject(error);
          } else {
            resolve(result);
          }
        });
      });
    }),
});
