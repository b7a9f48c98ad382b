import type { MikroORM } from "@mikro-orm/core";
import type { Lock, LockHolder, LockKind } from "./locks.ts";
import type { Migrations } from "./migrations.ts";

/** What a statement gave. `rowCount` counts the rows that were read or changed. */
export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/**
 * Something that runs SQL with bound values (`$1`, `$2`, …). Timestamps, dates and bigints come as text on both
 * engines when cast with `::text`; integers (`int4`) as numbers; `json`/`jsonb` parsed.
 */
export interface Queryable {
  /** Runs one statement. */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: {
      /** Names a prepared statement on PostgreSQL; the embedded database ignores it. */
      name?: string;
    },
  ): Promise<QueryResult<Row>>;
}

/** A PostgreSQL server, or PostgreSQL inside this process. */
export type DatabaseEngine = "postgresql" | "pglite";

/** A read-only copy of a database on another server, a little behind it. */
export interface Replica {
  /** Host, port and name. Never a password. */
  readonly description: string;
  /**
   * Runs `work` on one connection. Behind one address may be several servers: only what is read by one connection is
   * sure to be of one of them. `connection` is the same object whenever the connection is the same.
   */
  session<T>(work: (db: Queryable, connection: object) => Promise<T>): Promise<T>;
}

/** An open database. What it was given (an ORM instance) it does not close. */
export interface Database extends Queryable {
  readonly engine: DatabaseEngine;
  /** Host and name, or the directory: what a message may show. Never a password. */
  readonly description: string;
  /** An ORM with the entities of this package, also where one without them was handed in. */
  readonly orm: MikroORM;
  readonly migrations: Migrations;
  /** As `DatabaseOptions.replicas` names them. Nothing but the API reads from them. */
  readonly replicas: readonly Replica[];
  /**
   * Runs `work` in one transaction and gives what it gives. An exception rolls back. Not repeated on failure:
   * see {@link Database.retrying}.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Runs `work` again, for a bounded time, while the database is out of reach or asks to try again (restart,
   * connection cut, deadlock, serialization failure, disk full, read-only). `attempt` counts from 1: a commit whose
   * answer was lost may have happened, so from the second attempt on `work` must look before it writes.
   * @throws the database's own error when the time is over, or `signal.reason`.
   */
  retrying<T>(
    work: (attempt: number) => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>;
  /**
   * Takes the locks of these kinds of work, all or none, without waiting.
   * @param applicationName what the holder is called in the message for others, e.g. `che168-sync daily`
   * @throws LockedError that says who holds it since when
   */
  lock(kinds: readonly LockKind[], applicationName: string): Promise<Lock>;
  /** Who is at work in this database just now. */
  lockHolders(): Promise<readonly LockHolder[]>;
  /** Closes what is ours; what was handed in stays open. */
  close(): Promise<void>;
}
