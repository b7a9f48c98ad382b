import { setTimeout as delay } from "node:timers/promises";
import type { MikroORM } from "@mikro-orm/core";
import type { Pool } from "pg";
import { isChe168Error } from "../../errors.ts";
import { type Logger, silentLogger } from "../../logging/types.ts";
import type { DatabaseOptions } from "../database-options.ts";
import { createServerLocks, holdersOnServer } from "../locks.ts";
import { createMigrations } from "../migrations.ts";
import { poolOf, postgresQueryable } from "../native-clients.ts";
import { unavailable } from "../open-errors.ts";
import { openOrm, waitForLock } from "../orm.ts";
import { DEFAULT_RETRY, errorCode, retryTransient } from "../retry-transient.ts";
import type { Database, Queryable } from "../types.ts";
import { controlConnection } from "./control-connection.ts";
import { BEGIN, serverOrmOptions, transactionOn } from "./pool.ts";
import { openReplicas } from "./replicas.ts";

/** SQLSTATE of a database name that the server does not know. */
const NO_SUCH_DATABASE = "3D000";

/** How long closing waits for connections that are still in use. */
const CLOSE_LIMIT_MS = 2_000;

/**
 * Closes the pool. A migration whose connection was cut never gives it back (its transaction fails at the rollback), and
 * the pool would wait for it for ever.
 */
async function closeOrm(orm: MikroORM): Promise<void> {
  const over = new AbortController();
  const closed = orm.close(true).finally(() => over.abort());
  await Promise.race([closed, delay(CLOSE_LIMIT_MS, undefined, { signal: over.signal }).catch(() => closed)]);
}

async function createMissingDatabase(orm: MikroORM, logger: Logger): Promise<void> {
  try {
    await (await poolOf(orm)).query("select 1");
  } catch (error) {
    if (errorCode(error) !== NO_SUCH_DATABASE) {
      throw error;
    }
    await orm.schema.ensureDatabase();
    logger.info(`Created the database ${orm.config.get("dbName")}`);
  }
}

/** What a database on a server is made of. */
export interface ServerParts {
  /** Ours: closed by `close()`. */
  readonly orm: MikroORM;
  readonly pool: Pool;
  readonly description: string;
  /** What opens a transaction. @default "begin" */
  readonly begin?: string;
  /** True when each statement needs a transaction of its own, for the settings that `begin` makes. */
  readonly wrapped?: boolean;
  /** For `Database.control`; closed by `close()`. @default the pool */
  readonly control?: ReturnType<typeof controlConnection>;
}

/** A database over a pool. */
export function databaseOnPool(parts: ServerParts, options: DatabaseOptions): Database {
  const { orm, pool, description, begin = BEGIN } = parts;
  const logger = options.logger ?? silentLogger;
  const transaction = <T>(work: (tx: Queryable) => Promise<T>) => transactionOn(pool, work, begin);
  const queryable: Queryable = parts.wrapped
    ? { query: (text, values, named) => transaction((tx) => tx.query(text, values, named)) }
    : postgresQueryable(pool);
  const { replicas, close: closeReplicas } = openReplicas(orm, options);
  const locks = createServerLocks(() => pool.connect());
  const retry = { times: options.retry ?? DEFAULT_RETRY, logger };
  const lock: Database["lock"] = (kinds, applicationName) =>
    retryTransient(() => locks(kinds, applicationName), retry);
  return {
    ...queryable,
    engine: "postgresql",
    description,
    orm,
    migrations: createMigrations(orm, () =>
      waitForLock(() => lock(["migration"], options.applicationName ?? "che168-sync")),
    ),
    control: parts.control ?? queryable,
    replicas,
    transaction,
    retrying: (work, { signal } = {}) => retryTransient(work, { ...retry, ...(signal ? { signal } : {}) }),
    lock,
    lockHolders: () => holdersOnServer(queryable),
    close: async () => {
      await closeReplicas();
      await parts.control?.close();
      await closeOrm(orm);
    },
  };
}

/** Opens a PostgreSQL server by its address; makes the database when the server does not have it. */
export async function openServer(options: DatabaseOptions): Promise<Database> {
  const logger = options.logger ?? silentLogger;
  const address = serverOrmOptions(options, {
    size: Math.max(3, options.poolSize ?? 6),
    serverSettings: options.serverSettings,
    queryTimeoutMs: options.queryTimeoutMs,
  });
  const description = `${address.host}:${address.port}/${address.dbName}`;
  const orm = await openOrm({ ...address, logger: (message: string) => logger.warn(message) });
  try {
    await createMissingDatabase(orm, logger);
    const pool = await poolOf(orm);
    return databaseOnPool({ orm, pool, description, control: controlConnection(pool) }, options);
  } catch (error) {
    await closeOrm(orm).catch(() => {});
    throw isChe168Error(error) ? error : unavailable(description, error);
  }
}
