import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type RetryTimes,
} from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import type { Logger } from "../../../src/logging/types.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { insertRaw, processedRows } from "../../support/database/listings.ts";
import { comparable, createModel } from "../../support/database/model.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const PATIENT: RetryTimes = { maxElapsedMs: 60_000, firstWaitMs: 5, maxWaitMs: 50 };
const ALL = offers(60);

/** Errors of PostgreSQL: case, SQLSTATE and message. */
const REFUSALS = [
  ["the disk is full", "53100", 'could not extend file "base/16384/16412": No space left on device'],
  ["memory is out", "53200", "out of memory"],
  ["two transactions deadlock", "40P01", "deadlock detected"],
  ["a transaction cannot be serialised", "40001", "could not serialize access due to concurrent update"],
] as const;

describe("a temporary refusal of PostgreSQL:", () => {
  let url: string;
  let administer: Client;
  beforeEach(async () => {
    const fresh = await freshServerDatabase();
    url = fresh.url;
    administer = new Client({ connectionString: url });
    await administer.connect();
    onTestFinished(async () => {
      await administer.end();
      await fresh.drop();
    });
  });

  /** Opens a database whose first warning with these words calls `mend`. */
  async function open(words: string, mend: () => Promise<unknown>, options: DatabaseOptions = {}) {
    const { logger, lines } = collectingLogger();
    const mending: Promise<unknown>[] = [];
    const warn: Logger["warn"] = (text) => {
      logger.warn(text);
      if (text.includes(words) && mending.length === 0) {
        mending.push(mend());
      }
    };
    const database = await createDatabase({ url, retry: PATIENT, logger: { ...logger, warn }, ...options });
    onTestFinished(() => database.close());
    const mended = async () => {
      expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining(words));
      await Promise.all(mending);
    };
    return { database, mended };
  }

  /** Loads three pages and calls `strike` after the first is stored. */
  async function load(database: Database, strike: () => Promise<unknown>) {
    const sandbox = await serve({ offers: ALL });
    const model = createModel();
    ALL.forEach(model.load);
    const client = clientOf(sandbox);
    let struck: Promise<unknown> | undefined;
    const gated = {
      ...client,
      offersPage: async (...asked: Parameters<typeof client.offersPage>) => {
        await struck;
        return client.offersPage(...asked);
      },
    };
    const result = await createLoader({ database, client: gated, now: NOW }).run({
      onPage: () => {
        struck ??= strike();
      },
    });
    expect(result).toMatchObject({ status: "OK", pages: 3, loaded: 60, duplicates: 0 });
    return model;
  }

  const expectLoaded = async (database: Database, model: ReturnType<typeof createModel>) => {
    expect(comparable((await rawRows(database)).values())).toEqual(comparable(model.rows.values()));
    expect(await operations(database)).toMatchObject([
      { status: "OK", details: { pages: 3, loaded: 60, duplicates: 0, errors: 0 } },
    ]);
  };

  /** Makes every insert into a table fail with this error. */
  const refuse = async (table: string, [code, message]: readonly [string, string]) => {
    await administer.query(`
      create or replace function refuse() returns trigger language plpgsql as $$
      begin raise exception using errcode = '${code}', message = '${message}'; end $$`);
    await administer.query(
      `create trigger refuse before insert on ${table} for each row execute function refuse()`,
    );
  };
  const accept = () =>
    administer.query(
      "create or replace function refuse() returns trigger language plpgsql as $$ begin return new; end $$",
    );

  test.each(REFUSALS)(
    "%s (%s): a load waits, logs PostgreSQL's message, and loses nothing",
    async (_, code, words) => {
      const { database, mended } = await open(words, accept);
      const model = await load(database, () => refuse("raw_data", [code, words]));
      await mended();
      await expectLoaded(database, model);
    },
  );

  test.each(REFUSALS)("%s (%s): a normalisation waits", async (_, code, words) => {
    const { database, mended } = await open(words, accept);
    await insertRaw(database, 10);
    await refuse("processed_data", [code, words]);
    const result = await createNormalizer({ database, batchSize: 4, now: NOW }).run();
    await mended();
    expect(result).toMatchObject({ status: "OK", processed: 10, errors: 0, changedMeanwhile: 0 });
    expect((await processedRows(database)).size).toBe(10);
  });

  test.each(REFUSALS)(
    "%s (%s): a run that waits too long ends with ERROR, and the next run resumes",
    async (_, code, words) => {
      const { database } = await open("never", accept, {
        retry: { maxElapsedMs: 50, firstWaitMs: 5, maxWaitMs: 20 },
      });
      await expect(load(database, () => refuse("raw_data", [code, words]))).rejects.toThrow(words);
      const [row] = await operations(database);
      expect(row).toMatchObject({ status: "ERROR", details: { error: words } });
      await accept();
      const sandbox = await serve({ offers: ALL });
      await createLoader({ database, client: clientOf(sandbox), now: NOW }).run();
      const model = createModel();
      ALL.forEach(model.load);
      expect(comparable((await rawRows(database)).values())).toEqual(comparable(model.rows.values()));
    },
  );

  test("all connections are in use: a load waits", async () => {
    const role = `app_${randomUUID().replaceAll("-", "")}`;
    const limit = (count: number) => administer.query(`alter role ${role} connection limit ${count}`);
    await administer.query(`create role ${role} login`);
    for (const what of ["tables", "sequences"]) {
      await administer.query(`grant all on all ${what} in schema public to ${role}`);
    }
    onTestFinished(async () => {
      const client = new Client({ connectionString: url.replace(/[^/]+$/, "postgres") });
      await client.connect();
      await client.query(`drop role if exists ${role}`);
      await client.end();
    });
    const { database, mended } = await open("too many connections", () => limit(-1), {
      url: url.replace("postgres@", `${role}@`),
    });
    const model = await load(database, async () => {
      await limit(0);
      await administer.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [
        role,
      ]);
    });
    await mended();
    await expectLoaded(database, model);
    await administer.query(`drop owned by ${role}`);
  });

  test("another session locks the table: a load waits beyond the statement timeout", async () => {
    const { database, mended } = await open("statement timeout", () => administer.query("commit"), {
      serverSettings: ["-c statement_timeout=300ms"],
    });
    const model = await load(database, async () => {
      await administer.query("begin");
      await administer.query("lock table raw_data in access exclusive mode");
    });
    await mended();
    await expectLoaded(database, model);
  });
});
