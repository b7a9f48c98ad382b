import { Client } from "pg";
import { expect } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startPostgres, startStandby, type TestServer } from "../../../tools/postgres.ts";

/** A primary with a migrated database `che168`, and a standby that streams from it. */
export interface Pair {
  readonly primary: TestServer;
  readonly standby: TestServer;
  /** Runs a statement on one of them, on a separate connection. */
  on<Row = Record<string, unknown>>(server: TestServer, statement: string): Promise<Row[]>;
  /** Resolves when the standby has replayed everything written on the primary before the call. */
  caughtUp(): Promise<void>;
  destroy(): Promise<void>;
}

export async function startPair(): Promise<Pair> {
  // The replayed lock of a vacuum would block the reads of a paused standby.
  const primary = await startPostgres({ wal_keep_size: "256MB", autovacuum: "off" });
  const database = await createDatabase({ url: primary.url("che168") });
  await database.close();
  // Replay never waits for queries: it cancels them, as on a busy standby.
  const standby = await startStandby(primary, { max_standby_streaming_delay: "100ms" });
  const on = async <Row>(server: TestServer, statement: string): Promise<Row[]> => {
    const client = new Client({ connectionString: server.url("che168") });
    client.on("error", () => {});
    await client.connect();
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          return (await client.query(statement)).rows as Row[];
        } catch (error) {
          if (tries === 20 || !(error as Error).message.includes("conflict with recovery")) {
            throw error;
          }
        }
      }
    } finally {
      await client.end();
    }
  };
  return {
    primary,
    standby,
    on,
    caughtUp: async () => {
      const [at] = await on<{ lsn: string }>(primary, "select pg_current_wal_flush_lsn()::text as lsn");
      const replayed = `select pg_last_wal_replay_lsn() >= '${at?.lsn}'::pg_lsn as done`;
      await expect.poll(async () => (await on<{ done: boolean }>(standby, replayed))[0]?.done).toBe(true);
    },
    destroy: async () => {
      await standby.destroy();
      await primary.destroy();
    },
  };
}
