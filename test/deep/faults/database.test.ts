import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type RetryTimes,
} from "../../../src/database/index.ts";
import { LockedError } from "../../../src/errors.ts";
import { createLoader } from "../../../src/loader/index.ts";
import type { Logger } from "../../../src/logging/types.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import type { Client as ServiceClient } from "../../../src/upstream/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { emptyTables } from "../../support/database/databases.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { startProxy } from "../../support/proxy/proxy.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const PATIENT: RetryTimes = { maxElapsedMs: 60_000, firstWaitMs: 5, longestWaitMs: 100 };
const ALL = offers(120);
/** 120 changes: three per listing, of 40 listings in turn. */
const CHANGES = Array.from({ length: 120 }, (_, index) => {
  const type = (["added", "changed", "removed"] as const)[Math.floor(index / 40)] ?? "added";
  return change(100 + index, type, `l${index % 40}`, { new_price: index });
});

/** On a separate server, because it is stopped and started. */
describe("PostgreSQL", () => {
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
  /** An immediate shutdown: loses everything that has not been flushed to disk. */
  const crash = async () => {
    const client = new Client({ connectionString: server.url("che168") });
    await client.connect();
    const { rows } = await client.query(
      "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int as pid",
    );
    client.on("error", () => {});
    const gone = new Promise((done) => client.once("end", done));
    process.kill(rows[0].pid, "SIGQUIT");
    await gone;
    await restart();
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

  test.each([
    ["initial", "a restart", restart],
    ["daily", "a restart", restart],
    ["initial", "the termination of all its connections", terminate],
    ["daily", "the termination of all its connections", terminate],
  ] as const)(
    "%s survives %s, twice, and ends OK with every row and count right",
    async (kind, _what, strike) => {
      const { logger, lines } = collectingLogger();
      const database = await open({ logger });
      let page = 0;
      const { run, model, counts } = await WORK[kind](database, () => {
        page += 1;
        if (page === 1 || page === 4) {
          strikes.push(strike());
        }
      });
      const result = await run();
      await struck();
      expect(result).toMatchObject({ status: "OK", ...counts });
      const after = await open();
      expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
      expect(await operations(after)).toMatchObject([{ status: "OK", details: { ...counts, errors: 0 } }]);
      expect(await after.lockHolders()).toEqual([]);
      if (strike === restart) {
        // The message of PostgreSQL or the system. A terminated idle connection is replaced silently.
        const warnings = lines.filter(({ level }) => level === "warn").map(({ text }) => text);
        expect(warnings).toContainEqual(expect.stringMatching(/terminat|ECONN|starting up|shutting down/));
      }
    },
  );

  test.each([
    ["initial", 4],
    ["initial", 6],
    ["daily", 4],
    ["daily", 6],
  ] as const)(
    "%s reloads what a server that crashed after page %i lost, and counts nothing twice",
    async (kind, at) => {
      // No WAL is flushed before a commit requires it.
      await administer("alter system set wal_writer_delay = '10s'", "select pg_reload_conf()");
      onTestFinished(() => administer("alter system reset wal_writer_delay", "select pg_reload_conf()"));
      const { logger, lines } = collectingLogger();
      const database = await open();
      let page = 0;
      const onPage = () => {
        page += 1;
        if (page === at) {
          strikes.push(crash());
        }
      };
      const { run, model, counts } = await WORK[kind](database, onPage, logger);
      expect(await run()).toMatchObject({ status: "OK", ...counts });
      await struck();
      if (at === 4) {
        // After the last page a commit flushes the WAL, possibly before the crash.
        expect(lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(/lost its last pages/));
        expect(page).toBeGreaterThan(6);
      }
      const after = await open();
      expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
      expect(await operations(after)).toMatchObject([{ status: "OK", details: { ...counts, errors: 0 } }]);
      const { rows } = await after.query("select records, last_records from load_state");
      expect(rows).toEqual(kind === "initial" ? [{ records: 120, last_records: 120 }] : []);
    },
  );

  test("the lock is reacquired after a restart, before any other run can take it", async () => {
    const database = await open();
    const { run } = await WORK.initial(database, () => {});
    const sandbox = await serve({ offers: ALL });
    // Page 3 is fetched and stored after the server has been stopped.
    sandbox.addFault({ path: "/offers", query: { page: 4 }, fault: { kind: "hang" } });
    const stop = new AbortController();
    let page = 0;
    const client = gated(clientOf(sandbox, { timeoutMs: 600_000 }));
    const running = createLoader({ database, client, now: NOW }).run({
      signal: stop.signal,
      onPage: () => {
        page += 1;
        if (page === 1) {
          strikes.push(restart());
        }
      },
    });
    await expect.poll(() => page, { timeout: 60_000 }).toBe(3);
    await struck();
    const other = await open();
    expect(await other.lockHolders()).toEqual([
      { kind: "data_fetch", holder: expect.stringMatching(/^che168-sync initial since /) },
    ]);
    await expect(other.lock(["data_fetch"], "che168-sync daily")).rejects.toThrow(LockedError);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await run()).toMatchObject({ status: "OK", pages: 3 });
  });

  test("a run whose lock was taken by another process while its connections were cut ends, naming that process", async () => {
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    const database = await open({ url: proxy.url("che168") });
    const other = await open();
    const taken: Promise<{ release(): Promise<void> }>[] = [];
    let page = 0;
    const take = async () => {
      proxy.shut();
      // The server releases the lock as soon as it detects the lost connection.
      await expect.poll(() => other.lockHolders(), { timeout: 30_000 }).toEqual([]);
      const lock = await other.lock(["data_fetch"], "che168-sync daily");
      proxy.open();
      return lock;
    };
    const { run } = await WORK.initial(database, () => {
      page += 1;
      if (page === 2) {
        taken.push(take());
      }
    });
    const running = run();
    await expect(running).rejects.toThrow(LockedError);
    await expect(running).rejects.toThrow(/che168-sync daily since /);
    for (const lock of await Promise.all(taken)) {
      await lock.release();
    }
    expect((await rawRows(other)).size).toBe(40);
    expect(await operations(other)).toMatchObject([{ status: "ERROR", details: { pages: 2, loaded: 40 } }]);
  });

  test("a server that stays unavailable ends the run in bounded time; its row says interrupted, and the next run resumes", async () => {
    const database = await open({ retry: { maxElapsedMs: 300, firstWaitMs: 10, longestWaitMs: 100 } });
    let page = 0;
    const { run, model } = await WORK.initial(database, () => {
      page += 1;
      if (page === 3) {
        strikes.push(server.stop());
      }
    });
    await expect(run()).rejects.toThrow(/terminat|ECONNREFUSED|ECONNRESET/);
    await struck();
    await server.start();
    const after = await open();
    const [operation] = await operations(after);
    expect(operation).toMatchObject({ status: "ERROR", details: { interrupted: true } });
    // The row counts exactly the stored pages.
    expect((await rawRows(after)).size).toBe(operation?.details.loaded);
    const again = await WORK.initial(after, () => {});
    expect(await again.run()).toMatchObject({ status: "OK", finished: true, duplicates: 0 });
    expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
  });

  test("an abort ends the run immediately even while the server is unavailable", async () => {
    const stop = new AbortController();
    const { logger } = collectingLogger();
    // The run starts waiting at the first failed statement.
    const database = await open({
      retry: { maxElapsedMs: 600_000, firstWaitMs: 300_000, longestWaitMs: 300_000 },
      logger: { ...logger, warn: (text) => text.includes("retrying in") && stop.abort(new Error("enough")) },
    });
    const sandbox = await serve({ offers: ALL });
    let page = 0;
    const running = createLoader({ database, client: clientOf(sandbox), now: NOW }).run({
      signal: stop.signal,
      onPage: () => {
        page += 1;
        if (page === 1) {
          strikes.push(server.stop());
        }
      },
    });
    await expect(running).rejects.toThrow("enough");
    await struck();
    await server.start();
    const after = await open();
    expect(await operations(after)).toMatchObject([{ status: "ERROR" }]);
    expect(await feedPosition(after)).toMatchObject({ position: 100 });
  });

  test("an abort ends a normalisation immediately even while the server is unavailable", async () => {
    const filling = await open();
    const sandbox = await serve({ offers: ALL });
    await createLoader({ database: filling, client: clientOf(sandbox), now: NOW }).run();
    const stop = new AbortController();
    const { logger } = collectingLogger();
    const database = await open({
      retry: { maxElapsedMs: 600_000, firstWaitMs: 300_000, longestWaitMs: 300_000 },
      logger: { ...logger, warn: (text) => text.includes("retrying in") && stop.abort(new Error("enough")) },
    });
    let batches = 0;
    const running = createNormalizer({ database, batchSize: 5 }).run({
      signal: stop.signal,
      onProgress: () => {
        batches += 1;
        if (batches === 1) {
          strikes.push(server.stop());
        }
      },
    });
    await expect(running).rejects.toThrow("enough");
    await struck();
    await server.start();
    const after = await open();
    const [last] = (await operations(after)).slice(-1);
    expect(last).toMatchObject({ status: "ERROR", details: { errors: 0 } });
    await createNormalizer({ database: after }).run();
    const { rows } = await after.query("select count(*)::int as count from raw_data where not is_processed");
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("a temporarily read-only server is waited for, and its own message is logged", async () => {
    const sessionsBecome = (mode: "on" | "off") =>
      administer(
        "set default_transaction_read_only = off",
        `alter role postgres set default_transaction_read_only = ${mode}`,
        TERMINATE,
      );
    const { logger, lines } = collectingLogger();
    let isMended = false;
    const database = await open({
      logger: {
        ...logger,
        warn: (text) => {
          logger.warn(text);
          if (text.includes("read-only") && !isMended) {
            isMended = true;
            strikes.push(sessionsBecome("off"));
          }
        },
      },
    });
    let page = 0;
    const { run, model, counts } = await WORK.initial(database, () => {
      page += 1;
      if (page === 2) {
        strikes.push(sessionsBecome("on"));
      }
    });
    expect(await run()).toMatchObject({ status: "OK", ...counts });
    await struck();
    expect(isMended).toBe(true);
    expect(lines.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("in a read-only transaction"),
    );
    expect(comparable((await rawRows(await open())).values())).toEqual(comparable(model.rows.values()));
  });
});
