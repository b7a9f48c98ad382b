import { setTimeout as delay } from "node:timers/promises";
import { MikroORM, type Options } from "@mikro-orm/core";
import { Migrator } from "@mikro-orm/migrations";
import { LockedError } from "../errors.ts";
import { entities } from "./entities/index.ts";
import { migrationOptions } from "./migrations.ts";
import type { Lock } from "./types.ts";

/** Opens an ORM with the entities and the schema steps of this package; the driver comes with the options. */
export const openOrm = (options: object): Promise<MikroORM> =>
  MikroORM.init({
    debug: false,
    colors: false,
    ensureDatabase: false,
    ...options,
    entities,
    extensions: [Migrator],
    migrations: migrationOptions,
  } as unknown as Options);

/** How long a process waits for another one that is changing the schema. */
const MIGRATION_WAIT_MS = 60_000;

/** Tries to take a lock until its holder has gone. @throws LockedError when he is still there after a minute */
export async function waitForLock(take: () => Promise<Lock>): Promise<Lock> {
  const started = performance.now();
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof LockedError) || performance.now() - started > MIGRATION_WAIT_MS) {
        throw error;
      }
      await delay(100);
    }
  }
}
