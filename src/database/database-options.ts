import type { Options } from "@mikro-orm/core";
import type { Logger } from "../logging/types.ts";
import type { ServerAddress } from "./postgres/pool.ts";
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
  /** Settings of every session, as PostgreSQL's `options` has them: `-c statement_timeout=5s`. Not of those that were handed in. */
  readonly session?: readonly string[] | undefined;
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
