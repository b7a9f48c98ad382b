import type { MikroORM } from "@mikro-orm/core";
import { PostgreSqlConnection } from "@mikro-orm/postgresql";
import type { Pool } from "pg";
import type { DatabaseOptions } from "./options.ts";
import { queryableOf, serverOrmOptions, sessionOn } from "./server.ts";
import { endSilentConnections } from "./silence.ts";
import type { Replica } from "./types.ts";

/** A server that refuses nobody and answers nobody holds up a read no longer than this. */
const CONNECT_MS = 2_000;

/** Read-only copies, opened when they are first read: one that is away does not keep anybody from starting. */
export function openReplicas(
  orm: MikroORM,
  options: DatabaseOptions,
): { replicas: Replica[]; close(): Promise<void> } {
  const connections = (options.replicas ?? []).map((url) => {
    const {
      driver: _,
      driverOptions,
      ...address
    } = serverOrmOptions(
      { url },
      {
        size: options.poolSize ?? 6,
        session: options.session,
        queryTimeoutMs: options.queryTimeoutMs,
      },
    );
    const connectionTimeoutMillis = Math.min(CONNECT_MS, driverOptions.connectionTimeoutMillis);
    // The same class as the primary's: values come in the same types.
    const connection = new PostgreSqlConnection(
      orm.config,
      { ...address, driverOptions: { ...driverOptions, connectionTimeoutMillis } },
      "read",
    );
    let opened: Pool | undefined;
    return {
      description: `${address.host}:${address.port}/${address.dbName}`,
      connection,
      pool: async () => {
        const pool = await connection.getNativeClient();
        if (options.queryTimeoutMs !== undefined && pool !== opened) {
          endSilentConnections(pool, options.queryTimeoutMs);
        }
        opened = pool;
        return pool;
      },
    };
  });
  return {
    replicas: connections.map(({ description, pool }) => ({
      description,
      session: async (work) => sessionOn(await pool(), (client) => work(queryableOf(client), client)),
    })),
    close: async () => {
      await Promise.all(connections.map(({ connection }) => connection.close(true)));
    },
  };
}
