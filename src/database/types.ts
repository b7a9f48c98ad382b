import type { MikroORM } from "@mikro-orm/core";

/** Result of a statement. `rowCount` counts the rows read or changed. */
export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/**
 * Runs SQL with bound values (`$1`, `$2`, …). Both engines return timestamps, dates and bigints as text when cast with
 * `::text`, integers (`int4`) as numbers, and `json`/`jsonb` parsed.
 */
export interface Queryable {
  /** Runs one statement. */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: {
      /** Names a prepared statement on PostgreSQL; ignored by the embedded database. */
      name?: string;
      /**
       * Keeps the plan of a named statement on PostgreSQL, for one whose plan does not depend on its values and uses indexes only.
       * @default false
       */
      keepsPlan?: boolean;
    },
  ): Promise<QueryResult<Row>>;
}

/** A PostgreSQL server, or PostgreSQL inside this process. */
export type DatabaseEngine = "postgresql" | "pglite";

/** A read-only copy of the database on another server, which lags slightly. */
export interface Replica {
  /** Host, port and name. Never a password. */
  readonly description: string;
  /** Statements that can run at once. */
  readonly maxConnections: number;
  /**
   * Runs `work` on one connection. One address may lead to several servers; only reads over one connection are sure to
   * come from the same server. `connection` is the same object whenever the connection is the same.
   */
  session<T>(work: (db: Queryable, connection: object) => Promise<T>): Promise<T>;
}

/**
 * Kinds of work that run one at a time: the catalogue and the feed are `data_fetch`. Runs of different kinds do not
 * affect each other.
 */
export type LockKind = "data_fetch" | "normalization" | "migration" | "webhooks";

/** Held until released, or until the process ends for any reason. */
export interface Lock {
  /**
   * Verifies that the lock is still held; takes it again after its connection was cut.
   * @throws LockedError when another process has taken it
   */
  ensure(): Promise<void>;
  /** Releases the lock. */
  release(): Promise<void>;
}

/** A process that holds a lock. */
export interface LockHolder {
  readonly kind: LockKind;
  /** Command and time, e.g. `che168-sync daily since 2026-11-24T03:00:00Z`. */
  readonly holder: string;
}

/** Names of migrations, by state. */
export interface MigrationsStatus {
  readonly executed: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version of this package, unknown to this one. */
  readonly unknown: readonly string[];
}

/** The migrations of the schema. Each change takes the migration lock, so that processes starting together do not collide. */
export interface Migrations {
  /**
   * Applies every pending migration and returns their names. Each is a transaction of its own, so that readers of the old
   * version do not wait; those of a new database are one.
   * @throws Che168Error `SCHEMA_NEWER`; `DATABASE_UNUSABLE` when the role may not create tables
   */
  up(): Promise<readonly string[]>;
  /** Reverts the last migration and returns its name; undefined when none is applied. */
  down(): Promise<string | undefined>;
  /**
   * Brings the schema to exactly these migrations, those of a dump to be restored. Returns whether anything changed.
   * @throws Che168Error `SCHEMA_NEWER` when the database or `names` has a migration unknown to this version
   */
  to(names: readonly string[]): Promise<boolean>;
  /** Reads only: a database without our tables has every migration pending. */
  status(): Promise<MigrationsStatus>;
  /** @throws Che168Error `SCHEMA_OUTDATED` or `SCHEMA_NEWER` */
  check(): Promise<void>;
}

/** An open database. */
export interface Database extends Queryable {
  readonly engine: DatabaseEngine;
  /** Host and name, or the directory, for messages. Never a password. */
  readonly description: string;
  /** Statements that can run at once: the size of the pool; 1 for the embedded database. */
  readonly maxConnections: number;
  /** An ORM with the entities of this package, also when the caller passed one without them. */
  readonly orm: MikroORM;
  readonly migrations: Migrations;
  /**
   * For small statements that must not queue: on a server that this package opened, a connection outside the
   * pool; otherwise the same as `query`.
   */
  readonly control: Queryable;
  /** As named by `DatabaseOptions.replicas`. Only the API reads from them. */
  readonly replicas: readonly Replica[];
  /**
   * Runs `work` in one transaction and returns its result. An exception rolls back. Not retried: see
   * {@link Database.retrying}.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Retries `work` for a bounded time while the database is unavailable or a retry may succeed (restart, lost connection,
   * deadlock, serialization failure, disk full, read-only). `attempt` counts from 1. A commit whose confirmation was lost
   * may have happened: from the second attempt on, `work` must check before it writes.
   * @throws the database's own error when the time is over, or `signal.reason`
   */
  retrying<T>(
    work: (attempt: number) => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>;
  /**
   * Takes the locks of these kinds, all or none, without waiting.
   * @param applicationName names the holder in messages of other processes, e.g. `che168-sync daily`
   * @throws LockedError that names the holder, and since when it holds the lock
   */
  lock(kinds: readonly LockKind[], applicationName: string): Promise<Lock>;
  /** Holders of the locks of runs; the sender of webhooks is not one. */
  lockHolders(): Promise<readonly LockHolder[]>;
  /** Closes what this package opened; a second call has no effect. Objects you passed in stay open. */
  close(): Promise<void>;
}
