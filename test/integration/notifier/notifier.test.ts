import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createNotifier, type NotifyTarget } from "../../../src/notifier/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { type Received, receiver } from "../../support/receiver/receiver.ts";

const DAY = 86_400_000;

onEachDatabase("the notifier", ({ database }) => {
  let clock = new Date("2026-11-24T09:00:00Z");
  const after = (ms: number) => {
    clock = new Date(clock.getTime() + ms);
  };
  const notifier = (targets: readonly NotifyTarget[], options = {}) =>
    createNotifier({ database: database(), targets, now: () => clock, ...options });
  /** A copy with fresh data; `rejected` records are a reason. */
  const healthy = async () => {
    clock = new Date("2026-11-24T09:00:00Z");
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source, is_processed)
       values ('a', 'added', now(), '{}', 'initial_load', true)`,
    );
    await database().query(
      `insert into sync_state (id, last_change_id, last_successful_date, newest_change_at)
       values (1, 10, '2026-11-24', '2030-01-01')`,
    );
  };
  const reject = () =>
    database().query(
      "insert into rejected_records (source, reason, record, fingerprint) values ('daily_update', 'no', '{}', 'f')",
    );
  const settle = () => database().query("update rejected_records set dismissed_at = now()");
  const reasonsOf = (received: readonly Received[]) =>
    received.map(({ body }) => `${body.data.reason}${body.data.resolved ? " resolved" : ""}`);

  test("sends a reason once per target and day, and once more when it is resolved", async () => {
    await healthy();
    const { received, url } = await receiver();
    const { run } = notifier([{ type: "webhook", url }]);
    expect(await run()).toEqual({ sent: 0, failed: 0 });
    await reject();
    expect(await run()).toEqual({ sent: 1, failed: 0 });
    expect(await run()).toEqual({ sent: 0, failed: 0 });
    after(DAY);
    expect(await run()).toEqual({ sent: 1, failed: 0 });
    await settle();
    expect(await run()).toEqual({ sent: 1, failed: 0 });
    expect(await run()).toEqual({ sent: 0, failed: 0 });
    expect(reasonsOf(received)).toEqual(["rejected", "rejected", "rejected resolved"]);
    expect(received[0]?.body).toMatchObject({
      type: "status.reason",
      text: expect.stringContaining("rejected"),
      data: { message: "1 records could not be stored.", remedy: expect.stringContaining("rejected list") },
    });
    expect(received[2]?.body.type).toBe("status.resolved");
  });

  test("does not send a reason again that comes back on the same day, but its later resolution", async () => {
    await healthy();
    const { received, url } = await receiver();
    const { run } = notifier([{ type: "webhook", url }]);
    await reject();
    await run();
    await settle();
    after(60_000);
    await run();
    await database().query("update rejected_records set dismissed_at = null");
    after(60_000);
    await run();
    expect(reasonsOf(received)).toEqual(["rejected", "rejected resolved"]);
    after(DAY);
    await run();
    await settle();
    after(60_000);
    await run();
    expect(reasonsOf(received).slice(2)).toEqual(["rejected", "rejected resolved"]);
  });

  test("resolves nothing while a run suppresses reasons", async () => {
    await healthy();
    const { received, url } = await receiver();
    const { run } = notifier([{ type: "webhook", url }]);
    await reject();
    await run();
    await settle();
    const lock = await database().lock(["data_fetch"], "che168-sync daily");
    await run();
    expect(reasonsOf(received)).toEqual(["rejected"]);
    await lock.release();
    await run();
    expect(reasonsOf(received)).toEqual(["rejected", "rejected resolved"]);
  });

  test("of several processes one sends a message", async () => {
    await healthy();
    await reject();
    const { received, url } = await receiver();
    const target = { type: "webhook", url } as const;
    const rounds = await Promise.all([1, 2, 3, 4].map(() => notifier([target]).run()));
    expect(rounds.reduce((sum, { sent }) => sum + sent, 0)).toBe(1);
    expect(received.length).toBe(1);
  });

  test("resends a failed message in the next round, to that target only; logs the failure and does not throw", async () => {
    await healthy();
    await reject();
    let status = 500;
    const broken = await receiver(() => status);
    const good = await receiver();
    const { logger, lines } = collectingLogger();
    const targets = [broken, good].map(
      ({ url }) => ({ type: "webhook", url: `${url}/T0/SECRETPATH` }) as const,
    );
    const { run } = notifier(targets, { logger });
    expect(await run()).toEqual({ sent: 1, failed: 1 });
    expect(lines).toEqual([
      {
        level: "warn",
        text: expect.stringMatching(
          /^The notification to webhook 127\.0\.0\.1:\d+ failed: it responded 500$/,
        ),
      },
    ]);
    status = 200;
    expect(await run()).toEqual({ sent: 1, failed: 0 });
    expect([broken.received.length, good.received.length]).toEqual([2, 1]);
  });

  test.each([
    ["follows no redirect", 302, 60_000, "it responded 302"],
    ["waits for a response no longer than the timeout", undefined, 50, "no response within 50 ms"],
  ])("%s, and logs why", async (_name, status, timeoutMs, reason) => {
    await healthy();
    await reject();
    const { received, url } = await receiver(() => status);
    const { logger, lines } = collectingLogger();
    const { run } = notifier([{ type: "webhook", url }], { logger, timeoutMs });
    expect(await run()).toEqual({ sent: 0, failed: 1 });
    // A loaded machine may send nothing before the timeout.
    expect(["", "/"]).toContain(received.map(({ path }) => path).join());
    expect(lines.map(({ text }) => text.replace(/^.*failed: /, ""))).toEqual([reason]);
  });

  test("takes over a message whose sender has died", async () => {
    await healthy();
    await reject();
    const { received, url } = await receiver();
    const { run } = notifier([{ type: "webhook", url }]);
    await run();
    await database().query("update notifications set sent_at = null");
    await run();
    expect(received.length).toBe(1);
    after(11 * 60_000);
    await run();
    expect(received.length).toBe(2);
  });

  test("sends one message per round to Telegram, and hides the token in errors", async () => {
    await healthy();
    await reject();
    await database().query("insert into feed_gaps (from_id, to_id, found_at) values (1000, 49999, now())");
    let status = 400;
    const { received, url } = await receiver(() => status);
    const { logger, lines } = collectingLogger();
    const target = { type: "telegram", token: "123456:ABCDEF", chatId: 4711, apiUrl: `${url}/` } as const;
    const { run } = notifier([target], { logger });
    expect(await run()).toEqual({ sent: 0, failed: 2 });
    expect(lines.map(({ text }) => text)).toEqual([
      "The notification to telegram 4711 failed: it responded 400: chat not found; check chatId",
    ]);
    status = 200;
    expect(await run()).toEqual({ sent: 2, failed: 0 });
    const last = received.at(-1);
    expect(last?.path).toBe("/bot123456:ABCDEF/sendMessage");
    expect(last?.body).toMatchObject({
      chat_id: 4711,
      text: expect.stringMatching(/rejected: .*\n→ [\s\S]*feed_gap: /),
    });
  });

  test("an unavailable database is logged", async () => {
    const { logger, lines } = collectingLogger();
    const { url } = await receiver();
    const away = { ...database(), lockHolders: () => Promise.reject(new Error("the database is away")) };
    const broken = createNotifier({ database: away, targets: [{ type: "webhook", url }], logger });
    expect(await broken.run()).toEqual({ sent: 0, failed: 0 });
    expect(lines).toEqual([{ level: "warn", text: "Notifications could not be sent: the database is away" }]);
  });

  describe("a test message", () => {
    test("goes to every target, and its result names the target and the error", async () => {
      const good = await receiver();
      const bad = await receiver(() => 401);
      const results = await notifier([
        { type: "webhook", url: good.url },
        { type: "telegram", token: "1:A", chatId: "@cars", apiUrl: bad.url },
      ]).test();
      expect(results).toEqual([
        { target: expect.stringMatching(/^webhook 127/), error: null },
        { target: "telegram @cars", error: "it responded 401: chat not found; check the token of the bot" },
      ]);
      expect(good.received[0]?.body.data.message).toContain("test message");
    });

    test("is signed by Standard Webhooks", async () => {
      const { received, url } = await receiver();
      const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
      await notifier([{ type: "webhook", url, secret }]).test();
      const { headers, text } = received[0] as Received;
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
      const expected = createHmac("sha256", "0123456789abcdef0123456789abcdef")
        .update(signed)
        .digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    });
  });
});
