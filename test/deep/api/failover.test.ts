import { setImmediate as others } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import type { ApiUnderTest } from "../../support/api/api.ts";
import { scraped } from "../../support/api/exposition.ts";
import { rounds, versionOf } from "../../support/api/rounds.ts";
import { usePair } from "../../support/api/standbys.ts";
import { comparable } from "../../support/database/model.ts";
import { rawRows } from "../../support/database/rows.ts";
import { startProxy } from "../../support/proxy/proxy.ts";
import { startSilentProxy } from "../../support/proxy/silent-proxy.ts";

const { apiOver, pair, writer } = usePair();

describe("an unavailable standby", () => {
  const twoProxies = async () => {
    const [one, other] = [await startProxy(pair().standby.port), await startProxy(pair().standby.port)];
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
    await (await rounds()).next(writer());
    await pair().caughtUp();
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
      .poll(async () => (await statusOf(api)) === 200 && ways.some(({ messages }) => messages > 20))
      .toBe(true);
    expect(await metrics()).toEqual([1, 1]);
    expect(api.lines.join("\n")).toMatch(/The replica .* is available again/);
  });

  test("that stops responding, as after a power failure, blocks no request for long", async () => {
    await (await rounds()).next(writer());
    await pair().caughtUp();
    const way = await startSilentProxy(pair().standby.port);
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
      )
      .toBe(true);
  });
});

// Last, because the standby is the primary afterwards.
describe("a failover", () => {
  test("reads continue while the primary is stopped and the standby promoted; the next daily run loses nothing", async () => {
    const feed = await rounds();
    const name = await startProxy(pair().primary.port);
    onTestFinished(() => name.close());
    const url = name.url("che168");
    const daily = await createDatabase({ url });
    onTestFinished(() => daily.close());
    await feed.next(daily);
    await feed.next(daily);
    await pair().caughtUp();
    const api = await apiOver([pair().standby.url("che168")], url);
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
      await expect.poll(() => statuses.length).toBeGreaterThan(target);
    };
    await turns(10);

    name.shut();
    await writer().close();
    await pair().primary.stop();
    await turns(30);
    // Without the primary an unknown token can be neither accepted nor rejected, once the tokens in memory are a second old.
    const unknown = { authorization: "Bearer 0123456789abcdef" };
    await expect
      .poll(async () => (await api.ask("/offers", { headers: unknown })).status, {
        interval: 500,
      })
      .toBe(503);

    await pair().on(pair().standby, "select pg_promote()");
    await turns(10);
    name.moveTo(pair().standby.port);
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
  });
});
