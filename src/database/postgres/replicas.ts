import type { MikroORM } from "@mikro-orm/core";
import { PostgreSqlConnection } from "@mikro-orm/postgresql";
import type { DatabaseOptions } from "../database-options.ts";
import { postgresQueryable } from "../native-clients.ts";
import type { Replica } from "../types.ts";
import { endPool, serverOrmOptions, type WatchedPool, watchConnections } from "./pool.ts";
import { sessionOn } from "./sessions.ts";

/** Upper limit of the connection timeout: a server that accepts connections but never responds delays a read this long. */
const MAX_CONNECT_MS = 2_000;

/** Opens replicas on their first read, so that an unavailable one does not prevent starting. */
export function openReplicas(
  orm: MikroORM,
  options: DatabaseOptions,
): { replicas: Replica[]; close(): Promise<void> } {
  const maxConnections = options.poolSize ?? 6;
  const opened = (options.replicas ?? []).map((url) => {
    const {
      driver: _,
      driverOptions,
      ...address
    } = serverOrmOptions({ url }, { ...options, poolSize: maxConnections });
    const connectionTimeoutMillis = Math.min(MAX_CONNECT_MS, driverOptions.connectionTimeoutMillis);
    // The same class as the primary's, so that values have the same types.
    const connection = new PostgreSqlConnection(
      orm.config,
      { ...address, driverOptions: { ...driverOptions, connectionTimeoutMillis } },
      "read",
    );
    let connections: Promise<WatchedPool> | undefined;
    return {
      connection,
      dispose: async () => {
        const used = await connections;
        used?.dispose();
        if (used !== undefined) {
          // Not awaited: a connection to a server that hangs is never returned.
          endPool(used.pool).catch(() => {});
        }
      },
      replica: {
        description: `${address.host}:${address.port}/${address.dbName}`,
        maxConnections,
        session: async (work) => {
          connections ??= connection.getNativeClient().then((pool) => watchConnections(pool, options.signal));
          return sessionOn(await connections, (client) => work(postgresQueryable(client), client));
        },
      } satisfies Replica,
    };
  });
  return {
    replicas: opened.map(({ replica }) => replica),
    close: async () => {
      await Promise.all(opened.map(({ connection }) => connection.close(true)));
      await Promise.all(opened.map(({ dispose }) => dispose()));
    },
  };
}
