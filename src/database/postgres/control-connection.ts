import { setTimeout as delay } from "node:timers/promises";
import type { Pool, PoolConfig } from "pg";
import type { Queryable } from "../types.ts";
import { type WatchedPool, watchConnections } from "./pool.ts";
import { pooledQueryable } from "./sessions.ts";

/** Limit on waiting for a running statement on close. */
const MAX_CLOSE_MS = 250;

/**
 * One connection in addition to a pool, opened on the first statement and closed when idle. Its statements bypass the pool's queue:
 * it serves checks that must not be delayed by load, such as the one for revoked tokens.
 */
export function controlConnection(
  shared: Pool,
  signal?: AbortSignal,
): Queryable & { close(): Promise<void> } {
  let own: WatchedPool | undefined;
  const open = (): WatchedPool => {
    // The driver is MikroORM's; its class comes from the pool.
    const OwnPool = shared.constructor as new (config: PoolConfig) => Pool;
    const { options } = shared;
    const { password, ssl } = options;
    const pool = new OwnPool({ ...options, password, ssl, max: 1, min: 0, allowExitOnIdle: true });
    // An idle connection that is lost is replaced by the next statement.
    pool.on("error", () => {});
    return watchConnections(pool, signal);
  };
  return {
    query: (text, values, named) => {
      own ??= open();
      return pooledQueryable(own).query(text, values, named);
    },
    close: async () => {
      await Promise.race([own?.pool.end(), delay(MAX_CLOSE_MS, undefined, { ref: false })]);
      own?.dispose();
    },
  };
}
