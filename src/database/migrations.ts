import type { MikroORM } from "@mikro-orm/core";
import type { Migrator } from "@mikro-orm/migrations";
import { migrations as steps } from "../../migrations/index.ts";
import { Che168Error } from "../errors.ts";
import type { Lock } from "./locks.ts";

/** The table in which MikroORM notes what was applied. */
export const MIGRATIONS_TABLE = "che168_migrations";

/** What MikroORM must be told to find the schema steps of this package. */
export const migrationOptions = {
  migrationsList: steps,
  tableName: MIGRATIONS_TABLE,
  snapshot: false,
  disableForeignKeys: false,
  transactional: true,
  allOrNothing: true,
  silent: true,
} as const;

/** Where the schema stands. */
export interface MigrationsStatus {
  readonly executed: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version of this package, unknown to this one. */
  readonly unknown: readonly string[];
}

/** The schema's steps. Each call takes the migration lock, so that two processes starting at once do not collide. */
export interface Migrations {
  /** Applies everything pending; gives the names of what it applied. */
  up(): Promise<readonly string[]>;
  /** Takes the last step back; gives its name, or nothing when none was applied. */
  down(): Promise<string | undefined>;
  /**
   * Brings the schema to exactly these steps: that of a dump that is to be restored. Tells whether anything was done.
   * @throws Che168Error `SCHEMA_NEWER` when the database or `names` has a step that this version does not know
   */
  to(names: readonly string[]): Promise<boolean>;
  /** Which steps are applied, missing or unknown. */
  status(): Promise<MigrationsStatus>;
  /** @throws Che168Error `SCHEMA_OUTDATED` or `SCHEMA_NEWER` */
  check(): Promise<void>;
}

/** @throws Che168Error `SCHEMA_NEWER` */
export function refuseNewer({ unknown }: Pick<MigrationsStatus, "unknown">, what = "database"): void {
  if (unknown.length > 0) {
    throw new Che168Error(
      "SCHEMA_NEWER",
      `The ${what}'s schema is newer than this version of che168-sync: it has ${unknown.join(", ")}. Install the version that made it, or a later one.`,
      { details: { unknown } },
    );
  }
}

/** @param lock waits for and takes the migration lock */
export function createMigrations(orm: MikroORM, lock: () => Promise<Lock>): Migrations {
  const migrator = () => orm.migrator as unknown as Migrator;

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const held = await lock();
    try {
      return await work();
    } finally {
      await held.release();
    }
  };

  const status = async (): Promise<MigrationsStatus> => {
    const known = new Set(steps.map(({ name }) => name));
    const executed = (await migrator().getExecuted()).map(({ name }) => name);
    const applied = new Set(executed);
    return {
      executed,
      pending: steps.map(({ name }) => name).filter((name) => !applied.has(name)),
      unknown: executed.filter((name) => !known.has(name)),
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
      return locked(async () => (await migrator().up()).map(({ name }) => name));
    },
    down: () =>
      locked(async () => {
        refuseNewer(await status());
        return (await migrator().down())[0]?.name;
      }),
    to: async (names) => {
      const known = steps.map(({ name }) => name);
      refuseNewer({ unknown: names.filter((name) => !known.includes(name)) }, "dump");
      return locked(async () => {
        const before = await status();
        refuseNewer(before);
        const surplus = before.executed.filter((name) => !names.includes(name));
        const missing = before.pending.filter((name) => names.includes(name));
        if (surplus.length > 0) {
          await migrator().down({ migrations: surplus });
        }
        if (missing.length > 0) {
          await migrator().up({ migrations: missing });
        }
        return surplus.length + missing.length > 0;
      });
    },
    check: async () => {
      const now = await status();
      refuseNewer(now);
      if (now.pending.length > 0) {
        throw new Che168Error(
          "SCHEMA_OUTDATED",
          `The database's schema is older than this version of che168-sync needs: ${now.pending.join(", ")} is missing. Run \`che168-sync migrate\`, or set database.autoMigrate.`,
          { details: { pending: now.pending } },
        );
      }
    },
  };
}
