import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type RetryTimes,
} from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import type { Logger } from "../../../src/logging/types.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import type { Client as ServiceClient } from "../../../src/upstream/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { emptyTables } from "../database/databases.ts";
import { createModel, type SentRecord } from "../database/model.ts";
import { change, clientOf, offers, serve } from "../sandbox/service.ts";

export const NOW = () => new Date("2025-06-15T12:00:00Z");
/** 120 listings on six pages. */
export const ALL = offers(120);
const PATIENT: RetryTimes = { maxElapsedMs: 60_000, firstWaitMs: 5, maxWaitMs: 100 };
/** 120 changes: three per listing, of 40 listings in turn. */
const CHANGES = Array.from({ length: 120 }, (_, index) => {
  const type = (["added", "changed", "removed"] as const)[Math.floor(index / 40)] ?? "added";
  return change(100 + index, type, `l${index % 40}`, { new_price: index });
});

/**
 * A separate server that the tests of a file stop, crash and start, with the runs that suffer from it. Its tables are
 * empty and the feed is at change 100 before each test.
 */
export function useStruckServer() {
  let server: TestServer;
  /** Pending disturbances of the server in this test; no page is fetched before they complete. */
  let strikes: Promise<unknown>[];
  beforeAll(async () => {
    server = await startPostgres();
    const database = await createDatabase({ url: server.url("che168") });
    await database.close();
  });
  afterAll(() => server.destroy());

  /** Opens the database for one test. */
  async function open(options: DatabaseOptions = {}): Promise<Database> {
    const database = await createDatabase({ url: server.url("che168"), retry: PATIENT, ...options });
    onTestFinished(() => database.close());
    return database;
  }
  beforeEach(async () => {
    strikes = [];
    const database = await open();
    await emptyTables(database);
    await database.query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
    );
  });

  /** Resolves when every connection is cut; the server then starts again in the background. */
  const restart = async () => {
    await server.stop();
    strikes.push(server.start());
  };
  /** Runs an administrator's statements in order, on a separate connection. */
  const administer = async (...statements: readonly string[]) => {
    const client = new Client({ connectionString: server.url("che168") });
    await client.connect();
    try {
      for (const statement of statements) {
        await client.query(statement);
      }
    } finally {
      await client.end();
    }
  };
  /** Prepares an immediate shutdown that loses every commit from now on that does not wait for the disk. */
  const armCrash = async () => {
    const client = new Client({ connectionString: server.url("che168") });
    await client.connect();
    client.on("error", () => {});
    // Its commits would flush those of the run.
    await client.query("alter system set autovacuum = off");
    await client.query("select pg_reload_conf()");
    const { rows } = await client.query(`
      select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int as postmaster,
             (select pid from pg_stat_activity where backend_type = 'walwriter') as writer`);
    const { postmaster, writer } = rows[0];
    process.kill(writer, "SIGSTOP");
    return async () => {
      const gone = new Promise((done) => client.once("end", done));
      process.kill(postmaster, "SIGQUIT");
      await gone;
      // It ends by the signal that it has received meanwhile.
      process.kill(writer, "SIGCONT");
      await restart();
    };
  };
  /** Terminates all of the program's connections, including the lock's. */
  const TERMINATE = `
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'che168-sync%'`;
  const terminate = () => administer(TERMINATE);

  /** Resolves when all disturbances are over, including those that they caused. */
  const struck = async () => {
    for (let seen = -1; seen !== strikes.length; ) {
      seen = strikes.length;
      await Promise.all(strikes);
    }
  };
  const gated = (client: ServiceClient): ServiceClient => ({
    ...client,
    offersPage: async (...asked) => {
      await Promise.all(strikes);
      return client.offersPage(...asked);
    },
    changesPage: async (...asked) => {
      await Promise.all(strikes);
      return client.changesPage(...asked);
    },
  });

  /** The initial load and the daily run, each with its expected result. */
  const WORK = {
    initial: async (database: Database, onPage: () => void, logger?: Logger) => {
      const sandbox = await serve({ offers: ALL });
      const model = createModel();
      ALL.forEach(model.load);
      const counts = { pages: 6, loaded: 120, duplicates: 0 };
      const options = { database, client: gated(clientOf(sandbox)), now: NOW, logger };
      return { run: () => createLoader(options).run({ onPage }), model, counts };
    },
    daily: async (database: Database, onPage: () => void, logger?: Logger) => {
      const sandbox = await serve({ changes: CHANGES });
      const model = createModel();
      for (const { record } of CHANGES) {
        model.change(record as SentRecord);
      }
      const counts = { pages: 6, changes: 120, loaded: 40, updated: 40, removed: 40, duplicates: 0 };
      const options = { database, client: gated(clientOf(sandbox)), now: NOW, logger };
      return { run: () => createUpdater(options).run({ onPage }), model, counts };
    },
  };

  return {
    TERMINATE,
    WORK,
    administer,
    armCrash,
    gated,
    open,
    restart,
    /** Adds a disturbance; no page is fetched before it completes. */
    disturb: (disturbance: Promise<unknown>) => void strikes.push(disturbance),
    struck,
    terminate,
    /** The server that is running. */
    server: () => server,
  };
}
