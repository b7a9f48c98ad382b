import { expect, test } from "vitest";
import { runDaily } from "../../../src/daily/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createWebhooks } from "../../../src/webhooks/index.ts";
import { openApi } from "../../support/api/api.ts";
import { scraped } from "../../support/api/exposition.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";
import { SECRET, startReceiver } from "../../support/events/receiver.ts";
import { clientOf, serve } from "../../support/sandbox/service.ts";

onEachDatabase("webhooks at the end of daily", ({ database }) => {
  const { add } = rawListings(database);
  const open = (url: string) =>
    createWebhooks({
      database: database(),
      endpoints: [{ url, secret: SECRET, from: "oldest" }],
      pollMs: 10,
    });

  test("are sent after the locks are released, for at most a minute, and do not change the result", async () => {
    await add(["1", "2"]);
    const receiver = await startReceiver();
    const webhooks = open(receiver.url);
    const client = clientOf(await serve());
    const limits: number[] = [];
    const result = await runDaily({
      database: database(),
      updater: createUpdater({ database: database(), client }),
      normalizer: createNormalizer({ database: database() }),
      webhooks: {
        deliver: async (options) => {
          limits.push(options.maxMs);
          const lock = await database().lock(["data_fetch", "normalization"], "another run");
          await lock.release();
          await webhooks.deliver(options);
        },
      },
    });
    expect(result.status).toBe("OK");
    expect(limits).toEqual([60_000]);
    expect(receiver.accepted).toEqual([1, 2]);
  });

  test("are in /metrics: lag, failures, disabled, the last delivery", async () => {
    await add(["1", "2", "3"]);
    await createNormalizer({ database: database() }).run();
    const receiver = await startReceiver(500);
    const webhooks = open(receiver.url);
    const api = await openApi(database(), {}, { webhooks });
    const figures = async () => {
      const samples = scraped((await api.ask("/metrics")).text).filter(({ name }) => /webhook/.test(name));
      expect(samples.every(({ labels }) => labels.endpoint === receiver.url)).toBe(true);
      return Object.fromEntries(
        samples.map(({ name, value }) => [name.replace("che168_webhook_", ""), value]),
      );
    };
    await webhooks.deliver({ maxMs: 1 });
    const stop = new AbortController();
    const running = webhooks.run({ signal: stop.signal });
    await expect.poll(async () => Number((await figures()).failures)).toBeGreaterThan(0);
    stop.abort(new Error("enough"));
    await running;
    const failing = await figures();
    expect(failing).toMatchObject({ lag_events: 3, disabled: 0 });
    expect(failing.failures).toBeGreaterThan(0);
    receiver.behave(204);
    await database().query("update webhook_endpoints set next_attempt_at = null");
    await webhooks.deliver({ maxMs: 60_000 });
    const delivered = await figures();
    expect(delivered).toMatchObject({ lag_events: 0, failures: 0, disabled: 0 });
    expect(Number(delivered.delivered_timestamp_seconds)).toBeGreaterThan(1_700_000_000);
    await database().query("update webhook_endpoints set failures = 9, disabled_at = now()");
    expect(await figures()).toMatchObject({ failures: 9, disabled: 1 });
  });
});
