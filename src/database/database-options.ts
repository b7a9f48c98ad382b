import type { Options } from "@mikro-orm/core";
import type { Logger } from "../logging/types.ts";
import type { RetryTimes } from "./retry-transient.ts";

/** The part of an open MikroORM that is used here; it may come from another copy of the package. */
export interface MikroOrmLike {
  readonly config: {
    /** Name of its database. */
    get(key: "dbName"): unknown;
  };
  readonly em: {
    /** Its driver, which must be that of PostgreSQL or of PGlite. */
    getDriver(): {
      /** Its connection. */
      getConnection(): unknown;
    };
  };
}

/** Address of a PostgreSQL server: a URL, or its parts. */
export interface ServerAddress {
  /**
   * `postgres://user:password@host:5432/name?sslmode=…`. `sslmode` as in libpq: `require` encrypts,
   * `verify-full` verifies the certificate as well, against the system's authorities or the file `sslrootcert`.
   */
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly name?: string | undefined;
}

/** Which database to open, and how. */
export interface DatabaseOptions extends ServerAddress {
  /**
   * An ORM of the application, or the options of one, instead of an address; its driver is that of
   * `@mikro-orm/postgresql` or `@mikro-orm/pglite`, version 7.2 or newer. It need not know the entities or migrations of
   * this package.
   *
   * An instance shares its connections (a pool of at least 3) with the settings of their sessions, and `close()` leaves it
   * open. From options we open our own ORM, which `close()` closes. For a PGlite directory, the application must
   * exclude other processes itself.
   */
  readonly orm?: MikroOrmLike | Partial<Options> | undefined;
  /**
   * Directory of the embedded database, used without `orm`, `url` and `host`; `memory://` keeps it in memory.
   * @default ".che168/pgdata"
   */
  readonly dataDir?: string | undefined;
  /**
   * Schema of the tables, created with them; several installations can share a database, each in its own schema.
   * @default the first existing schema of the session's `search_path`, usually `public`
   */
  readonly schema?: string | undefined;
  /** Applies missing migrations on opening; otherwise an older schema is an error. @default true */
  readonly autoMigrate?: boolean | undefined;
  /**
   * Creates a missing database, embedded directory, schema or set of tables; otherwise that is an error.
   * @default autoMigrate
   */
  readonly createIfMissing?: boolean | undefined;
  /** Accepts any schema version: for commands that repair it. @default false */
  readonly skipSchemaCheck?: boolean | undefined;
  /**
   * URLs of PostgreSQL standbys of this server, from which the API reads: `postgres://user:password@host:5432/name`.
   * @default none
   */
  readonly replicas?: readonly string[] | undefined;
  /** Connections to a server; at least 3, one of them for locks. @default 6 */
  readonly poolSize?: number | undefined;
  /**
   * `"api"`: sessions for `createApiHandler`, with the planner settings and time limits of short reads. Loading and
   * normalising run longer statements and need a separate `Database`.
   * @default settings of the server
   */
  readonly use?: "api" | undefined;
  /** Time limit of a statement with `use: "api"`, in milliseconds. @default 5000 */
  readonly statementTimeoutMs?: number | undefined;
  /**
   * Settings of every session, in the format of PostgreSQL's `options`: `-c statement_timeout=5s`. Not applied to the
   * connections of an `orm` you pass.
   */
  readonly serverSettings?: readonly string[] | undefined;
  /**
   * Timeout for getting a connection, and for silence while a statement is running, in milliseconds: the limit on waiting
   * for a server that disappeared. For short statements only. @default none
   */
  readonly queryTimeoutMs?: number | undefined;
  /** Names this process in messages to others that wait for the embedded database. @default "che168-sync" */
  readonly applicationName?: string | undefined;
  /** How long a transaction is retried while the database is unavailable, and opening while a server starts. */
  readonly retry?: RetryTimes | undefined;
  /** How long opening retries a server that cannot be reached, in milliseconds. @default retry.maxElapsedMs */
  readonly waitForServerMs?: number | undefined;
  /**
   * Stops retries immediately, and after a second every running statement, even a blocked one: statements then reject with
   * the signal's reason. Connections of an ORM instance you pass are left alone.
   */
  readonly signal?: AbortSignal | undefined;
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

/** Time limit of the API's statements, unless configured; the one in {@link API_SERVER_SETTINGS}. */
export const STATEMENT_TIMEOUT_MS = 5_000;
/** How much longer we wait, so that a statement times out on the server first. */
const SILENCE_MS = 3_000;

/** Expands `use` into its settings. */
export function withUse(options: DatabaseOptions): DatabaseOptions {
  if (options.use !== "api") {
    return options;
  }
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, serverSettings = [] } = options;
  return {
    ...options,
    serverSettings: [
      ...API_SERVER_SETTINGS,
      `-c statement_timeout=${statementTimeoutMs}ms`,
      ...serverSettings,
    ],
    queryTimeoutMs: options.queryTimeoutMs ?? statementTimeoutMs + SILENCE_MS,
  };
}
