import { setTimeout as delay } from "node:timers/promises";
import type { Pool, PoolConfig } from "pg";
import { postgresQueryable } from "../native-clients.ts";
import type { Queryable } from "../types.ts";

/** Limit on waiting for a running statement on close. */
const MAX_CLOSE_MS = 250;

/**
 * One connection beside a pool, opened on the first statement and closed when idle. Its statements do not queue behind
 * those of the pool: a check that must not be late under load, such as which tokens are revoked, runs here.
 */
export function controlConnection(shared: Pool): Queryable & { close(): Promise<void> } {
  let own: Pool | undefined;
  const open = (): Pool => {
    // The driver is MikroORM's; its class comes from the pool.
    const OwnPool = shared.constructor as new (config: PoolConfig) => Pool;
    const { options } = shared;
    const { password, ssl } = options;
    const pool = new OwnPool({ ...options, password, ssl, max: 1, min: 0, allowExitOnIdle: true });
    // An idle connection that is lost is replaced by the next statement.
    pool.on("error", () => {});
    return pool;
  };
  return {
    query: (text, values, named) => {
      own ??= open();
      return postgresQueryable(own).query(text, values, named);
    },
    close: async () => {
      await Promise.race([own?.end(), delay(MAX_CLOSE_MS, undefined, { ref: false })]);
    },
  };
}
