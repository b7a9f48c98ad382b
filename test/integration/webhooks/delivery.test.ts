import { expect, onTestFinished, test } from "vitest";
import { pruneEvents } from "../../../src/events/index.ts";
import type { WebhookEndpoint } from "../../../src/webhooks/endpoints.ts";
import { createWebhooks } from "../../../src/webhooks/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";
import { type Receiver, SECRET, startReceiver } from "../../support/events/receiver.ts";

onEachDatabase("webhooks", ({ database }) => {
  const { add, change, remove, normalize } = rawListings(database);
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const open = (endpoints: readonly Partial<WebhookEndpoint>[], receiver?: Receiver) =>
    createWebhooks({
      database: database(),
      endpoints: endpoints.map((one) => ({ url: receiver?.url ?? "", secret: SECRET, ...one })),
      pollMs: 10,
      logger: { debug: log, info: log, warn: log, error: log },
    });
  const start = (webhooks: ReturnType<typeof open>) => {
    const stop = new AbortController();
    const running = webhooks.run({ signal: stop.signal });
    const end = async () => {
      stop.abort(new Error("stopped"));
      await running;
    };
    onTestFinished(end);
    return end;
  };
  const until = (check: () => unknown) => expect.poll(check, { interval: 10 }).toBeTruthy();
  const untilFailed = (webhooks: ReturnType<typeof open>) =>
    until(async () => Number((await webhooks.status())[0]?.failures) > 0);
  /** Events 1 to `count`: added. */
  const added = async (count: number) => {
    await add(Array.from({ length: count }, (_, index) => `${index + 1}`));
    await normalize();
  };
  /** Makes the next attempt due. */
  const dueNow = () => database().query("update webhook_endpoints set next_attempt_at = null");
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  test("delivers all kept events in order, at most 100 in a signed message, one request at a time", async () => {
    await added(250);
    const receiver = await startReceiver();
    await open([{ from: "oldest" }], receiver).deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual(range(1, 250));
    expect(receiver.received.map(({ events }) => events.length)).toEqual([100, 100, 50]);
    expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(receiver.maxInFlight()).toBe(1);
    expect(receiver.received[0]?.events[0]).toEqual({
      id: 1,
      kind: "added",
      inner_id: expect.any(String),
      at: expect.any(String),
      old_price: null,
      new_price: 98_000,
    });
  });

  test("a new endpoint starts with the events to come, and continues where it stopped", async () => {
    await added(3);
    const receiver = await startReceiver();
    const webhooks = open([{}], receiver);
    expect(await webhooks.status()).toMatchObject([{ state: "new", position: null, lag: 0 }]);
    await webhooks.deliver({ maxMs: 60_000 });
    await change("1", { price: 1_000 });
    await normalize();
    await open([{}], receiver).deliver({ maxMs: 60_000 });
    await open([{ from: "oldest" }], receiver).deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual([4]);
    expect(await webhooks.status()).toMatchObject([{ state: "ok", position: 4, lag: 0, failures: 0 }]);
  });

  test("the position moves past kinds that are not wanted, without a request", async () => {
    await added(3);
    const receiver = await startReceiver();
    const webhooks = open([{ from: "oldest", kinds: ["removed"] }], receiver);
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.received).toEqual([]);
    expect(await webhooks.status()).toMatchObject([{ position: 3 }]);
    await remove("2");
    await change("3", { price: 1_000 });
    await normalize();
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual([4]);
    expect(await webhooks.status()).toMatchObject([{ position: 5 }]);
  });

  test.each(["close", 500, 302, 410] as const)(
    "a receiver that answers %s is retried until it accepts; the position is never ahead",
    async (behaviour) => {
      await added(3);
      const receiver = await startReceiver(behaviour);
      const webhooks = open([{ from: "oldest" }], receiver);
      const end = start(webhooks);
      await untilFailed(webhooks);
      expect(await webhooks.status()).toMatchObject([{ state: "failing", position: 0, lag: 3 }]);
      receiver.behave(204);
      await dueNow();
      await until(() => receiver.accepted.length > 0);
      await until(async () => (await webhooks.status())[0]?.state === "ok");
      expect(receiver.accepted).toEqual([1, 2, 3]);
      expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
      await end();
    },
  );

  test("a receiver that hangs delays no other one, and its request is repeated after a restart", async () => {
    await added(3);
    const [slow, fast] = [await startReceiver("hang"), await startReceiver()];
    const webhooks = open([
      { url: slow.url, from: "oldest" },
      { url: fast.url, from: "oldest" },
    ]);
    const end = start(webhooks);
    await until(() => slow.received.length > 0 && fast.accepted.length === 3);
    await end();
    slow.behave(204);
    await webhooks.deliver({ maxMs: 60_000 });
    expect(slow.accepted).toEqual([1, 2, 3]);
    expect(slow.maxInFlight()).toBe(1);
  });

  test("after three days of failures the endpoint is disabled and reported, until it is enabled again", async () => {
    await added(1);
    const receiver = await startReceiver(500);
    const webhooks = open([{ from: "oldest" }], receiver);
    await webhooks.deliver({ maxMs: 1 });
    const end = start(webhooks);
    await untilFailed(webhooks);
    await end();
    await database().query("update webhook_endpoints set failing_since = now() - interval '73 hours'");
    await dueNow();
    await webhooks.deliver({ maxMs: 60_000 });
    expect(await webhooks.status()).toMatchObject([{ state: "disabled", lastError: "status 500" }]);
    expect(lines.some((line) => line.includes("is disabled"))).toBe(true);
    const count = receiver.received.length;
    receiver.behave(204);
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.received).toHaveLength(count);
    expect(await webhooks.retry("https://unknown.example/")).toBe(false);
    expect(await webhooks.retry(receiver.url)).toBe(true);
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual([1]);
  });

  test("events deleted before delivery are reported, and the next message has skipped_to", async () => {
    await added(2);
    const receiver = await startReceiver();
    const webhooks = open([{ from: "oldest" }], receiver);
    await database().query("insert into webhook_endpoints (url, position) values ($1, 0)", [receiver.url]);
    await change("1", { color: "红色" });
    await normalize();
    await database().query("update listing_events set at = at - interval '200 days'");
    await pruneEvents({ database: database(), retentionDays: 180 });
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.received).toEqual([]);
    await change("1", { color: "白色" });
    await normalize();
    await webhooks.deliver({ maxMs: 60_000 });
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.received.map(({ events, skippedTo }) => [events.map(({ id }) => id), skippedTo])).toEqual(
      [[[4], 3]],
    );
    expect(lines.filter((line) => line.includes("deleted before delivery")).length).toBeGreaterThan(0);
  });

  test("a position beyond the newest event continues with the events to come", async () => {
    await added(1);
    const receiver = await startReceiver();
    await database().query("insert into webhook_endpoints (url, position) values ($1, 99)", [receiver.url]);
    const webhooks = open([{}], receiver);
    await webhooks.deliver({ maxMs: 60_000 });
    await change("1", { price: 1_000 });
    await normalize();
    await webhooks.deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual([2]);
  });

  test("one process sends at a time; another one takes over when it ends", async () => {
    await added(1);
    const receiver = await startReceiver();
    const [one, other] = [open([{}], receiver), open([{}], receiver)];
    const end = start(one);
    await until(async () => (await one.status())[0]?.state === "ok");
    const lock = database().lock(["webhooks"], "another sender");
    await expect(lock).rejects.toMatchObject({ code: "LOCKED" });
    await other.deliver({ maxMs: 60_000 });
    expect(await database().lockHolders()).toEqual([]);
    await end();
    await change("1", { price: 1_000 });
    await normalize();
    await other.deliver({ maxMs: 60_000 });
    expect(receiver.accepted).toEqual([2]);
  });

  test("credentials are sent as a header, and neither stored nor logged", async () => {
    await added(1);
    const receiver = await startReceiver(401);
    const url = `${receiver.url.replace("//", "//user:hidden-word@")}?token=hidden-token`;
    const webhooks = open([{ url, from: "oldest" }]);
    const end = start(webhooks);
    await untilFailed(webhooks);
    await end();
    const { authorization } = receiver.received[0]?.headers ?? {};
    expect(authorization).toBe(`Basic ${Buffer.from("user:hidden-word").toString("base64")}`);
    const { rows } = await database().query("select to_jsonb(w)::text as row from webhook_endpoints w");
    const everything = JSON.stringify([rows, await webhooks.status(), lines]);
    expect(everything).not.toMatch(/hidden-word|hidden-token|MfKQ9r8/);
    expect(everything).toContain("[hidden]");
  });
});
