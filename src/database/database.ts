import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MikroORM, type Options } from "@mikro-orm/core";
import { Migrator } from "@mikro-orm/migrations";
import { Che168Error, isChe168Error, LockedError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { lockDirectory } from "./directory-lock.ts";
import { embeddedOrmOptions, queryableOf as embeddedQueryable, pgliteOf } from "./embedded.ts";
import { entities } from "./entities/index.ts";
import { createProcessLocks, createServerLocks, holdersOnServer, type Lock } from "./lock.ts";
import { createMigrations, migrationOptions } from "./migrations.ts";
import { DEFAULT_RETRY, errorCode, isConnectionLost, type RetryTimes, retryTransient } from "./retry.ts";
import {
  poolOf,
  type ServerAddress,
  serverOrmOptions,
  queryableOf as serverQueryable,
  transactionOn,
} from "./server.ts";
import type { Database } from "./types.ts";

export interface DatabaseOptions extends ServerAddress {
  /**
   * Directory of the embedded database, used when neither `url` nor `host` is given; `memory://` keeps it in memory.
   * @default ".che168/pgdata"
   */
  readonly dataDir?: string | undefined;
  /** Applies missing migrations on opening; otherwise an older schema is an error. @default true */
  readonly autoMigrate?: boolean | undefined;
  /** Opens whatever schema there is: for the commands that repair it. @default false */
  readonly anySchema?: boolean | undefined;
  /** Connections to a server; at least 3, of which the locks take one. @default 6 */
  readonly poolSize?: number | undefined;
  /** Settings of every session, as PostgreSQL's `options` has them: `-c statement_timeout=5s`. */
  readonly session?: readonly string[] | undefined;
  /**
   * Longest wait for a connection, and for the answer to one statement, in milliseconds: a server that vanished without a
   * word holds up a connection so long and no longer. For short statements only. @default none
   */
  readonly queryTimeoutMs?: number | undefined;
  /** What others are told about who holds the embedded database. @default "che168-sync" */
  readonly purpose?: string | undefined;
  /** How long a transaction is tried again while the database is away. */
  readonly retry?: RetryTimes | undefined;
  readonly logger?: Logger | undefined;
}

/** What every ORM of this package is opened with; the driver comes from the engine. */
const openOrm = (options: object): Promise<MikroORM> =>
  MikroORM.init({
    entities,
    extensions: [Migrator],
    migrations: migrationOptions,
    debug: false,
    colors: false,
    ensureDatabase: false,
    ...options,
  } as unknown as Options);

/** How long a process waits for another one that is changing the schema. */
const MIGRATION_WAIT_MS = 60_000;

async function waitForLock(take: () => Promise<Lock>): Promise<Lock> {
  const started = performance.now();
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof LockedError) || performance.now() - started > MIGRATION_WAIT_MS) {
        throw error;
      }
      await delay(100);
    }
  }
}

function unavailable(description: string, cause: unknown): Che168Error {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new Che168Error(
    "DATABASE_UNAVAILABLE",
    `The database ${description} cannot be opened: ${reason}. Check DATABASE_URL or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, and that the server runs.`,
    { cause },
  );
}

/** SQLSTATE of a database name that the server does not know. */
const NO_SUCH_DATABASE = "3D000";

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

async function openServer(options: DatabaseOptions): Promise<Database> {
  const logger = options.logger ?? silentLogger;
  const address = serverOrmOptions(options, {
    size: Math.max(3, options.poolSize ?? 6),
    session: options.session,
    queryTimeoutMs: options.queryTimeoutMs,
  });
  const description = `${address.host}:${address.port}/${address.dbName}`;
  const orm = await openOrm({ ...address, logger: (message: string) => logger.warn(message) });
  try {
    await createMissingDatabase(orm, logger);
    const pool = await poolOf(orm);
    const queryable = serverQueryable(pool);
    const locks = createServerLocks(() => pool.connect());
    const retry = { times: options.retry ?? DEFAULT_RETRY, logger };
    const lock: Database["lock"] = (kinds, purpose) => retryTransient(() => locks(kinds, purpose), retry);
    return {
      ...queryable,
      engine: "postgresql",
      description,
      orm,
      migrations: createMigrations(orm, () =>
        waitForLock(() => lock(["migration"], options.purpose ?? "che168-sync")),
      ),
      transaction: (work) => transactionOn(pool, work),
      retrying: (work, { signal } = {}) => retryTransient(work, { ...retry, ...(signal ? { signal } : {}) }),
      lock,
      lockHolders: () => holdersOnServer(queryable),
      close: () => orm.close(true),
    };
  } catch (error) {
    await orm.close(true).catch(() => {});
    throw isChe168Error(error) ? error : unavailable(description, error);
  }
}

async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const logger = options.logger ?? silentLogger;
  const dataDir = options.dataDir ?? ".che168/pgdata";
  const inMemory = dataDir.startsWith("memory:");
  const directory = inMemory || isAbsolute(dataDir) ? dataDir : resolve(dataDir);
  const unlock = inMemory ? async () => {} : await lockDirectory(directory, options.purpose ?? "che168-sync");
  let orm: MikroORM | undefined;
  try {
    const fresh = inMemory || !existsSync(directory);
    orm = await openOrm(await embeddedOrmOptions(directory));
    const pglite = await pgliteOf(orm);
    await pglite.exec("set timezone to 'UTC'");
    const opened = orm;
    const locks = createProcessLocks();
    if (fresh) {
      logger.debug(`Made an embedded database in ${directory}`);
    }
    return {
      ...embeddedQueryable(pglite),
      engine: "pglite",
      description: directory,
      orm: opened,
      migrations: createMigrations(opened, () => locks.take(["migration"], "this process")),
      transaction: (work) => pglite.transaction((tx) => work(embeddedQueryable(tx))),
      retrying: (work) => work(1),
      lock: locks.take,
      lockHolders: locks.holders,
      close: async () => {
        await opened.close(true);
        await unlock();
      },
    };
  } catch (cause) {
    await orm?.close(true).catch(() => {});
    await unlock();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `The embedded database in ${directory} cannot be opened: ${reason}. It may be half-written or of another version: move the directory away and load again, or restore a dump.`,
      { cause },
    );
  }
}

/**
 * Opens PostgreSQL when `url` or `host` is given, else the embedded database, and brings the schema up to date.
 *
 * @throws Che168Error `DATABASE_UNAVAILABLE`, `DATABASE_UNUSABLE`, `SCHEMA_OUTDATED`, `SCHEMA_NEWER`
 * @throws LockedError when another process has the embedded directory open
 */
export async function createDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const onServer = options.url !== undefined || options.host !== undefined;
  const database = onServer ? await openServer(options) : await openEmbedded(options);
  try {
    if (!options.anySchema) {
      if (options.autoMigrate ?? true) {
        const applied = await database.migrations.up();
        for (const name of applied) {
          options.logger?.info(`Applied the migration ${name}`);
        }
      } else {
        await database.migrations.check();
      }
    }
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    throw isChe168Error(error) || !isConnectionLost(error) ? error : unavailable(database.description, error);
  }
}
