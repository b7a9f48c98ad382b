import type { MikroORM } from "@mikro-orm/core";
import type { Migrator } from "@mikro-orm/migrations";
import { migrations as known } from "../../migrations/index.ts";
import { errorMessage } from "../util/error-message.ts";
import { databaseUnusable, outdated, refuseNewer } from "./open-errors.ts";
import { errorCode } from "./retry-transient.ts";
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

/** SQLSTATE of a missing privilege. */
const INSUFFICIENT_PRIVILEGE = "42501";

interface MigrationsParts {
  readonly orm: MikroORM;
  readonly db: Queryable;
  readonly description: string;
  /** Schema that the migrator must select itself, on sessions with the search path of the application. */
  readonly runSchema?: string | undefined;
  /** Waits for the migration lock and takes it. */
  readonly lock: () => Promise<Lock>;
}

export function createMigrations({ orm, db, description, runSchema, lock }: MigrationsParts): Migrations {
  const migrator = () => orm.migrator as unknown as Migrator;

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const held = await lock();
    try {
      return await work();
    } catch (error) {
      throw errorCode(error) === INSUFFICIENT_PRIVILEGE
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

  return {
    status,
    up: async () => {
      const before = await status();
      refuseNewer(before);
      if (before.pending.length === 0) {
        return [];
      }
      return locked(async () => (await migrator().up({ schema: runSchema })).map(({ name }) => name));
    },
    down: () =>
      locked(async () => {
        const { executed, unknown } = await status();
        refuseNewer({ unknown });
        return executed.length === 0 ? undefined : (await migrator().down({ schema: runSchema }))[0]?.name;
      }),
    to: async (names) => {
      refuseNewer({ unknown: names.filter((name) => !known.some((one) => one.name === name)) }, "dump");
      return locked(async () => {
        const before = await status();
        refuseNewer(before);
        const surplus = before.executed.filter((name) => !names.includes(name));
        const missing = before.pending.filter((name) => names.includes(name));
        if (surplus.length > 0) {
          await migrator().down({ migrations: surplus, schema: runSchema });
        }
        if (missing.length > 0) {
          await migrator().up({ migrations: missing, schema: runSchema });
        }
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
