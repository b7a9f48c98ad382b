import { isAbsolute, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { MikroORM } from "@mikro-orm/core";
import { isChe168Error } from "../../errors.ts";
import { silentLogger } from "../../logging/types.ts";
import type { DatabaseOptions } from "../database-options.ts";
import { createProcessLocks } from "../locks.ts";
import { createMigrations } from "../migrations.ts";
import { pgliteOf, pgliteQueryable } from "../native-clients.ts";
import { openOrm } from "../orm.ts";
import { explainExhausted } from "../retry-transient.ts";
import type { Database, Queryable } from "../types.ts";
import { cannotOpen, examineDirectory } from "./data-directory.ts";
import { lockDirectory } from "./directory-lock.ts";

/** Options of MikroORM for the embedded database. Loads PGlite only here, so that users of a server do not load it. */
export async function embeddedOrmOptions(directory: string) {
  const { PgliteDriver } = await import("@mikro-orm/pglite");
  return { driver: PgliteDriver, dbName: directory };
}

/** Locks of each instance: two databases over one that was handed in exclude each other. */
const locksOf = new WeakMap<PGlite, ReturnType<typeof createProcessLocks>>();

/** What an embedded database is made of. */
export interface EmbeddedParts {
  /** Ours: closed by `close()`. */
  readonly orm: MikroORM;
  readonly pglite: PGlite;
  readonly description: string;
  /** A statement that each transaction, and so each statement, needs first. */
  readonly first?: string | undefined;
}

/** A database over an instance of PGlite. */
export function databaseOnPglite(parts: EmbeddedParts): Database {
  const { orm, pglite, description, first } = parts;
  const locks = locksOf.get(pglite) ?? createProcessLocks();
  locksOf.set(pglite, locks);
  const transaction = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    pglite.transaction(async (tx) => {
      if (first !== undefined) {
        await tx.query(first);
      }
      return work(pgliteQueryable(tx));
    });
  const queryable: Queryable =
    first === undefined
      ? pgliteQueryable(pglite)
      : { query: (text, values) => transaction((tx) => tx.query(text, values)) };
  return {
    ...queryable,
    engine: "pglite",
    description,
    orm,
    migrations: createMigrations(orm, () => locks.take(["migration"], "this process")),
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

/** Opens the embedded database in a directory, or in memory. */
export async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const logger = options.logger ?? silentLogger;
  const dataDir = options.dataDir ?? ".che168/pgdata";
  const inMemory = dataDir.startsWith("memory:");
  const directory = inMemory || isAbsolute(dataDir) ? dataDir : resolve(dataDir);
  const unlock = inMemory
    ? async () => {}
    : await lockDirectory(directory, options.applicationName ?? "che168-sync");
  let orm: MikroORM | undefined;
  let fresh = false;
  try {
    fresh = inMemory || (await examineDirectory(directory));
    orm = await openOrm(await embeddedOrmOptions(directory));
    const pglite = await pgliteOf(orm);
    await pglite.exec("set timezone to 'UTC'");
    if (fresh) {
      logger.debug(`Made an embedded database in ${directory}`);
    }
    const database = databaseOnPglite({ orm, pglite, description: directory });
    return {
      ...database,
      close: async () => {
        await database.close();
        await unlock();
      },
    };
  } catch (cause) {
    await orm?.close(true).catch(() => {});
    const error = isChe168Error(cause) ? cause : await cannotOpen(directory, fresh && !inMemory, cause);
    await unlock();
    throw error;
  }
}
