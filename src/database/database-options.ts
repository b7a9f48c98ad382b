import type { Options } from "@mikro-orm/core";
import type { Logger } from "../logging/types.ts";
import type { RetryTimes } from "./retry-transient.ts";

/** An open MikroORM of any copy of the package: as much of it as is looked at. */
export interface MikroOrmLike {
  readonly config: {
    /** The name of its database. */
    get(key: "dbName"): unknown;
  };
  readonly em: {
    /** Its driver, which must be that of PostgreSQL or of PGlite. */
    getDriver(): {
      /** What the connections are taken from. */
      getConnection(): unknown;
    };
  };
}

/** How to reach a PostgreSQL server: a URL, or its parts. */
export interface ServerAddress {
  /** `postgres://user:password@host:5432/name?sslmode=…` */
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly name?: string | undefined;
}

/** Which database, and how it is opened. */
export interface DatabaseOptions extends ServerAddress {
  /**
   * An ORM that the application has, or the options of one, in place of an address; its driver is that of
   * `@mikro-orm/postgresql` or `@mikro-orm/pglite`. It need not know the entities of this package, nor their migrations.
   *
   * An instance lends its connections (a pool of at least 3) with the settings that their sessions have, and is left open
   * by `close()`. Options are for an ORM of our own, which `close()` closes. Keeping other processes away from a directory
   * of PGlite is then the application's.
   */
  readonly orm?: MikroOrmLike | Partial<Options> | undefined;
  /**
   * Directory of the embedded database, used when neither `orm` nor `url` nor `host` is given; `memory://` keeps it in
   * memory. @default ".che168/pgdata"
   */
  readonly dataDir?: string | undefined;
  /** Applies missing migrations on opening; otherwise an older schema is an error. @default true */
  readonly autoMigrate?: boolean | undefined;
  /** Opens whatever schema there is: for the commands that repair it. @default false */
  readonly skipSchemaCheck?: boolean | undefined;
  /**
   * URLs of PostgreSQL standbys of this server, from which the API reads: `postgres://user:password@host:5432/name`.
   * @default none
   */
  readonly replicas?: readonly string[] | undefined;
  /** Connections to a server; at least 3, of which the locks take one. @default 6 */
  readonly poolSize?: number | undefined;
  /**
   * `"api"`: sessions for `createApiHandler`, with the planner settings and time limits of short reads
   * ({@link API_SERVER_SETTINGS}). Loading and normalising run longer statements and need a `Database` of their own.
   * @default settings of the server
   */
  readonly use?: "api" | undefined;
  /**
   * Settings of every session, in the format of PostgreSQL's `options`: `-c statement_timeout=5s`. Not applied to the
   * connections of an `orm` you pass in.
   */
  readonly serverSettings?: readonly string[] | undefined;
  /**
   * Longest wait for a connection, and longest silence while a statement is at work, in milliseconds: a server that vanished
   * without a word holds up a connection so long and no longer. For short statements only. @default none
   */
  readonly queryTimeoutMs?: number | undefined;
  /** What others are told about who holds the embedded database. @default "che168-sync" */
  readonly applicationName?: string | undefined;
  /** How long a transaction is tried again while the database is away. */
  readonly retry?: RetryTimes | undefined;
  readonly logger?: Logger | undefined;
}

/**
 * Session settings of `use: "api"`. Lists are small parts of a large table: a plan made for the given values is up to a
 * thousand times as fast as a generic one, and compiling or parallelising such a query costs more than the query.
 */
export const API_SERVER_SETTINGS: readonly string[] = [
  "-c jit=off",
  "-c random_page_cost=1.1",
  "-c plan_cache_mode=force_custom_plan",
  "-c max_parallel_workers_per_gather=0",
  "-c statement_timeout=5s",
];

/** Above the API's statement timeout, so that a statement times out on the server first. */
const API_QUERY_TIMEOUT_MS = 8_000;

/** Resolves `use` into the settings that it stands for. */
export function withUse(options: DatabaseOptions): DatabaseOptions {
  if (options.use !== "api") {
    return options;
  }
  return {
    ...options,
    serverSettings: [...API_SERVER_SETTINGS, ...(options.serverSettings ?? [])],
    queryTimeoutMs: options.queryTimeoutMs ?? API_QUERY_TIMEOUT_MS,
  };
}
