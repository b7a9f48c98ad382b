import { setImmediate as others } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTokens } from "../../../src/tokens/index.ts";
import { scraped } from "../../support/api/exposition.ts";
import { LISTINGS, rounds, tagOf, versionOf } from "../../support/api/rounds.ts";
import { usePair } from "../../support/api/standbys.ts";
import { directoryWith } from "../../support/files/files.ts";
import { startSource } from "../../support/process/command.ts";
import { startProxy } from "../../support/proxy/proxy.ts";

const { apiOver, pair, writer } = usePair();

const pausing = (state: "pause" | "resume") => pair().on(pair().standby, `select pg_wal_replay_${state}()`);

describe("reading from a standby", () => {
  test("lists, details, filters and counts come from the standby, tokens from the primary", async () => {
    const feed = await rounds();
    await feed.next(writer());
    await pair().caughtUp();
    const api = await apiOver([pair().standby.url("che168")]);
    const paths = ["/offers", "/offers/l3", "/filters", "/offers?sort=price&limit=3"];
    const before = await Promise.all(paths.map((path) => api.ask(path)));
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    await pausing("pause");
    onTestFinished(async () => void (await pausing("resume")));
    const version = await feed.next(writer());
    await writer().query("delete from processed_data where inner_id = 'l5'");
    const [fresh] = await createTokens({ database: writer() }).create();
    const headers = { authorization: `Bearer ${fresh?.token}` };
    // Another process's token is known after a second at most.
    await expect.poll(async () => (await api.ask("/offers", { headers })).status).toBe(200);
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
    await pair().caughtUp();
    await expect.poll(async () => versionOf(await api.ask("/offers/l3"))).toBe(version);
    expect((await api.ask("/offers/l3")).body.price).toBe(1_002);
    expect((await api.ask("/offers/l5")).status).toBe(404);
    await expect.poll(async () => (await api.ask("/stats")).body.listings.total).toBe(LISTINGS - 1);
  });

  test("with two servers at one address, the lagging one does not respond under the other's version", async () => {
    const feed = await rounds();
    const old = await feed.next(writer());
    await pair().caughtUp();
    await pausing("pause");
    onTestFinished(async () => void (await pausing("resume")));
    const fresh = await feed.next(writer());
    // Connections alternate between the primary and the standby.
    const balancer = await startProxy(pair().primary.port, pair().standby.port);
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
    const roundOf = new Map([[await feed.next(writer()), 1]]);
    await pair().caughtUp();
    // Connections alternate between the standby and the primary, as with a load balancer.
    const balancer = await startProxy(pair().standby.port, pair().primary.port);
    onTestFinished(() => balancer.close());
    const api = await apiOver([balancer.url("che168"), pair().standby.url("che168")]);
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
        await pair().caughtUp();
        await pausing("pause");
        lags = true;
      }
      const written = await feed.next(writer());
      roundOf.set(written, round);
      const target = seen.length + 40;
      await expect.poll(() => seen.length).toBeGreaterThan(target);
      if (!lags) {
        await expect.poll(() => seen.some(({ version }) => version === written)).toBe(true);
      }
    }
    await pausing("resume");
    const [latest] = [...roundOf.keys()].slice(-1);
    await expect.poll(() => seen.some(({ version }) => version === latest)).toBe(true);
    stop();
    await Promise.all(readers);
    const older = seen.filter(({ version, prices }) => {
      const least = 1_000 + (roundOf.get(version) ?? Number.NaN);
      return !prices.every((price) => price >= least);
    });
    expect(older).toEqual([]);
    // At least the versions that both servers had: rounds 3, 6 and the last.
    expect(new Set(seen.map(({ version }) => version)).size).toBeGreaterThan(2);
  });
});

describe("several processes", () => {
  test("share a token's rate limit, and all reject it soon after it is revoked", async () => {
    await pair().caughtUp();
    const url = pair().primary.url("che168");
    const config = {
      database: { url, replicas: [pair().standby.url("che168")] },
      api: { rateLimit: { points: 6, durationSec: 3_600, store: "postgres" } },
      logging: { dir: false },
    };
    const cwd = await directoryWith({ "che168.config.json": JSON.stringify(config) });
    const tokens = createTokens({ database: writer() });
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
          { interval: 1_000 },
        )
        .toBeOneOf([401, 429]);
    }
    expect((await one("offers/none", revoked?.token)).status).toBe(401);
  });
});
