import type { PGlite } from "@electric-sql/pglite";
import { type MikroORM, type Options, Utils } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { ConfigError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import type { DatabaseOptions, MikroOrmLike } from "./database-options.ts";
import { setSessionSetup, sharePool } from "./native-clients.ts";
import { cannotOpen } from "./open-errors.ts";
import { openOrm } from "./orm.ts";
import { databaseOnPglite, embeddedOrmOptions } from "./pglite/open-pglite.ts";
import { adaptToPooler, readServerFacts, refuseUnusable, resolveSchema } from "./postgres/inspect-server.ts";
import { databaseOnPool } from "./postgres/open-postgres.ts";
import { sessionOptions, watchConnections } from "./postgres/pool.ts";
import { BEGIN } from "./postgres/sessions.ts";
import { missingSettings, SETTINGS_JSON } from "./session-settings.ts";
import { quoteIdentifier } from "./sql.ts";
import type { Database } from "./types.ts";

/** One for the locks, one for a transaction, one for concurrent reads: with fewer, a job deadlocks. */
const MIN_CONNECTIONS = 3;

/** The first version of MikroORM whose connections have `getNativeClient`. */
const MIN_ORM_VERSION = "7.2.0";

/** Statements that each transaction on external sessions starts with; empty when the sessions have our settings. */
function sessionSetup(settings: Readonly<Record<string, string>>, schema: string | undefined): string[] {
  return [
    ...missingSettings(settings),
    ...(schema === undefined ? [] : [`set local search_path to ${quoteIdentifier(schema)}`]),
  ];
}

/** The version installed with this package. */
const ownOrmVersion = Utils.getORMVersion();

const wrongOrm = (message: string) => new ConfigError([{ key: "orm", message }]);

/** The driver's own client. */
async function nativeClientOf(orm: MikroOrmLike): Promise<{ pool: Pool } | { pglite: PGlite }> {
  const driver = orm.em.getDriver();
  const connection = driver.getConnection() as { getNativeClient?: () => Promise<unknown> };
  const native = (await connection.getNativeClient?.()) as Record<string, unknown> | undefined;
  if (typeof native?.connect === "function" && typeof native.totalCount === "number") {
    return { pool: native as unknown as Pool };
  }
  if (typeof native?.exec === "function") {
    return { pglite: native as unknown as PGlite };
  }
  const name = driver.constructor.name;
  if (connection.getNativeClient === undefined && /^(?:PostgreSql|Pglite)Driver$/.test(name)) {
    throw wrongOrm(
      `must come from MikroORM ${MIN_ORM_VERSION} or newer, this one is older: its ${name} lacks getNativeClient(). Update the @mikro-orm packages of the application (this package uses ${ownOrmVersion}), or pass the ORM's options or a URL instead of an instance`,
    );
  }
  throw wrongOrm(`must have the driver of @mikro-orm/postgresql or @mikro-orm/pglite (has ${name})`);
}

/** A pool that our ORM may use but not close. */
const nonClosingPool = (pool: Pool) => ({
  connect: () => pool.connect(),
  end: async () => {},
  options: pool.options,
});

/**
 * An ORM with our entities and migrations, on the connections of another ORM. Uses a dialect of our copy of Kysely: MikroORM only
 * accepts an instance of its own copy, and the other ORM may come from another installation.
 */
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

/** @param own the same ORM when we opened it, to be closed with the database */
async function databaseOver(
  external: MikroOrmLike,
  options: DatabaseOptions,
  own?: MikroORM,
): Promise<Database> {
  const dbName = String(external.config.get("dbName"));
  const native = await nativeClientOf(external);
  const logger = options.logger ?? silentLogger;
  if ("pglite" in native) {
    const { rows } = await native.pglite.query<{ settings: Readonly<Record<string, string>> }>(
      `select ${SETTINGS_JSON} as settings`,
    );
    const setup = sessionSetup(rows[0]?.settings ?? {}, options.schema);
    const orm = own ?? (await ormOver(native, dbName, logger));
    setSessionSetup(orm, setup);
    return databaseOnPglite({ orm, pglite: native.pglite, description: dbName, setup }, options);
  }
  const { pool } = native;
  if (pool.options.max < MIN_CONNECTIONS) {
    throw wrongOrm(`must have a pool of at least ${MIN_CONNECTIONS} connections (has ${pool.options.max})`);
  }
  const { host = "localhost", port = 5432 } = pool.options as { host?: string; port?: number };
  const description = `${host}:${port}/${dbName}`;
  const connections = watchConnections(pool, own === undefined ? undefined : options.signal);
  try {
    const facts = await readServerFacts(connections);
    refuseUnusable(facts, description);
    await adaptToPooler(connections, facts, description);
    const given = { ...facts, ...(options.schema === undefined ? {} : { schema: options.schema }) };
    const schema = await resolveSchema(connections, given, {
      description,
      mayCreate: options.createIfMissing ?? options.autoMigrate ?? true,
    });
    const setup = sessionSetup(facts.settings, options.schema);
    const orm = own ?? (await ormOver(native, dbName, logger));
    setSessionSetup(orm, setup);
    const begin = [BEGIN, ...setup].join("; ");
    const ownsPool = own !== undefined;
    const parts = { orm, connections, ownsPool, description, schema, begin, wrapped: setup.length > 0 };
    return databaseOnPool(parts, options);
  } catch (error) {
    connections.dispose();
    throw cannotOpen(description, error);
  }
}

/** Adds the session settings of this package, unless the application makes its connections itself. */
function driverOptionsOf({ driver, driverOptions }: Partial<Options>, ours: DatabaseOptions) {
  const onServer = driver === PostgreSqlDriver || driver?.name === PostgreSqlDriver.name;
  const isPlain = driverOptions === undefined || Object.getPrototypeOf(driverOptions) === Object.prototype;
  return onServer && isPlain ? sessionOptions(driverOptions ?? {}, ours) : (driverOptions ?? {});
}

async function databaseWith(options: Partial<Options>, ours: DatabaseOptions): Promise<Database> {
  if (typeof options.driver !== "function") {
    throw wrongOrm("must name its driver, as `defineConfig` of @mikro-orm/postgresql does");
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
 * Opens a database with an ORM of the application, or with the options of one.
 *
 * @throws ConfigError when its driver or version does not fit, or its pool is too small
 * @throws Che168Error `DATABASE_UNAVAILABLE`, `DATABASE_UNUSABLE`
 */
export function openExternal(
  orm: MikroOrmLike | Partial<Options>,
  options: DatabaseOptions,
): Promise<Database> {
  return isInstance(orm) ? databaseOver(orm, options) : databaseWith(orm, options);
}
