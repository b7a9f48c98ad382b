import { setTimeout as delay } from "node:timers/promises";
import type { MikroORM } from "@mikro-orm/core";
import type { Migrator } from "@mikro-orm/migrations";
import { migrations as known } from "../../migrations/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { errorMessage } from "../util/error-message.ts";
import { databaseUnusable, outdated, refuseNewer } from "./open-errors.ts";
import { errorCode } from "./retry-transient.ts";
import { SQLSTATE } from "./sql.ts";
import type { Lock, Migrations, MigrationsStatus, Queryable } from "./types.ts";

/** MikroORM's record of applied migrations. */
const MIGRATIONS_TABLE = "che168_migrations";

/** MikroORM options for the migrations of this package. */
export const migrationOptions = {
  migrationsList: known,
  tableName: MIGRATIONS_TABLE,
  snapshot: false,
  disableForeignKeys: false,
  transactional: true,
  allOrNothing: true,
  silent: true,
} as const;

/** Attempts at a lock that long reads hold; each waits as long as the migration sets. */
const MAX_LOCK_ATTEMPTS = 30;
const LOCK_PAUSE_MS = 1_000;
/** Shorter migrations are not announced. */
const MIN_ANNOUNCED_SECONDS = 2;

interface MigrationsParts {
  readonly orm: MikroORM;
  readonly db: Queryable;
  readonly description: string;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Schema that the migrator must select itself, on sessions with the search path of the application. */
  readonly runSchema?: string | undefined;
  /** Waits for the migration lock and takes it. */
  readonly lock: () => Promise<Lock>;
}

export function createMigrations(parts: MigrationsParts): Migrations {
  const { orm, db, description, runSchema, lock, signal } = parts;
  const logger = parts.logger ?? silentLogger;
  const migrator = () => orm.migrator as unknown as Migrator;

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const held = await lock();
    try {
      return await work();
    } catch (error) {
      throw errorCode(error) === SQLSTATE.insufficientPrivilege
        ? await withoutPrivilege(db, description, error)
        : error;
    } finally {
      await held.release();
    }
  };

  const status = async (): Promise<MigrationsStatus> => {
    // Without the migrator, which creates its table; only in our schema, not in a later one of the search path.
    const { rows: found } = await db.query<{ name: string | null }>(
      `select to_regclass(quote_ident(current_schema()) || '.${MIGRATIONS_TABLE}')::text as name`,
    );
    const table = found[0]?.name ?? undefined;
    const { rows } =
      table === undefined
        ? { rows: [] }
        : await db.query<{ name: string }>(`select name from ${table} order by id`);
    const executed = rows.map(({ name }) => name);
    return {
      executed,
      pending: known.map(({ name }) => name).filter((name) => !executed.includes(name)),
      unknown: executed.filter((name) => !known.some((migration) => migration.name === name)),
    };
  };

  /** Retries a transaction whose lock is held by a long read; in the pauses, later reads are served. */
  const withLocks = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (errorCode(error) !== SQLSTATE.lockNotAvailable || attempt === MAX_LOCK_ATTEMPTS) {
          throw error;
        }
        logger.debug(`A migration waits for a lock on a table: ${errorMessage(error)}`);
        await delay(LOCK_PAUSE_MS, undefined, { signal });
      }
    }
  };

  /** Announces a migration whose time grows with the data, and returns what logs its duration. */
  const announce = async (name: string): Promise<() => void> => {
    const cost = known.find((one) => one.name === name)?.microsecondsPerListing;
    if (cost === undefined) {
      return () => {};
    }
    const { rows } = await db.query<{ count: number }>("select count(*)::int as count from processed_data");
    const count = rows[0]?.count ?? 0;
    const seconds = Math.round((count * cost) / 1_000_000);
    if (seconds < MIN_ANNOUNCED_SECONDS) {
      return () => {};
    }
    logger.info(
      `The migration ${name} goes through ${count} listings, which takes about ${seconds} s; a running API keeps reading`,
    );
    const started = performance.now();
    return () =>
      logger.info(`The migration ${name} took ${Math.round((performance.now() - started) / 1_000)} s`);
  };

  /**
   * One transaction per migration, so that the locks of one are not held while the next one goes through the data. A new
   * database has no readers: all at once.
   */
  const apply = async (names: readonly string[], isNew: boolean): Promise<string[]> => {
    if (isNew && names.length > 0) {
      return (await migrator().up({ migrations: [...names], schema: runSchema })).map(({ name }) => name);
    }
    const applied: string[] = [];
    for (const name of names) {
      signal?.throwIfAborted();
      const finished = await announce(name);
      await withLocks(() => migrator().up({ migrations: [name], schema: runSchema }));
      finished();
      applied.push(name);
    }
    return applied;
  };

  const revert = (name: string) =>
    withLocks(() => migrator().down({ migrations: [name], schema: runSchema }));

  return {
    status,
    up: async () => {
      const before = await status();
      refuseNewer(before);
      if (before.pending.length === 0) {
        return [];
      }
      return locked(async () => {
        // Another process may have applied them in the meantime.
        const { executed, pending } = await status();
        return apply(pending, executed.length === 0);
      });
    },
    down: () =>
      locked(async () => {
        const { executed, unknown } = await status();
        refuseNewer({ unknown });
        const last = executed.at(-1);
        if (last !== undefined) {
          await revert(last);
        }
        return last;
      }),
    to: async (names) => {
      refuseNewer({ unknown: names.filter((name) => !known.some((one) => one.name === name)) }, "dump");
      return locked(async () => {
        const before = await status();
        refuseNewer(before);
        const surplus = before.executed.filter((name) => !names.includes(name));
        const missing = before.pending.filter((name) => names.includes(name));
        for (const name of surplus.toReversed()) {
          await revert(name);
        }
        await apply(missing, surplus.length === before.executed.length);
        return surplus.length + missing.length > 0;
      });
    },
    check: async () => {
      const now = await status();
      refuseNewer(now);
      if (now.pending.length > 0) {
        throw outdated(now);
      }
    },
  };
}

/** Since PostgreSQL 15, only the owner of a database may create tables in its schema `public`. */
async function withoutPrivilege(db: Queryable, description: string, cause: unknown) {
  const { rows } = await db.query<{ role: string; schema: string }>(
    "select quote_ident(current_user) as role, quote_ident(current_schema()) as schema",
  );
  const { role = "", schema = "" } = rows[0] ?? {};
  const reason = errorMessage(cause).split("\n")[0];
  return databaseUnusable(
    description,
    `the role ${role} may not change the schema ${schema} (${reason}). As the owner of the database or a superuser, run in it: GRANT CREATE, USAGE ON SCHEMA ${schema} TO ${role}`,
    cause,
  );
}
