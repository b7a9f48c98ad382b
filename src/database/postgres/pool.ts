import type { MikroORM } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { ClientBase, Pool, PoolClient, PoolConfig } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import type { Queryable, QueryResult } from "../types.ts";
import { setSocketTimeout } from "./silence.ts";

/** How to reach a PostgreSQL server: a URL, or its parts. */
export interface ServerAddress {
  /** `postgres://user:password@host:5432/name?sslmode=…` */
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly name?: string | undefined;
}

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
  pool: { session?: readonly string[] | undefined; queryTimeoutMs?: number | undefined },
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
    options: [...(typeof options === "string" ? [options] : []), ...SESSION, ...(pool.session ?? [])].join(
      " ",
    ),
  };
}

/** Options of MikroORM for a server. */
export function serverOrmOptions(
  address: ServerAddress,
  pool: {
    size: number;
    session?: readonly string[] | undefined;
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

/** node-postgres behind the interface that both engines share. */
export function queryableOf(client: Pool | PoolClient): Queryable {
  return {
    query: async <Row>(text: string, values?: readonly unknown[], options?: { name?: string }) => {
      const result = await client.query({
        text,
        values: values as unknown[],
        ...(options?.name === undefined ? {} : { name: options.name }),
      });
      return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 } satisfies QueryResult<Row>;
    },
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
      const result = await work(queryableOf(client));
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

/** Pools that were handed in: an ORM over a dialect does not know the pool behind it. */
const lent = new WeakMap<MikroORM, Pool>();

/** Notes the pool that an ORM works with and does not own. */
export function sharePool(orm: MikroORM, pool: Pool): void {
  lent.set(orm, pool);
}

/** The pool of an ORM: its `execute` writes values into the SQL text, the pool binds them. */
export async function poolOf(orm: MikroORM): Promise<Pool> {
  const connection = orm.em.getDriver().getConnection() as unknown as { getNativeClient(): Promise<Pool> };
  return lent.get(orm) ?? connection.getNativeClient();
}
