import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import type { Queryable } from "../../../src/database/types.ts";

/** A plain connection, outside of any pool, until the end of the test. */
export async function connectTo(url: string): Promise<Queryable> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return {
    query: async <R>(text: string, values: readonly unknown[] = [], { name }: { name?: string } = {}) => {
      const { rows, rowCount } = await client.query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
      });
      return { rows: rows as R[], rowCount: rowCount ?? 0 };
    },
  };
}

/** Resolves when a statement of the database that starts like this waits for a lock. */
export async function whenWaiting(observer: Queryable, start: string): Promise<void> {
  const waiting = async () =>
    (
      await observer.query(
        `select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'
            and starts_with(ltrim(query, e' \\n'), $1)`,
        [start],
      )
    ).rows.length;
  await expect.poll(waiting, { interval: 20 }).toBeGreaterThan(0);
}
