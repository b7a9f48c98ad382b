import type { MikroORM } from "@mikro-orm/core";
import { PostgreSqlConnection } from "@mikro-orm/postgresql";
import type { DatabaseOptions } from "../database-options.ts";
import { postgresQueryable } from "../native-clients.ts";
import type { Replica } from "../types.ts";
import { serverOrmOptions, sessionOn } from "./pool.ts";

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
        serverSettings: options.serverSettings,
        queryTimeoutMs: options.queryTimeoutMs,
      },
    );
    const connectionTimeoutMillis = Math.min(CONNECT_MS, driverOptions.connectionTimeoutMillis);
    return {
      description: `${address.host}:${address.port}/${address.dbName}`,
      // The same class as the primary's: values come in the same types.
      connection: new PostgreSqlConnection(
        orm.config,
        { ...address, driverOptions: { ...driverOptions, connectionTimeoutMillis } },
        "read",
      ),
    };
  });
  return {
    replicas: connections.map(({ description, connection }) => ({
      description,
      session: async (work) =>
        sessionOn(await connection.getNativeClient(), (client) => work(postgresQueryable(client), client)),
    })),
    close: async () => {
      await Promise.all(connections.map(({ connection }) => connection.close(true)));
    },
  };
}
