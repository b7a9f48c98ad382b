import type { Socket } from "node:net";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { ClientBase, Pool, PoolClient, PoolConfig } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import type { ServerAddress } from "../database-options.ts";
import { postgresQueryable } from "../native-clients.ts";
import type { Queryable } from "../types.ts";

/** Settings of every session. Times in UTC; keepalives, so that the server frees the locks of a machine that vanished. */
const SESSION = [
  "-c TimeZone=UTC",
  "-c tcp_keepalives_idle=30",
  "-c tcp_keepalives_interval=10",
  "-c tcp_keepalives_count=3",
];

/** Options of node-postgres for sessions as this package needs them, laid over those of a user. */
export function sessionOptions(
  given: object,
  pool: { serverSettings?: readonly string[] | undefined; queryTimeoutMs?: number | undefined },
) {
  const { options, onConnect } = given as { options?: unknown; onConnect?: PoolConfig["onConnect"] };
  const { queryTimeoutMs } = pool;
  return {
    application_name: "che168-sync",
    keepAlive: true,
    connectionTimeoutMillis: Math.min(10_000, queryTimeoutMs ?? 10_000),
    ...given,
    ...(queryTimeoutMs === undefined
      ? {}
      : {
          onConnect: async (client: ClientBase) => {
            setSocketTimeout(client, queryTimeoutMs);
            await onConnect?.(client);
          },
        }),
    options: [
      ...(typeof options === "string" ? [options] : []),
      ...SESSION,
      ...(pool.serverSettings ?? []),
    ].join(" "),
  };
}

/** Options of MikroORM for a server. */
export function serverOrmOptions(
  address: ServerAddress,
  pool: {
    size: number;
    serverSettings?: readonly string[] | undefined;
    queryTimeoutMs?: number | undefined;
  },
) {
  const fromUrl = address.url === undefined ? {} : parseIntoClientConfig(address.url);
  const { host, port, user, password, database, ...rest } = fromUrl;
  return {
    driver: PostgreSqlDriver,
    host: address.host ?? host ?? "localhost",
    port: address.port ?? port ?? 5432,
    user: address.user ?? user ?? "postgres",
    ...(password === undefined && address.password === undefined
      ? {}
      : { password: address.password ?? String(password) }),
    dbName: address.name ?? database ?? "che168",
    driverOptions: { ...sessionOptions(rest, pool), max: pool.size },
  };
}

/** What opens a transaction. */
export const BEGIN = "begin";

/** Runs `work` on a connection of its own; after `breaks` was called it is not used again. */
async function onConnection<T>(
  pool: Pool,
  work: (client: PoolClient, breaks: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const breaks = (error: Error) => {
    broken = error;
  };
  client.on("error", breaks);
  try {
    return await work(client, breaks);
  } finally {
    client.off("error", breaks);
    client.release(broken);
  }
}

/** Runs `work` between BEGIN and COMMIT on a connection of its own. */
export function transactionOn<T>(
  pool: Pool,
  work: (tx: Queryable) => Promise<T>,
  begin: string = BEGIN,
): Promise<T> {
  return onConnection(pool, async (client, breaks) => {
    try {
      await client.query(begin);
      const result = await work(postgresQueryable(client));
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(breaks);
      throw error;
    }
  });
}

/** Runs `work` on one connection. As with the pool's own `query`, a connection on which something failed is not used again. */
export function sessionOn<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client, breaks) => {
    try {
      return await work(client);
    } catch (error) {
      breaks(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  });
}

/** What the types of a client leave out. */
interface ClientInside {
  /** False while a statement is at work. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

/**
 * Ends a connection that says nothing for so long while a statement is at work: its server vanished without a word.
 *
 * One timer a connection, which is only put off. The `query_timeout` of node-postgres makes one a statement, and with each
 * what was asked and answered outlives V8's short collections: a server under load then takes three times the memory.
 *
 * @param client one that has just connected
 */
export function setSocketTimeout(client: ClientBase, afterMs: number): void {
  const inside = client as unknown as ClientInside;
  const { stream } = inside.connection;
  stream.setTimeout(afterMs, () => {
    if (!inside.readyForQuery) {
      const error = new Error(`The database has not answered for ${afterMs} ms`);
      stream.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    }
  });
}
