import { setTimeout as delay } from "node:timers/promises";
import type { MikroORM } from "@mikro-orm/core";
import type { Pool } from "pg";
import { type Logger, silentLogger } from "../../logging/types.ts";
import type { DatabaseOptions } from "../database-options.ts";
import { createServerLocks } from "../locks.ts";
import { createMigrations } from "../migrations.ts";
import { poolOf, postgresQueryable } from "../native-clients.ts";
import { cannotOpen, databaseUnusable, missingDatabase } from "../open-errors.ts";
import { openOrm, useSchema, waitForLock } from "../orm.ts";
import { DEFAULT_RETRY, errorCode, isTransient, isUnreachable, retryTransient } from "../retry-transient.ts";
import { quoteIdentifier, SQLSTATE } from "../sql.ts";
import type { Database, Queryable } from "../types.ts";
import { isVacuum, vacuum } from "../vacuum.ts";
import { controlConnection } from "./control-connection.ts";
import { adaptToPooler, readServerFacts, refuseUnusable, resolveSchema } from "./inspect-server.ts";
import { endPool, serverOrmOptions, type WatchedPool, watchConnections } from "./pool.ts";
import { openReplicas } from "./replicas.ts";
import { BEGIN, pooledQueryable, sessionOn, transactionOn } from "./sessions.ts";

/** Where `create database` is run. */
const MAINTENANCE_DATABASE = "postgres";

/** SQLSTATE class of a refused login. */
const WRONG_LOGIN = "28";
/** SQLSTATE of a protocol violation. */
const PROTOCOL_VIOLATION = "08P01";

/** How long closing waits for connections in use: one that a failed rollback lost is never returned to its pool. */
const CLOSE_LIMIT_MS = 2_000;
const STOPPED_CLOSE_LIMIT_MS = 200;

/** @param pool that of the ORM, when it is ours */
async function closeOrm(orm: MikroORM, pool: Pool | undefined, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const closed = orm
    .close(true)
    .then(() => pool && endPool(pool))
    .finally(() => over.abort());
  const limit = signal?.aborted ? STOPPED_CLOSE_LIMIT_MS : CLOSE_LIMIT_MS;
  await Promise.race([closed, delay(limit, undefined, { signal: over.signal }).catch(() => closed)]);
}

/** Parts of a database on a server. */
export interface ServerParts {
  /** Closed by `close()`. */
  readonly orm: MikroORM;
  readonly connections: WatchedPool;
  /** Whether `close()` ends the pool of `connections`. */
  readonly ownsPool: boolean;
  readonly description: string;
  /** Schema of the tables. */
  readonly schema: string;
  /** Opens a transaction. @default "begin" */
  readonly begin?: string;
  /** Whether each statement needs its own transaction, for the settings made by `begin`. */
  readonly wrapped?: boolean;
  /** For `Database.control`; closed by `close()`. @default the pool */
  readonly control?: ReturnType<typeof controlConnection>;
}

/** A database over a pool. */
export function databaseOnPool(parts: ServerParts, options: DatabaseOptions): Database {
  const { orm, connections, description, schema, begin = BEGIN } = parts;
  const logger = options.logger ?? silentLogger;
  const transaction = <T>(work: (tx: Queryable) => Promise<T>) => transactionOn(connections, work, begin);
  const queryable: Queryable = parts.wrapped
    ? {
        query: (text, values, named) =>
          isVacuum(text)
            ? sessionOn(connections, (client) => vacuum(postgresQueryable(client), text, options.schema))
            : transaction((tx) => tx.query(text, values, named)),
      }
    : pooledQueryable(connections);
  const { replicas, close: closeReplicas } = openReplicas(orm, options);
  const locks = createServerLocks({ connect: connections.connect, schema });
  const retry = { times: options.retry ?? DEFAULT_RETRY, logger, stop: options.signal };
  const lock: Database["lock"] = (kinds, applicationName) =>
    retryTransient(() => locks.take(kinds, applicationName), retry);
  useSchema(orm, schema);
  return {
    ...queryable,
    engine: "postgresql",
    description,
    maxConnections: connections.pool.options.max,
    orm,
    migrations: createMigrations({
      orm,
      db: queryable,
      description,
      logger: options.logger,
      signal: options.signal,
      runSchema: parts.wrapped ? options.schema : undefined,
      lock: () =>
        waitForLock(() => lock(["migration"], options.applicationName ?? "che168-sync"), options.signal),
    }),
    control: parts.control ?? queryable,
    replicas,
    transaction,
    retrying: (work, { signal } = {}) => retryTransient(work, { ...retry, signal }),
    lock,
    lockHolders: () => locks.holders(queryable),
    close: async () => {
      await closeReplicas();
      await parts.control?.close();
      await closeOrm(orm, parts.ownsPool ? connections.pool : undefined, options.signal);
      connections.dispose();
    },
  };
}

/**
 * Creates a database in UTF8, regardless of the cluster's encoding.
 * @throws Che168Error `DATABASE_UNUSABLE` when the role may not
 */
async function createServerDatabase(address: object, name: string, server: string): Promise<void> {
  const orm = await openOrm({ ...address, dbName: MAINTENANCE_DATABASE });
  const pool = await poolOf(orm);
  try {
    const { rows } = await pool.query(
      "select pg_encoding_to_char(encoding) = 'UTF8' as utf8 from pg_database where datname = 'template1'",
    );
    const template = rows[0]?.utf8 ? "" : " template template0 encoding 'UTF8' locale 'C'";
    await pool.query(`create database ${quoteIdentifier(name)}${template}`);
  } catch (error) {
    const code = errorCode(error);
    // Another process that started together with this one was faster; its insert may also violate the name's uniqueness.
    if (code === SQLSTATE.duplicateDatabase || code === SQLSTATE.uniqueViolation) {
      return;
    }
    if (code === SQLSTATE.insufficientPrivilege) {
      const { user } = address as { user: string };
      throw databaseUnusable(
        `${server}/${name}`,
        `it does not exist, and the role ${user} may not create it. As a superuser, run: CREATE DATABASE ${quoteIdentifier(name)} OWNER ${quoteIdentifier(user)}`,
        error,
      );
    }
    throw error;
  } finally {
    await closeOrm(orm, pool).catch(() => {});
  }
}

/** How long a failure to open is retried: a starting server reports that state; an unreachable one may not exist. */
const retryLimit = (options: DatabaseOptions) => {
  const maxMs = (options.retry ?? DEFAULT_RETRY).maxElapsedMs;
  return (error: unknown): number => {
    const code = errorCode(error) ?? "";
    const isPermanent =
      code === SQLSTATE.noSuchDatabase || code === PROTOCOL_VIOLATION || code.startsWith(WRONG_LOGIN);
    if (isPermanent || !isTransient(error) || isTls(error)) {
      return 0;
    }
    return isUnreachable(error) ? (options.waitForServerMs ?? maxMs) : maxMs;
  };
};

/** PgBouncer reports a missing database with the code of a protocol violation. */
const isNoSuchDatabase = (error: unknown): boolean =>
  errorCode(error) === SQLSTATE.noSuchDatabase ||
  /^(?:database ".*" does not exist|no such database)/.test((error as Error).message);

/** Errors of certificates, and a server without TLS. */
const isTls = (error: unknown): boolean => /CERT|SSL/.test(`${errorCode(error)} ${(error as Error).message}`);

/** Opens a PostgreSQL server by its address. */
export async function openServer(options: DatabaseOptions): Promise<Database> {
  const logger: Logger = options.logger ?? silentLogger;
  const mayCreate = options.createIfMissing ?? options.autoMigrate ?? true;
  const address = serverOrmOptions(options, { ...options, poolSize: Math.max(3, options.poolSize ?? 6) });
  const server = `${address.host}:${address.port}`;
  const description = `${server}/${address.dbName}`;
  const log = (message: string) => logger.warn(message);
  const orm = await openOrm({ ...address, logger: log });
  const connections = watchConnections(await poolOf(orm), options.signal);
  const retry = {
    times: options.retry,
    logger,
    signal: options.signal,
    limitMs: retryLimit(options),
  };
  try {
    const facts = await retryTransient(async () => {
      try {
        return await readServerFacts(connections);
      } catch (error) {
        if (!isNoSuchDatabase(error)) {
          throw error;
        }
        if (!mayCreate) {
          throw missingDatabase(address.dbName, server, error);
        }
      }
      await createServerDatabase({ ...address, logger: log }, address.dbName, server);
      logger.info(`Created the database ${address.dbName}`);
      return readServerFacts(connections);
    }, retry);
    refuseUnusable(facts, description);
    await adaptToPooler(connections, facts, description);
    const schema = await resolveSchema(connections, facts, { description, mayCreate });
    const control = controlConnection(connections.pool, options.signal);
    return databaseOnPool({ orm, connections, ownsPool: true, description, schema, control }, options);
  } catch (error) {
    await closeOrm(orm, connections.pool, options.signal).catch(() => {});
    connections.dispose();
    options.signal?.throwIfAborted();
    throw cannotOpen(description, error);
  }
}
