import type { PGlite } from "@electric-sql/pglite";
import type { MikroORM, Options } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { ConfigError, isChe168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import type { DatabaseOptions, MikroOrmLike } from "./database-options.ts";
import { sharePool } from "./native-clients.ts";
import { unavailable } from "./open-errors.ts";
import { openOrm } from "./orm.ts";
import { databaseOnPglite, embeddedOrmOptions } from "./pglite/open-pglite.ts";
import { databaseOnPool } from "./postgres/open-postgres.ts";
import { BEGIN, sessionOptions } from "./postgres/pool.ts";
import type { Database } from "./types.ts";

/** The locks take one, a transaction another, and reading beside it a third: with fewer, work waits for itself. */
const MIN_CONNECTIONS = 3;

/** Sessions that are not ours keep their time zone; times of this package are UTC. */
const IN_UTC = "set local timezone to 'UTC'";
const UTC_NAMES = new Set(["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Universal", "Zulu"]);

async function isInUtc(db: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<boolean> {
  const { rows } = await db.query("select current_setting('TimeZone') as zone");
  return UTC_NAMES.has(String((rows[0] as { zone?: unknown } | undefined)?.zone));
}

const wrongOrm = (message: string) => new ConfigError([{ key: "orm", message }]);

/** What the driver of an ORM works with. */
async function nativeOf(orm: MikroOrmLike): Promise<{ pool: Pool } | { pglite: PGlite }> {
  const connection = orm.em.getDriver().getConnection() as { getNativeClient?: () => Promise<unknown> };
  const native = (await connection.getNativeClient?.()) as Record<string, unknown> | undefined;
  if (typeof native?.connect === "function" && typeof native.totalCount === "number") {
    return { pool: native as unknown as Pool };
  }
  if (typeof native?.exec === "function") {
    return { pglite: native as unknown as PGlite };
  }
  throw wrongOrm("must be an ORM with the driver of @mikro-orm/postgresql or @mikro-orm/pglite");
}

/** A pool that our ORM may use and not end. */
const nonClosingPool = (pool: Pool) => ({
  connect: () => pool.connect(),
  end: async () => {},
  options: pool.options,
});

/** An ORM of ours, with our entities and schema steps, on the connections of another. */
async function ormOver(native: { pool: Pool } | { pglite: PGlite }, dbName: string, logger: Logger) {
  if ("pglite" in native) {
    return openOrm({ ...(await embeddedOrmOptions(dbName)), driverOptions: { pglite: native.pglite } });
  }
  const orm = await openOrm({
    driver: PostgreSqlDriver,
    dbName,
    driverOptions: new PostgresDialect({ pool: nonClosingPool(native.pool) }),
    logger: (message: string) => logger.warn(message),
  });
  sharePool(orm, native.pool);
  return orm;
}

/** @param own the same ORM when it is ours: closing the database closes it */
async function databaseOver(
  lender: MikroOrmLike,
  options: DatabaseOptions,
  own?: MikroORM,
): Promise<Database> {
  const dbName = String(lender.config.get("dbName"));
  const native = await nativeOf(lender);
  const logger = options.logger ?? silentLogger;
  if ("pglite" in native) {
    const first = (await isInUtc(native.pglite)) ? undefined : IN_UTC;
    const orm = own ?? (await ormOver(native, dbName, logger));
    return databaseOnPglite({ orm, pglite: native.pglite, description: dbName, first });
  }
  const { pool } = native;
  if (pool.options.max < MIN_CONNECTIONS) {
    throw wrongOrm(`must have a pool of at least ${MIN_CONNECTIONS} connections (has ${pool.options.max})`);
  }
  const { host = "localhost", port = 5432 } = pool.options as { host?: string; port?: number };
  const description = `${host}:${port}/${dbName}`;
  try {
    const wrapped = !(await isInUtc(pool));
    const orm = own ?? (await ormOver(native, dbName, logger));
    const begin = wrapped ? `${BEGIN}; ${IN_UTC}` : BEGIN;
    return databaseOnPool({ orm, pool, description, begin, wrapped }, options);
  } catch (error) {
    throw isChe168Error(error) ? error : unavailable(description, error);
  }
}

/** Sessions as this package needs them, where the application does not bring connections of its own making. */
function driverOptionsOf({ driver, driverOptions }: Partial<Options>, ours: DatabaseOptions) {
  const onServer = driver === PostgreSqlDriver || driver?.name === PostgreSqlDriver.name;
  const isPlain = driverOptions === undefined || Object.getPrototypeOf(driverOptions) === Object.prototype;
  return onServer && isPlain ? sessionOptions(driverOptions ?? {}, ours) : (driverOptions ?? {});
}

async function databaseWith(options: Partial<Options>, ours: DatabaseOptions): Promise<Database> {
  if (typeof options.driver !== "function") {
    throw wrongOrm("must name its driver; `defineConfig` of @mikro-orm/postgresql does");
  }
  const { schema: _, discovery: __, ...rest } = options;
  const max = Math.max(MIN_CONNECTIONS, ours.poolSize ?? options.pool?.max ?? 6);
  const driverOptions = driverOptionsOf(options, ours);
  const orm = await openOrm({ ...rest, pool: { ...options.pool, max }, driverOptions });
  try {
    return await databaseOver(orm, ours, orm);
  } catch (error) {
    await orm.close(true).catch(() => {});
    throw error;
  }
}

const isInstance = (orm: MikroOrmLike | Partial<Options>): orm is MikroOrmLike =>
  "em" in orm && "config" in orm;

/**
 * Opens a database by an ORM of the application, or by the options of one.
 *
 * @throws ConfigError when its driver is another, or its pool too small
 * @throws Che168Error `DATABASE_UNAVAILABLE`
 */
export function openExternal(
  orm: MikroOrmLike | Partial<Options>,
  options: DatabaseOptions,
): Promise<Database> {
  return isInstance(orm) ? databaseOver(orm, options) : databaseWith(orm, options);
}
