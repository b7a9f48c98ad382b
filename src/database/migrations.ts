import type { MikroORM } from "@mikro-orm/core";
import type { Migrator } from "@mikro-orm/migrations";
import { migrations as steps } from "../../migrations/index.ts";
import { Che168Error } from "../errors.ts";
import { refuseNewer } from "./open-errors.ts";
import type { Lock, Migrations, MigrationsStatus } from "./types.ts";

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
