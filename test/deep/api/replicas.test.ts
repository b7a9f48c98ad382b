import { setImmediate as others } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { runDaily } from "../../../src/daily/run-daily.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { scraped } from "../../support/api/exposition.ts";
import { emptyTables } from "../../support/database/databases.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { rawRows } from "../../support/database/rows.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type Pair, startPair } from "../../support/postgres/standby.ts";
import { startSource } from "../../support/process/command.ts";
import { startProxy } from "../../support/proxy/proxy.ts";
import { startSilentProxy } from "../../support/proxy/silent-proxy.ts";
import { change, clientOf, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const LISTINGS = 12;

let pair: Pair;
/** The primary, as the daily job opens it. */
let writer: Database;
beforeAll(async () => {
  pair = await startPair();
  writer = await createDatabase({ url: pair.primary.url("che168") });
});
afterAll(async () => {
  await writer.close();
  await pair.destroy();
});
beforeEach(() => emptyTables(writer));

/** The API over a primary and these standbys. */
async function apiOver(replicas: readonly string[], primary = pair.primary.url("che168")) {
  const database = await createDatabase({ url: primary, replicas, use: "api" });
  onTestFinished(() => database.close());
  return openApi(database);
}

/** A feed that sets every listing's price to the number of the round, and the daily job that imports it. */
async function rounds() {
  const sandbox = await serve({}, { now: NOW });
  const client = clientOf(sandbox);
  const model = createModel();
  let id = 100;
  let round = 0;
  return {
    model,
    /** Runs a round and returns the version of the data after it. */
    next: async (database: Database): Promise<string> => {
      round += 1;
      const changes = Array.from({ length: LISTINGS }, (_, index) => {
        id += 1;
        return round === 1
          ? change(id, "added", `l${index}`, { mark: "Kia", model: "K2", price: 1_001 })
          : change(id, "changed", `l${index}`, { new_price: 1_000 + round });
      });
      sandbox.appendChanges(changes);
      for (const { record } of changes) {
        model.change(record as SentRecord);
      }
      await database.query(
        "insert into sync_state (id, last_change_id, last_successful_date) values (1, 101, '2025-06-14') on conflict do nothing",
      );
      const result = await runDaily({
        database,
        updater: createUpdater({ database, client, now: NOW }),
        normalizer: createNormalizer({ database, now: NOW }),
      });
      expect(result.status).toBe("OK");
      const { rows } = await database.query<{ version: string }>("select version::text from data_version");
      return rows[0]?.version ?? "";
    },
  };
}

const tagOf = (reply: { headers: Headers }) => reply.headers.get("etag") ?? "";
const versionOf = (reply: { headers: Headers }) => tagOf(reply).slice(1).split("-")[0] ?? "";
const pausing = (state: "pause" | "resume") => pair.on(pair.standby, `select pg_wal_replay_${state}()`);

describe("reading from a standby", () => {
  test("lists, details, filters and counts come from the standby, tokens from the primary", async () => {
    const feed = await rounds();
    await feed.next(writer);
    await pair.caughtUp();
    const api = await apiOver([pair.standby.url("che168")]);
    const paths = ["/offers", "/offers/l3", "/filters", "/offers?sort=price&limit=3"];
    const before = await Promise.all(paths.map((path) => api.ask(path)));
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    await pausing("pause");
    onTestFinished(async () => void (await pausing("resume")));
    const version = await feed.next(writer);
    await writer.query("delete from processed_data where inner_id = 'l5'");
    const [fresh] = await createTokens({ database: writer }).create();
    const headers = { authorization: `Bearer ${fresh?.token}` };
    // Another process's token is known after a second at most.
    await expect
      .poll(async () => (await api.ask("/offers", { headers })).status, { timeout: 20_000 })
      .toBe(200);
    for (const [index, path] of paths.entries()) {
      const reply = await api.ask(path, { headers });
      expect([reply.status, tagOf(reply), reply.body]).toEqual([
        200,
        tagOf(before[index] as typeof reply),
        before[index]?.body,
      ]);
    }
    expect((await api.ask("/stats")).body.listings.total).toBe(LISTINGS);

    await pausing("resume");
    await pair.caughtUp();
    await expect.poll(async () => versionOf(await api.ask("/offers/l3"))).toBe(version);
    expect((await api.ask("/offers/l3")).body.price).toBe(1_002);
    expect((await api.ask("/offers/l5")).status).toBe(404);
    await expect
      .poll(async () => (await api.ask("/stats")).body.listings.total, { timeout: 10_000 })
      .toBe(LISTINGS - 1);
  });

  test("with two servers at one address, the lagging one does not respond under the other's version", async () => {
    const feed = await rounds();
    const old = await feed.next(writer);
    await pair.caughtUp();
    await pausing("pause");
    onTestFinished(async () => void (await pausing("resume")));
    const fresh = await feed.next(writer);
    // Connections alternate between the primary and the standby.
    const balancer = await startProxy(pair.primary.port, pair.standby.port);
    onTestFinished(() => balancer.close());
    const api = await apiOver([balancer.url("che168")]);
    const replies = await Promise.all(Array.from({ length: 6 }, (_, index) => api.ask(`/offers/l${index}`)));
    const prices = new Map([
      [old, [1_001, 1_002]],
      [fresh, [1_002]],
    ]);
    for (const reply of replies) {
      expect(prices.get(versionOf(reply))).toContain(reply.body.price);
    }
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  test("no response is older than its ETag, with a lagging and a current server at one address", async () => {
    const feed = await rounds();
    const roundOf = new Map([[await feed.next(writer), 1]]);
    await pair.caughtUp();
    // Connections alternate between the standby and the primary, as with a load balancer.
    const balancer = await startProxy(pair.standby.port, pair.primary.port);
    onTestFinished(() => balancer.close());
    const api = await apiOver([balancer.url("che168"), pair.standby.url("che168")]);
    const tokens = [api.token, ...(await api.tokens.create({ count: 3 })).map(({ token }) => token)];
    const seen: { version: string; prices: number[] }[] = [];
    let done = false;
    const stop = () => {
      done = true;
    };
    onTestFinished(async () => {
      stop();
      await pausing("resume");
    });
    const readOn = async (token: string, worker: number) => {
      for (let turn = 0; !done; turn += 1) {
        // Cached responses need no network, and would not yield to the event loop.
        await others();
        const headers = { authorization: `Bearer ${token}` };
        const isList = (turn + worker) % 2 === 0;
        const reply = await api.ask(
          isList ? `/offers?limit=${5 + (turn % 7)}` : `/offers/l${turn % LISTINGS}`,
          { headers },
        );
        expect(reply.status).toBe(200);
        const prices = isList
          ? reply.body.result.map((one: { price: number }) => one.price)
          : [reply.body.price];
        seen.push({ version: versionOf(reply), prices });
      }
    };
    const readers = tokens.flatMap((token, index) => [readOn(token, index), readOn(token, index + 1)]);
    let lags = false;
    for (let round = 2; round <= 7; round += 1) {
      if (round % 3 === 0) {
        await pausing("resume");
        lags = false;
      } else if (round === 2 || round % 3 === 1) {
        // Not during a vacuum, whose lock would block every read.
        await pair.caughtUp();
        await pausing("pause");
        lags = true;
      }
      const written = await feed.next(writer);
      roundOf.set(written, round);
      const target = seen.length + 40;
      await expect.poll(() => seen.length, { timeout: 60_000 }).toBeGreaterThan(target);
      if (!lags) {
        await expect
          .poll(() => seen.some(({ version }) => version === written), { timeout: 60_000 })
          .toBe(true);
      }
    }
    await pausing("resume");
    const [latest] = [...roundOf.keys()].slice(-1);
    await expect.poll(() => seen.some(({ version }) => version === latest), { timeout: 20_000 }).toBe(true);
    stop();
    await Promise.all(readers);
    const older = seen.filter(({ version, prices }) => {
      const least = 1_000 + (roundOf.get(version) ?? Number.NaN);
      return !prices.every((price) => price >= least);
    });
    expect(older).toEqual([]);
    // At least the versions that both servers had: rounds 3, 6 and the last.
    expect(new Set(seen.map(({ version }) => version)).size).toBeGreaterThan(2);
  }, 120_000);
});

describe("an unavailable standby", () => {
  const twoProxies = async () => {
    const [one, other] = [await startProxy(pair.standby.port), await startProxy(pair.standby.port)];
    onTestFinished(async () => {
      await one.close();
      await other.close();
    });
    return [one, other] as const;
  };
  /** A new query each time, so that no cached response hides an unavailable server. */
  let salt = 0;
  const statusOf = async (api: ApiUnderTest) => {
    salt += 1;
    return (await api.ask(`/offers?limit=${1 + (salt % 90)}`)).status;
  };

  test("is skipped for the other standby, then for the primary, and used again once available", async () => {
    await (await rounds()).next(writer);
    await pair.caughtUp();
    const ways = await twoProxies();
    const api = await apiOver(ways.map((way) => way.url("che168")));
    expect(await statusOf(api)).toBe(200);
    for (const way of ways) {
      way.shut();
      expect([await statusOf(api), await statusOf(api), await statusOf(api)]).toEqual([200, 200, 200]);
    }
    const metrics = async () => {
      const samples = scraped((await api.ask("/metrics")).text);
      return samples.flatMap(({ name, value }) => (name === "che168_replica_up" ? [value] : []));
    };
    expect(await metrics()).toEqual([0, 0]);
    expect((await api.ask("/health")).status).toBe(200);
    expect(api.lines.filter((line) => line.includes("is unavailable ("))).toHaveLength(2);
    for (const way of ways) {
      way.open();
      // Counts messages from now on.
      way.cutAfter(Number.POSITIVE_INFINITY);
    }
    await expect
      .poll(async () => (await statusOf(api)) === 200 && ways.some(({ messages }) => messages > 20), {
        timeout: 20_000,
      })
      .toBe(true);
    expect(await metrics()).toEqual([1, 1]);
    expect(api.lines.join("\n")).toMatch(/The replica .* is available again/);
  });

  test("that stops responding, as after a power failure, blocks no request for long", async () => {
    await (await rounds()).next(writer);
    await pair.caughtUp();
    const way = await startSilentProxy(pair.standby.port);
    onTestFinished(() => way.close());
    const api = await apiOver([`postgres://postgres@127.0.0.1:${way.port}/che168`]);
    expect(await statusOf(api)).toBe(200);
    way.silence();
    expect(await Promise.all(Array.from({ length: 20 }, () => statusOf(api)))).toEqual(Array(20).fill(200));
    expect(await statusOf(api)).toBe(200);
    expect(api.lines.join("\n")).toMatch(/The replica .* is unavailable/);
    way.speak();
    await expect
      .poll(
        () => api.lines.some((line) => line.includes("available again")) || statusOf(api).then(() => false),
        {
          timeout: 30_000,
        },
      )
      .toBe(true);
  });
});

describe("several processes", () => {
  test("share a token's rate limit, and all reject it soon after it is revoked", async () => {
    await pair.caughtUp();
    const url = pair.primary.url("che168");
    const config = {
      database: { url, replicas: [pair.standby.url("che168")] },
      api: { rateLimit: { points: 6, durationSec: 3_600, store: "postgres" } },
      logging: { dir: false },
    };
    const cwd = await directoryWith({ "che168.config.json": JSON.stringify(config) });
    const tokens = createTokens({ database: writer });
    const [limited, revoked] = await tokens.create({ count: 2 });
    const start = async () => {
      const running = startSource(["serve", "--port", "0"], { cwd });
      let output = "";
      running.child.stderr?.on("data", (text: string) => {
        output += text;
      });
      await running.shown(/The API listens at .*\n/);
      const address = /The API listens at (\S+?)[,\s]/.exec(output)?.[1] ?? "";
      return async (path: string, token: string | undefined) =>
        fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } });
    };
    const [one, other] = await Promise.all([start(), start()]);
    const statuses = [];
    for (const ask of [one, other, one, other, one, other, one, other]) {
      statuses.push((await ask("offers", limited?.token)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const metrics = scraped(await (await one("metrics", revoked?.token)).text());
    expect(metrics.find(({ name }) => name === "che168_replica_up")?.value).toBe(1);

    expect((await other("offers/none", revoked?.token)).status).toBe(404);
    await tokens.revoke(revoked?.token ?? "");
    for (const ask of [one, other]) {
      await expect
        .poll(
          async () =>
            (await ask("docs/none", "")).status && (await ask("offers/none", revoked?.token)).status,
          { timeout: 20_000, interval: 1_000 },
        )
        .toBeOneOf([401, 429]);
    }
    expect((await one("offers/none", revoked?.token)).status).toBe(401);
  });
});

// Last, because the standby is the primary afterwards.
describe("a failover", () => {
  test("reads continue while the primary is stopped and the standby promoted; the next daily run loses nothing", async () => {
    const feed = await rounds();
    const name = await startProxy(pair.primary.port);
    onTestFinished(() => name.close());
    const url = name.url("che168");
    const daily = await createDatabase({ url });
    onTestFinished(() => daily.close());
    await feed.next(daily);
    await feed.next(daily);
    await pair.caughtUp();
    const api = await apiOver([pair.standby.url("che168")], url);
    const paths = [
      "/offers",
      "/offers/l1",
      "/filters",
      "/stats",
      "/health",
      "/metrics",
      "/offers?sort=-price",
    ];
    const statuses: number[] = [];
    let done = false;
    const readOn = async () => {
      for (let turn = 0; !done; turn += 1) {
        await others();
        statuses.push((await api.ask(paths[turn % paths.length] as string)).status);
      }
    };
    const reading = readOn();
    const turns = async (count: number) => {
      const target = statuses.length + count;
      await expect.poll(() => statuses.length, { timeout: 60_000 }).toBeGreaterThan(target);
    };
    await turns(10);

    name.shut();
    await writer.close();
    await pair.primary.stop();
    await turns(30);
    // Without the primary an unknown token can be neither accepted nor rejected, once the tokens in memory are a second old.
    const unknown = { authorization: "Bearer 0123456789abcdef" };
    await expect
      .poll(async () => (await api.ask("/offers", { headers: unknown })).status, {
        timeout: 20_000,
        interval: 500,
      })
      .toBe(503);

    await pair.on(pair.standby, "select pg_promote()");
    await turns(10);
    name.moveTo(pair.standby.port);
    const version = await feed.next(daily);
    await turns(10);
    done = true;
    await reading;
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(comparable((await rawRows(daily)).values())).toEqual(comparable(feed.model.rows.values()));
    await expect.poll(async () => versionOf(await api.ask("/offers/l1"))).toBe(version);
    expect((await api.ask("/offers/l1")).body.price).toBe(1_003);
    const [fresh] = await api.tokens.create();
    expect((await api.ask("/offers", { headers: { authorization: `Bearer ${fresh?.token}` } })).status).toBe(
      200,
    );
  }, 180_000);
});
