import { PassThrough } from "node:stream";
import { Migration } from "@mikro-orm/migrations";
import { runCommand } from "citty";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import status from "../../../src/cli/commands/status.ts";
import { createContext } from "../../../src/cli/context.ts";
import { runDaily } from "../../../src/daily/run-daily.ts";
import { createDatabase, type Database, type Queryable } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import type { HealthCheck } from "../../../src/operations/status/health.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { addMigration } from "../../support/database/migrations.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runSource } from "../../support/process/command.ts";
import { createKiller } from "../../support/process/killing.ts";
import { clientOf, offer, serve } from "../../support/sandbox/service.ts";

const DAYS = 30;
const CHANGES_A_DAY = 65;
/** The id at which the sandbox starts an empty feed. */
const FIRST_CHANGE = 892_145;
/** Incidents, by the day after which they occur. */
const AWAY = 7;
const KILLED = 13;
const RESTARTED = 18;
const UPGRADED = 23;

const CATALOGUE = Array.from({ length: 150 }, (_, index) => offer(index + 1));
const dayOf = (number: number) => new Date(Date.UTC(2025, 5, number)).toISOString().slice(0, 10);
/** 03:00 in Moscow after day `number`. */
const nightAfter = (number: number) => new Date(Date.parse(`${dayOf(number + 1)}T00:00:00Z`));
const full = (innerId: string) =>
  innerId.endsWith("7") ? undefined : { mark: "Geely", price: 9, year: 2020 };

/** Removals stay below the share that the check reports as a mass removal. */
const TYPES = [
  "added",
  "added",
  ...Array(9).fill("changed"),
  "removed",
] as readonly SentRecord["change_type"][];

/** The changes of a day, of known and unknown listings. */
function changesOf(day: number, random: () => number): SentRecord[] {
  return Array.from({ length: CHANGES_A_DAY }, (_, index) => {
    const type = TYPES[Math.floor(random() * TYPES.length)];
    const price = 1_000 * day + index;
    return {
      id: FIRST_CHANGE + CHANGES_A_DAY * (day - 1) + index,
      inner_id: `listing-${1 + Math.floor(random() * 190)}`,
      change_type: type ?? "changed",
      created_at: new Date(Date.parse(`${dayOf(day)}T00:00:00Z`) + index * 19 * 60_000).toISOString(),
      data: type === "removed" ? {} : type === "changed" ? { new_price: price } : { mark: "Kia", price },
    };
  });
}

/** The migration of a later version: adds a column and requires all listings to be normalised again. */
class LaterStep extends Migration {
  override up(): void {
    this.addSql("alter table processed_data add column watched int not null default 0");
    this.addSql("update raw_data set is_processed = false");
  }
}

/** Simulates passing time: moves all stored times back. */
async function pass(db: Queryable, hours: number): Promise<void> {
  const times = {
    raw_data: ["first_loaded_at", "last_updated_at"],
    processed_data: ["updated_at"],
    operations_log: ["started_at"],
    sync_state: ["updated_at"],
    load_state: ["started_at", "finished_at"],
  };
  for (const [table, columns] of Object.entries(times)) {
    const older = columns.map((column) => `${column} = ${column} - ${hours} * interval '1 hour'`);
    await db.query(`update ${table} set ${older.join(", ")}`);
  }
}

/** Restarts the server while `work` is storing a batch. */
async function restartInBatch<T>(server: TestServer, work: () => Promise<T>): Promise<T> {
  const connect = async () => {
    const client = new Client({ connectionString: server.url("che168") });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  const blocker = await connect();
  await blocker.query("begin");
  // A batch stores its listings, then waits for this lock.
  await blocker.query("select from data_version for update");
  const working = work();
  const watcher = await connect();
  const waiting = `select count(*)::int as n from pg_stat_activity
                    where wait_event_type = 'Lock' and query like '%marked as%' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await watcher.query(waiting)).rows[0].n).toBe(1);
  await server.stop();
  await server.start();
  return working;
}

test("a month with incidents: every day's status is right, and the tables end as without any incident", async () => {
  const server = await startPostgres();
  onTestFinished(() => server.destroy());
  const url = server.url("che168");
  let database: Database = await createDatabase({ url });
  onTestFinished(() => database.close());
  const cwd = await directoryWith();
  const env = { DATABASE_URL: url, LOG_DIR: "false" };

  let now = nightAfter(0);
  const killer = createKiller();
  const sandbox = await serve({ offers: CATALOGUE, offer: full }, { now: () => now, logger: killer.logger });
  const client = clientOf(sandbox);
  const random = numbersFrom(2_025);
  const model = createModel();
  const work = { client, now: () => now };

  const daily = () =>
    runDaily({
      database,
      updater: createUpdater({ ...work, database }),
      normalizer: createNormalizer({ ...work, database, batchSize: 40 }),
    });

  /** Hours since the last night. */
  let later = 0;
  /** The checks compare with the real clock: meanwhile moves the feed's times there from the simulated month. */
  const inRealTime = async <T>(work: () => Promise<T>): Promise<T> => {
    const { rows } = await database.query<{ age: string; days: number }>(
      `select (now() - $1::timestamptz)::text as age,
              (now() at time zone 'Europe/Moscow')::date - ($1::timestamptz at time zone 'Europe/Moscow')::date as days`,
      [new Date(now.getTime() + later * 3_600_000)],
    );
    const move = async (sign: 1 | -1) => {
      await database.query(
        `update sync_state set newest_change_at = newest_change_at + $1 * $2::interval,
                               last_successful_date = last_successful_date + $1::int * $3::int`,
        [sign, rows[0]?.age, rows[0]?.days],
      );
      await database.query("update daily_stats set day = day + $1::int * $2::int", [sign, rows[0]?.days]);
    };
    await move(1);
    const result = await work();
    await move(-1);
    return result;
  };

  /** The reasons of `status --check`, whose result must agree with them. */
  const check = () => inRealTime(checkNow);
  const checkNow = async (): Promise<string[]> => {
    const stdout = new PassThrough();
    const output: Buffer[] = [];
    stdout.on("data", (piece: Buffer) => output.push(piece));
    const io = {
      cwd,
      env,
      stdin: () => new PassThrough(),
      stdout,
      stderr: new PassThrough().resume(),
    };
    const context = createContext(io, {
      applicationName: "che168-sync status",
      signal: new AbortController().signal,
    });
    try {
      const { result } = await runCommand(status, { rawArgs: ["--check", "--json"], data: context });
      const { check: said } = JSON.parse(Buffer.concat(output).toString()) as { check: HealthCheck };
      expect(result).toBe(said.ok ? "OK" : "ERROR");
      expect(said.ok).toBe(said.reasons.length === 0);
      return said.reasons.map(({ code }) => code);
    } finally {
      await context.close();
    }
  };
  /** The same in a separate process, as cron or a monitor runs it. */
  const command = () => inRealTime(() => runSource(["status", "--check"], { cwd, env }));

  /** Adds the changes of a day to the feed and moves the clock past it. */
  const dayGoesBy = (day: number) => {
    const changes = changesOf(day, random);
    now = nightAfter(day);
    later = 0;
    sandbox.appendChanges(changes.map((record) => ({ id: record.id, date: dayOf(day), record })));
    changes.forEach(model.change);
  };

  expect(await check()).toEqual(["stale"]);
  CATALOGUE.forEach(model.load);
  expect(await createLoader({ ...work, database }).run()).toMatchObject({ status: "OK", loaded: 150 });
  await database.query("update load_state set started_at = now(), finished_at = now()");
  expect(await check()).toEqual([]);

  for (let day = 1; day <= DAYS; day += 1) {
    await pass(database, 2);
    dayGoesBy(day);

    if (day === AWAY) {
      sandbox.addFault({ fault: { kind: "reset" } });
      await expect(daily()).rejects.toThrow();
      sandbox.clearFaults();
      expect(await check()).toEqual(["failed", "stale"]);
      const { code, stdout } = await command();
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(/! failed: The last run of daily .* ended with an error: /),
      ]);
    } else if (day === KILLED) {
      const order = {
        work: "daily",
        database: { url },
        baseUrl: sandbox.baseUrl,
        now: now.toISOString(),
      } as const;
      await killer.run(order, { moment: "stored", count: 2 });
      expect(await check()).toEqual(["failed"]);
      const { code, stdout } = await command();
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(/! failed: The last run of daily .* was interrupted/),
      ]);
    } else if (day === RESTARTED) {
      expect(await restartInBatch(server, daily)).toMatchObject({ status: "OK", normalize: { errors: 0 } });
      expect(await check()).toEqual([]);
    } else {
      if (day === UPGRADED) {
        await database.close();
        addMigration("9999-later", LaterStep);
        database = await createDatabase({ url });
        // A process of the previous version, still started by some cron job, changes nothing.
        const order = {
          work: "daily",
          database: { url },
          baseUrl: sandbox.baseUrl,
          now: now.toISOString(),
        } as const;
        await expect(killer.run(order)).rejects.toThrow(
          /newer than this version of che168-sync: it has 9999-later/,
        );
      }
      const { status: ended, update, normalize } = await daily();
      // The next run catches up on a failed night.
      const missed = [AWAY, KILLED].includes(day - 1);
      expect([day, ended, update.days.length]).toEqual([day, "OK", missed || day === 1 ? 2 : 1]);
      const least = day === UPGRADED ? 150 : 30;
      expect(normalize?.processed, `day ${day}`).toBeGreaterThan(least);
      expect(await check()).toEqual([]);
      if (missed) {
        const { code, stdout } = await command();
        expect([code, stdout]).toEqual([0, expect.stringMatching(/^ {2}ok, data as of /m)]);
      }
    }

    // The evening before the next run.
    await pass(database, 22);
    later = 22;
    const reasons = day === AWAY || day === KILLED ? ["failed", "stale"] : [];
    expect([day, ...(await check())]).toEqual([day, ...reasons]);
    model.complete(full);
  }

  expect(comparable((await rawRows(database)).values())).toEqual(comparable(model.rows.values()));
  expect(await feedPosition(database)).toEqual({
    position: FIRST_CHANGE + CHANGES_A_DAY * DAYS,
    day: dayOf(DAYS + 1),
  });

  // Every listing has its canonical form; that of an active listing reflects the stored data.
  const { rows } = await database.query<{ inner_id: string; active: boolean; price: number }>(
    `select p.inner_id, p.active_status = 0 as active,
            case when p.active_status = 0 then p.price end as price from processed_data p order by inner_id collate "C"`,
  );
  const expected = [...model.rows.values()].map((row) => ({
    inner_id: row.inner_id,
    active: row.active_status === 0,
    price: row.active_status === 0 ? ((row.data as { price?: number }).price ?? null) : null,
  }));
  expect(rows).toEqual(expected.sort((a, b) => (a.inner_id < b.inner_id ? -1 : 1)));

  const log = await operations(database);
  const ended = log.filter(({ status }) => status !== "OK").map(({ details }) => details.command);
  expect(ended).toEqual(["daily", "daily"]);
  const changes = log.reduce((sum, { details }) => sum + Number(details.changes ?? 0), 0);
  expect(changes).toBe(DAYS * CHANGES_A_DAY);
});
