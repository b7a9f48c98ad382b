import { expect } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import type { CuttingProxy } from "./proxy.ts";

/** A statement that the server still runs while its retry, or the next run, has begun. */
export interface Overlap {
  /**
   * Locks a row, so that the next statement that writes it waits; returns once the lock is held. Then: cuts the connection
   * of the waiting statement, which the server continues to run, waits until another statement waits as well, and unlocks the
   * row.
   *
   * @param row SQL that locks it
   * @param isKill whether the proxy stays shut, as if the process had been killed: the other statement is not its retry
   */
  begin(row: string, isKill?: boolean): Promise<void>;
  /** Resolves when the row is unlocked; rejects when no two statements have waited. */
  readonly ended: Promise<void>;
}

// Waiting for a row, as opposed to a lock of the application.
const WAITING = `
  select count(*)::int as waiting from pg_stat_activity
   where datname = current_database() and wait_event_type = 'Lock' and wait_event in ('transactionid', 'tuple')`;

/** @param direct bypasses the proxy */
export function createOverlap(direct: Database, proxy: CuttingProxy): Overlap {
  const untilWaiting = (count: number) =>
    expect
      .poll(async () => (await direct.query<{ waiting: number }>(WAITING)).rows[0]?.waiting, {
        interval: 5,
      })
      .toBe(count);
  const over = Promise.withResolvers<void>();
  return {
    begin: async (row, isKill = false) => {
      const locked = Promise.withResolvers<void>();
      direct
        .transaction(async (tx) => {
          await tx.query(row);
          locked.resolve();
          await untilWaiting(1);
          proxy.shut();
          if (!isKill) {
            proxy.open();
          }
          await untilWaiting(2);
        })
        .then(over.resolve, (error: unknown) => {
          locked.reject(error);
          over.reject(error);
        });
      await locked.promise;
    },
    ended: over.promise,
  };
}
