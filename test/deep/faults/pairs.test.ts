import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createApiHandler } from "../../../src/api/index.ts";
import { exitCodeOf } from "../../../src/cli/exit.ts";
import { runDaily } from "../../../src/daily/run-daily.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import type { Client } from "../../../src/upstream/index.ts";
import { deleteRows, freshServerDatabase } from "../../support/database/databases.ts";
import { dumpOf, restoreFrom } from "../../support/database/dumps.ts";
import { processedRows } from "../../support/database/listings.ts";
import { rawRows } from "../../support/database/rows.ts";
import { commandPlace } from "../../support/files/place.ts";
import { startSource } from "../../support/process/command.ts";
import { change, clientOf, feedToday, offers, serve } from "../../support/sandbox/service.ts";

const TODAY = feedToday();
const ALL = offers(60);
/** The final listings must be the same whether the load or the feed runs first. */
const CHANGES = [
  ...Array.from({ length: 15 }, (_, index) =>
    change(100 + index, "added", `new-${index}`, { mark: "Kia", price: index }),
  ),
  ...Array.from({ length: 30 }, (_, index) =>
    change(115 + index, "changed", `listing-${1 + index}`, { new_price: index }),
  ),
  ...Array.from({ length: 5 }, (_, index) => change(145 + index, "removed", `new-${index}`)),
].map((one) => ({ ...one, date: TODAY }));

const LISTINGS = new Map<string, { data: unknown; active_status: number }>();
for (const { inner_id, data } of ALL) {
  LISTINGS.set(inner_id, { data, active_status: 0 });
}
for (const { record } of CHANGES) {
  const {
    inner_id,
    change_type,
    data = {},
  } = record as { inner_id: string; change_type: string; data?: object };
  const known = LISTINGS.get(inner_id) ?? { data: {}, active_status: 0 };
  const fields = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.replace(/^new_/, ""), value]),
  );
  LISTINGS.set(inner_id, {
    data: change_type === "added" ? data : { ...(known.data as object), ...fields },
    active_status: change_type === "removed" ? 1 : known.active_status,
  });
}

/** The work of each command, on the connections of its own database handle. */
const WORK = {
  initial: (database: Database, client: Client) => createLoader({ database, client }).run(),
  daily: (database: Database, client: Client) =>
    runDaily({
      database,
      updater: createUpdater({ database, client }),
      normalizer: createNormalizer({ database, batchSize: 7 }),
      applicationName: "che168-sync daily",
    }),
  normalize: (database: Database) => createNormalizer({ database, batchSize: 7 }).run(),
  migrate: (database: Database) => database.migrations.up(),
  init: (database: Database) => createTokens({ database }).createIfNone({ count: 20 }),
  dump: (database: Database) => dumpOf(database),
  "tokens create": (database: Database) => createTokens({ database }).create(),
} satisfies Record<string, (database: Database, client: Client) => Promise<unknown>>;

type Name = keyof typeof WORK;
const NAMES = Object.keys(WORK) as Name[];
const PAIRS = NAMES.flatMap((one, index) => NAMES.slice(index).map((other) => [one, other] as const));
const BUSY = /^Another run is active: che168-sync [a-z ]+ since \d{4}-\d\d-\d\dT[\d:]+Z/;

describe("two concurrent commands under continuous API requests", () => {
  let url: string;
  let drop: () => Promise<void>;
  /** One for each command, and one for the API and the test. */
  let handles: readonly [Database, Database, Database];

  beforeAll(async () => {
    ({ url, drop } = await freshServerDatabase());
    handles = [await createDatabase({ url }), await createDatabase({ url }), await createDatabase({ url })];
  });
  afterAll(async () => {
    for (const database of handles) {
      await database.close();
    }
    await drop();
  });

  const service = async () => clientOf(await serve({ offers: ALL, changes: CHANGES }));
  const emptyData = () =>
    handles[2].query(
      ["raw_data", "processed_data", "sync_state", "load_state", "failed_pages", "operations_log"]
        .map((table) => `delete from ${table}`)
        .join("; "),
    );

  /** Its exit code, which must be 0, or 3 with a message that names the running command and its start. */
  async function codeOf(name: string, work: Promise<unknown>): Promise<number> {
    try {
      await work;
      return 0;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      expect(`${name} exits ${exitCodeOf(error)}: ${said}`).toMatch(/ exits 3: /);
      expect(said).toMatch(BUSY);
      return 3;
    }
  }

  /** Runs the remaining work and checks that every table is as after sequential runs. */
  async function finishAndCompare(client: Client): Promise<void> {
    const [, , database] = handles;
    await WORK.initial(database, client);
    await WORK.daily(database, client);
    const stored = [...(await rawRows(database))].map(([id, { data, active_status }]) => [
      id,
      { data, active_status },
    ]);
    expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(LISTINGS));
    const served = await processedRows(database);
    expect(served.size).toBe(LISTINGS.size);
    await createNormalizer({ database }).run({ all: true });
    expect(await processedRows(database)).toEqual(served);
    expect(await database.lockHolders()).toEqual([]);
  }

  /** Sends requests to the API until it is stopped; every response must have one of these statuses. */
  async function keepAsking(statuses: readonly number[]): Promise<() => Promise<void>> {
    const [, , database] = handles;
    const tokens = createTokens({ database });
    const [created] = await tokens.create({ description: "the asker" });
    const app = createApiHandler({ database, tokens, options: { rateLimit: { points: 1e9 } } });
    const paths = [
      "/offers?limit=100",
      "/offers/listing-1",
      "/filters",
      "/stats",
      "/offers?sort=price&q=kia",
    ];
    const seen = new Map<number, number>();
    let isOver = false;
    const asking = (async () => {
      for (let index = 0; !isOver; index += 1) {
        const headers = { authorization: `Bearer ${created?.token}` };
        const { status } = await app.request(paths[index % paths.length] ?? "", { headers });
        seen.set(status, (seen.get(status) ?? 0) + 1);
        // At most a hundred per second, to leave the commands their share of this process.
        await delay(10);
      }
    })();
    return async () => {
      isOver = true;
      await asking;
      await tokens.close();
      expect([...seen.keys()].filter((status) => !statuses.includes(status))).toEqual([]);
      expect(seen.get(200)).toBeGreaterThan(0);
    };
  }

  test("exit 0, or 3 with a message, for every pair; the tables end as after sequential runs", async () => {
    const client = await service();
    await deleteRows(handles[2]);
    // A listing that is not stored yet is 404.
    const stop = await keepAsking([200, 404]);
    for (const [one, other] of PAIRS) {
      await emptyData();
      const codes = await Promise.all([
        codeOf(one, WORK[one](handles[0], client)),
        codeOf(other, WORK[other](handles[1], client)),
      ]);
      expect(codes).toContain(0);
      await finishAndCompare(client);
    }
    await stop();
    // One for the API requests, one per `tokens create`, and none by `init`, which found existing ones.
    const creations = PAIRS.flat().filter((name) => name === "tokens create").length;
    expect(await createTokens({ database: handles[2] }).list()).toHaveLength(1 + creations);
  });

  test("restore, concurrent with any other command, is rejected or completes as a whole, and the other is rejected or waits", async () => {
    const client = await service();
    await deleteRows(handles[2]);
    await finishAndCompare(client);
    const file = await dumpOf(handles[2]);
    // While the tables are being replaced, a request may find them locked or its token missing.
    const stop = await keepAsking([200, 401, 404, 429, 503]);
    const restore = (database: Database) => restoreFrom(file, database, { force: true });
    for (const name of [...NAMES, "restore"] as const) {
      await emptyData();
      const other = name === "restore" ? restore(handles[1]) : WORK[name](handles[1], client);
      await Promise.all([codeOf("restore", restore(handles[0])), codeOf(name, other)]);
      await finishAndCompare(client);
    }
    await stop();
  });

  test("normalize concurrent with daily leaves every listing at its last change", async () => {
    const client = await service();
    const [reader, writer] = handles;
    await deleteRows(writer);
    await WORK.initial(writer, client);
    let listings = 0;
    const updates: Promise<unknown>[] = [];
    // During the first run the feed changes rows already read and rows not read yet.
    await createNormalizer({ database: reader, batchSize: 7 }).run({
      onListing: () => {
        listings += 1;
        if (listings === 10) {
          updates.push(createUpdater({ database: writer, client }).run());
        }
      },
    });
    await Promise.all(updates);
    expect(updates).toHaveLength(1);
    await finishAndCompare(client);
  });
});

test("two processes of every command at the same time each exit 0, or 3 with a message on stderr", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const { sandbox: _, ...at } = await commandPlace(url, {
    sandbox: { source: { offers: ALL, changes: CHANGES } },
  });
  const commands = NAMES.flatMap((name) =>
    name === "dump"
      ? [
          ["dump", "one"],
          ["dump", "two"],
        ]
      : [name.split(" "), name.split(" ")],
  );
  const running = commands.map((words) => startSource(words, at).ended);
  for (const { code, stderr } of await Promise.all(running)) {
    if (code !== 0) {
      expect(`${code}: ${stderr}`).toMatch(
        /^3: [\s\S]*Another run is active: che168-sync [a-z ]+ since \d{4}-/,
      );
    }
  }
});
