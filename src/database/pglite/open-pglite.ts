import { rmdir, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { MikroORM } from "@mikro-orm/core";
import { isChe168Error } from "../../errors.ts";
import type { DatabaseOptions } from "../database-options.ts";
import { createProcessLocks } from "../locks.ts";
import { createMigrations } from "../migrations.ts";
import { pgliteOf, pgliteQueryable } from "../native-clients.ts";
import { missingDirectory } from "../open-errors.ts";
import { openOrm, useSchema, waitForLock } from "../orm.ts";
import { explainExhausted } from "../retry-transient.ts";
import { setSession } from "../session-settings.ts";
import { quoteIdentifier } from "../sql.ts";
import type { Database, Queryable } from "../types.ts";
import { isVacuum, vacuum } from "../vacuum.ts";
import {
  cannotOpenDirectory,
  closeFilesToOthers,
  closeToOthers,
  examineDirectory,
} from "./data-directory.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";

/** MikroORM options for the embedded database. Loads PGlite only here: users of a server do not need it. */
export async function embeddedOrmOptions(directory: string) {
  const { PgliteDriver } = await import("@mikro-orm/pglite");
  const { PGlite } = await import("@electric-sql/pglite");
  // During crash recovery PostgreSQL sets a timer for progress messages, and PGlite never clears it: after `close()` it
  // would keep the process alive.
  const startParams = [...PGlite.defaultStartParams, "-c", "log_startup_progress_interval=0"];
  return { driver: PgliteDriver, dbName: directory, driverOptions: { startParams } };
}

/** Locks by PGlite instance, so that two databases over one instance exclude each other. */
const locksOf = new WeakMap<PGlite, ReturnType<typeof createProcessLocks>>();

/** Parts of an embedded database. */
export interface EmbeddedParts {
  /** Closed by `close()`. */
  readonly orm: MikroORM;
  readonly pglite: PGlite;
  readonly description: string;
  /** Statements that each transaction, and so each statement, needs first. */
  readonly setup?: readonly string[];
}

/** A database over an instance of PGlite. */
export function databaseOnPglite(parts: EmbeddedParts, options: DatabaseOptions): Database {
  const { orm, pglite, description, setup = [] } = parts;
  const locks = locksOf.get(pglite) ?? createProcessLocks();
  locksOf.set(pglite, locks);
  const transaction = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    pglite.transaction(async (tx) => {
      for (const statement of setup) {
        await tx.query(statement);
      }
      return work(pgliteQueryable(tx));
    });
  const queryable: Queryable =
    setup.length === 0
      ? pgliteQueryable(pglite)
      : {
          query: (text, values) =>
            isVacuum(text)
              ? vacuum(pgliteQueryable(pglite), text, options.schema)
              : transaction((tx) => tx.query(text, values)),
        };
  if (options.schema !== undefined) {
    useSchema(orm, options.schema);
  }
  return {
    ...queryable,
    engine: "pglite",
    maxConnections: 1,
    description,
    orm,
    migrations: createMigrations({
      orm,
      db: queryable,
      description,
      logger: options.logger,
      signal: options.signal,
      runSchema: setup.length > 0 ? options.schema : undefined,
      lock: () => waitForLock(() => locks.take(["migration"], "this process"), options.signal),
    }),
    control: queryable,
    replicas: [],
    transaction,
    retrying: (work) =>
      work(1).catch((error) => {
        throw explainExhausted(error);
      }),
    lock: locks.take,
    lockHolders: locks.holders,
    close: () => orm.close(true),
  };
}

/** Opens PGlite itself, with the settings of its one session. */
async function openInstance(directory: string, options: DatabaseOptions): Promise<Database> {
  const orm = await openOrm(await embeddedOrmOptions(directory));
  try {
    const pglite = await pgliteOf(orm);
    await pglite.exec(setSession);
    if (options.schema !== undefined) {
      const schema = quoteIdentifier(options.schema);
      await pglite.exec(`create schema if not exists ${schema}; set search_path to ${schema}`);
    }
    return databaseOnPglite({ orm, pglite, description: directory }, options);
  } catch (error) {
    await orm.close(true).catch(() => {});
    throw error;
  }
}

async function openInDirectory(directory: string, options: DatabaseOptions): Promise<Database> {
  const mayCreate = options.createIfMissing ?? options.autoMigrate ?? true;
  if (!mayCreate && (await examineDirectory(directory))) {
    throw missingDirectory(directory);
  }
  const lock: DirectoryLock = await lockDirectory(directory, options.applicationName ?? "che168-sync");
  const existed = (await stat(directory).catch(() => undefined)) !== undefined;
  let fresh = false;
  try {
    fresh = await examineDirectory(directory);
    await closeToOthers(directory);
    const database = await openInstance(directory, options);
    if (fresh) {
      await closeFilesToOthers(directory);
      options.logger?.debug(`Created an embedded database in ${directory}`);
    }
    return {
      ...database,
      close: async () => {
        await database.close();
        await lock.release();
      },
    };
  } catch (cause) {
    const error = isChe168Error(cause) ? cause : await cannotOpenDirectory(directory, fresh, cause);
    if (!existed) {
      await rmdir(directory).catch(() => {});
    }
    await (fresh ? lock.discard() : lock.release());
    throw error;
  }
}

/** Opens the embedded database in a directory, or in memory. */
export async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const dataDir = options.dataDir ?? ".che168/pgdata";
  if (dataDir.startsWith("memory:")) {
    return openInstance(dataDir, options);
  }
  return openInDirectory(isAbsolute(dataDir) ? dataDir : resolve(dataDir), options);
}
