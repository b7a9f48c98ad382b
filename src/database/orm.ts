import { setTimeout as delay } from "node:timers/promises";
import { MikroORM, type Options } from "@mikro-orm/core";
import { Migrator } from "@mikro-orm/migrations";
import { LockedError } from "../errors.ts";
import { entities } from "./entities/index.ts";
import { migrationOptions } from "./migrations.ts";
import type { Lock } from "./types.ts";

/** Opens an ORM with the entities and migrations of this package; the driver is part of the options. */
export const openOrm = (options: object): Promise<MikroORM> =>
  MikroORM.init({
    debug: false,
    colors: false,
    ensureDatabase: false,
    ...options,
    entities,
    extensions: [Migrator],
    migrations: migrationOptions,
    // Entities cannot describe statement triggers with transition tables; those are in the migrations only. Otherwise a
    // comparison of the schema would propose to drop them.
    schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true },
  } as unknown as Options);

/** Makes queries and migrations of an ORM use this schema; its default is `public`. */
export function useSchema(orm: MikroORM, schema: string): void {
  if (schema !== "public") {
    orm.config.set("schema", schema);
  }
}

/** How long a process waits for another one that is changing the schema. */
const MAX_MIGRATION_WAIT_MS = 60_000;
const POLL_MS = 100;

/**
 * Polls for a lock until its holder releases it.
 * @throws LockedError after a minute
 * @throws the reason of `signal`
 */
export async function waitForLock(take: () => Promise<Lock>, signal?: AbortSignal): Promise<Lock> {
  const started = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof LockedError) || performance.now() - started > MAX_MIGRATION_WAIT_MS) {
        throw error;
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }
}
