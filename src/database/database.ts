import { once } from "../util/once.ts";
import { type DatabaseOptions, withUse } from "./database-options.ts";
import { cannotOpen, refuseNewer } from "./open-errors.ts";
import { isConnectionLost } from "./retry-transient.ts";
import type { Database } from "./types.ts";

/** Loads the ORM and the driver that the options need, and no other. */
async function open(options: DatabaseOptions): Promise<Database> {
  options.signal?.throwIfAborted();
  if (options.orm !== undefined) {
    const { openExternal } = await import("./external-orm.ts");
    return openExternal(options.orm, options);
  }
  if (options.url !== undefined || options.host !== undefined) {
    const { openServer } = await import("./postgres/open-postgres.ts");
    return openServer(options);
  }
  const { openEmbedded } = await import("./pglite/open-pglite.ts");
  return openEmbedded(options);
}

/** Applies missing migrations as far as the options allow. */
async function prepareSchema({ migrations }: Database, options: DatabaseOptions): Promise<void> {
  const { autoMigrate = true, createIfMissing = autoMigrate, logger } = options;
  const { executed, pending, unknown } = await migrations.status();
  refuseNewer({ unknown });
  if (pending.length === 0) {
    return;
  }
  if (autoMigrate || (createIfMissing && executed.length === 0)) {
    for (const name of await migrations.up()) {
      logger?.info(`Applied the migration ${name}`);
    }
  } else {
    await migrations.check();
  }
}

/**
 * Opens the ORM you pass, PostgreSQL when `url` or `host` is given, or else the embedded database, and applies missing
 * migrations. Waits for a server that is starting. A process may open any number of databases.
 *
 * @throws Che168Error `DATABASE_UNAVAILABLE`, `DATABASE_UNUSABLE`, `SCHEMA_OUTDATED`, `SCHEMA_NEWER`
 * @throws ConfigError when `url` is not an address of PostgreSQL, or the ORM is not one for PostgreSQL, is too old, or has too few connections
 * @throws LockedError when another process has the embedded directory open, or is changing the schema for a minute
 * @throws the reason of `signal`
 */
export async function createDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const opened = await open(withUse(options));
  const database: Database = { ...opened, close: once(opened.close) };
  try {
    if (!options.skipSchemaCheck) {
      await database.retrying(() => prepareSchema(database, options), { signal: options.signal });
    }
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    options.signal?.throwIfAborted();
    throw isConnectionLost(error) ? cannotOpen(database.description, error) : error;
  }
}
