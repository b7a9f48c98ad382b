import { isChe168Error } from "../errors.ts";
import { type DatabaseOptions, withUse } from "./database-options.ts";
import { unavailable } from "./open-errors.ts";
import { isConnectionLost } from "./retry-transient.ts";
import type { Database } from "./types.ts";

/** Loads the ORM and the driver that the options need, and no other. */
async function open(options: DatabaseOptions): Promise<Database> {
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

/**
 * Opens the ORM that was handed in, PostgreSQL when `url` or `host` is given, else the embedded database, and brings the
 * schema up to date. Any number of databases may be open in one process.
 *
 * @throws Che168Error `DATABASE_UNAVAILABLE`, `DATABASE_UNUSABLE`, `SCHEMA_OUTDATED`, `SCHEMA_NEWER`
 * @throws ConfigError when the ORM that was handed in is not one for PostgreSQL, or has too few connections
 * @throws LockedError when another process has the embedded directory open
 */
export async function createDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const database = await open(withUse(options));
  try {
    if (!options.skipSchemaCheck) {
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
