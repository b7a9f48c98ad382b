import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createClient } from "../../../src/upstream/index.ts";
import { emptyTables, freshServerDatabase } from "../../support/database/databases.ts";
import { insertRaw, processedRows } from "../../support/database/listings.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { ACCOUNT_KEY, commandPlace } from "../../support/files/place.ts";
import { runSource, startSource } from "../../support/process/command.ts";
import { untilDisconnected } from "../../support/proxy/cutting.ts";
import { type CuttingProxy, startProxy } from "../../support/proxy/proxy.ts";
import { change, feedToday, offers } from "../../support/sandbox/service.ts";

// Real processes and real signals, sent when a proxy before PostgreSQL counts a given message. crash.test.ts covers every
// message of each kind of work; these tests show that a killed process leaves no other traces.

const TODAY = feedToday();
const ALL = offers(50);
const CHANGES = [
  ...Array.from({ length: 30 }, (_, index) => change(100 + index, "added", `new-${index}`, { price: index })),
  ...Array.from({ length: 10 }, (_, index) =>
    change(130 + index, "changed", `new-${index}`, { new_price: 1 }),
  ),
  ...Array.from({ length: 5 }, (_, index) => change(140 + index, "removed", `new-${index}`)),
].map((one) => ({ ...one, date: TODAY }));

describe("a command", () => {
  let direct: Database;
  let proxy: CuttingProxy;
  let url: string;
  let directUrl: string;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const fresh = await freshServerDatabase();
    drop = fresh.drop;
    directUrl = fresh.url;
    const address = new URL(fresh.url);
    proxy = await startProxy(Number(address.port));
    url = proxy.url(address.pathname.slice(1));
    direct = await createDatabase({ url: fresh.url });
  });
  afterAll(async () => {
    await direct.close();
    await proxy.close();
    await drop();
  });
  beforeEach(() => {
    proxy.cutAfter(Number.POSITIVE_INFINITY);
  });

  const model = createModel();
  const fedModel = createModel();
  ALL.forEach(model.load);
  for (const { record } of CHANGES) {
    fedModel.change(record as SentRecord);
  }

  /** Each command: its preparation, the next run, and the expected result of both. */
  const COMMANDS = {
    initial: {
      prepare: async () => {},
      next: async (client: ReturnType<typeof createClient>) =>
        createLoader({ database: direct, client }).run(),
      check: async () =>
        expect(comparable((await rawRows(direct)).values())).toEqual(comparable(model.rows.values())),
    },
    daily: {
      prepare: async () => {
        await direct.query("insert into sync_state (id, last_change_id) values (1, 100)");
      },
      next: async (client: ReturnType<typeof createClient>) => {
        await createUpdater({ database: direct, client }).run();
        await createNormalizer({ database: direct }).run();
      },
      check: async () => {
        expect(comparable((await rawRows(direct)).values())).toEqual(comparable(fedModel.rows.values()));
        expect((await processedRows(direct)).size).toBe(fedModel.rows.size);
      },
    },
    normalize: {
      prepare: () => insertRaw(direct, 600),
      next: async () => createNormalizer({ database: direct }).run(),
      check: async () => {
        expect((await processedRows(direct)).size).toBe(600);
        expect([...(await rawRows(direct)).values()].every((row) => row.is_processed)).toBe(true);
      },
    },
    init: {
      prepare: async () => {
        await direct.query("drop schema public cascade");
        await direct.query("create schema public");
      },
      next: async () => {
        const started = await createDatabase({ url: directUrl });
        await createTokens({ database: started }).createIfNone({ count: 20 });
        await started.close();
      },
      check: async () => {
        expect(await createTokens({ database: direct }).list()).toHaveLength(20);
      },
    },
  };

  const place = () =>
    commandPlace(url, { sandbox: { source: { offers: ALL, changes: CHANGES }, pageSize: 10 } });

  type Name = keyof typeof COMMANDS;
  const begin = async (name: Name) => {
    const started = await createDatabase({ url: directUrl });
    await started.close();
    await emptyTables(direct);
    await COMMANDS[name].prepare();
  };

  /** Number of messages of each undisturbed command. */
  const counted = new Map<Name, number>();
  const messagesOf = async (name: Name, at: Awaited<ReturnType<typeof place>>) => {
    const known = counted.get(name);
    if (known !== undefined) {
      return known;
    }
    await begin(name);
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    expect(await runSource([name], at)).toMatchObject({ code: 0 });
    const whole = proxy.messages;
    await COMMANDS[name].check();
    counted.set(name, whole);
    return whole;
  };
  const clientOf = (baseUrl: string) => {
    const client = createClient({
      ...{ baseUrl, apiKey: ACCOUNT_KEY, offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 },
    });
    onTestFinished(() => client.close());
    return client;
  };
  const untilFree = async () => {
    await untilDisconnected(direct, proxy);
    expect(await direct.lockHolders()).toEqual([]);
  };

  test.each(["initial", "daily", "normalize", "init"] as const)(
    "%s, killed by SIGKILL, leaves a free lock and a database from which the next run finishes",
    async (name) => {
      const at = await place();
      const client = clientOf(at.sandbox.baseUrl);
      const whole = await messagesOf(name, at);
      for (const share of [0.25, 0.5, 0.75]) {
        await begin(name);
        const running = startSource([name], at);
        proxy.cutAfter(Math.round(whole * share));
        proxy.onCut(() => running.child.kill("SIGKILL"));
        expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
        proxy.cutAfter(Number.POSITIVE_INFINITY);
        await untilFree();
        await COMMANDS[name].next(client);
        await COMMANDS[name].check();
        const [first] = await operations(direct);
        expect(first?.details.interrupted ? first.status : "ERROR").toBe("ERROR");
      }
    },
  );

  test.each(["initial", "daily", "normalize"] as const)(
    "%s stops cleanly on SIGTERM at any point, and the next run finishes",
    async (name) => {
      const at = await place();
      const client = clientOf(at.sandbox.baseUrl);
      const whole = await messagesOf(name, at);
      for (const share of [0.15, 0.5, 0.85]) {
        await begin(name);
        const running = startSource([name, "--json"], at);
        proxy.tellAfter(Math.round(whole * share), () => running.child.kill("SIGTERM"));
        const { code, signal, stderr } = await running.ended;
        expect([code, signal]).toEqual([143, null]);
        expect(stderr).toContain("SIGTERM: stopping");
        expect(stderr).not.toContain("[ERROR]");
        await untilFree();
        await COMMANDS[name].next(client);
        await COMMANDS[name].check();
      }
    },
  );
});

test("serve, killed by SIGKILL under load, starts again and responds; only a token's time of last use has changed", async () => {
  const { url, drop } = await freshServerDatabase();
  const database = await createDatabase({ url });
  await insertRaw(database, 50);
  await createNormalizer({ database }).run();
  const [created] = await createTokens({ database }).create({});
  const before = await processedRows(database);
  const at = await commandPlace(url);
  const start = async () => {
    const running = startSource(["serve", "--port", "0"], at);
    let text = "";
    running.child.stderr?.on("data", (part: string) => {
      text += part;
    });
    await running.shown(/The API listens at .*\n/);
    return { running, address: /The API listens at (\S+?)[,\s]/.exec(text)?.[1] ?? "" };
  };
  const ask = async (address: string, index: number) =>
    (
      await fetch(`${address}offers?page=${1 + (index % 4)}&limit=10`, {
        headers: { authorization: `Bearer ${created?.token}` },
      })
    ).status;
  for (const answers of [30, 60]) {
    const { running, address } = await start();
    let answered = 0;
    const crowd = Array.from({ length: 8 }, async (_, index) => {
      for (;;) {
        const status = await ask(address, index).catch(() => undefined);
        if (status === undefined) {
          return;
        }
        expect(status).toBe(200);
        answered += 1;
        if (answered === answers) {
          running.child.kill("SIGKILL");
        }
      }
    });
    await Promise.all(crowd);
    expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
  }
  const { running, address } = await start();
  expect(await ask(address, 0)).toBe(200);
  running.child.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 143 });
  expect(await processedRows(database)).toEqual(before);
  expect(await createTokens({ database }).list()).toMatchObject([{ token: created?.token }]);
  expect(await database.lockHolders()).toEqual([]);
  await database.close();
  await drop();
});
