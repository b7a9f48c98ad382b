import { describe, expect, onTestFinished, test } from "vitest";
import type { RetryWait } from "../../../src/upstream/index.ts";
import {
  failureOf,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";

/** The first reported wait, and a signal that is aborted at that moment. */
function abortAtFirstWait() {
  const controller = new AbortController();
  const waits: RetryWait[] = [];
  const onRetry = (wait: RetryWait) => {
    waits.push(wait);
    controller.abort(new Error("stopped by the test"));
  };
  return { waits, call: { signal: controller.signal, onRetry } };
}

describe("the number of attempts", () => {
  test.each([
    [1, 0],
    [2, 1],
    [20, 19],
  ])("of %i has %i retries", async (attempts, retries) => {
    const service = await startService(reply("", 503));
    const { client, told } = startClient(service, { retry: { attempts, intervalMs: 0 } });
    const error = await failureOf(client.offersPage(1));
    expect(service.requests).toHaveLength(attempts);
    expect(told.waits).toHaveLength(retries);
    expect(told.logs).toHaveLength(retries);
    expect(error.message.includes("attempts")).toBe(retries > 0);
  });

  test("is counted separately for every page", async () => {
    const bad = reply("", 503);
    const service = await startService(bad, bad, reply(offersPage(1)), bad, bad, reply(offersPage(2)));
    const { client } = startClient(service);
    await client.offersPage(1);
    expect((await client.offersPage(2)).nextPage).toBe(3);
  });
});

describe("the wait before the next attempt", () => {
  test("is 12 minutes by default, is reported with its end, and can be aborted", async () => {
    const service = await startService(reply("", 503));
    const { client, told } = startClient(service, { retry: {} });
    const { waits, call } = abortAtFirstWait();
    const before = Date.now();
    expect(await failureOf(client.offersPage(17, call))).toMatchObject({ message: "stopped by the test" });
    expect(waits).toEqual(told.waits);
    expect(waits).toMatchObject([
      {
        what: "page 17 of the catalogue",
        attempt: 1,
        attempts: 20,
        reason: "the service returned 503 Service Unavailable with an empty body",
        waitMs: 720_000,
      },
    ]);
    expect(waits[0]?.nextAt.getTime()).toBeGreaterThanOrEqual(before + 720_000);
    expect(told.logs).toEqual([
      expect.stringMatching(
        /^warn Attempt 1 of 20 to get page 17 of the catalogue failed: the service returned 503 Service Unavailable with an empty body; next in 12 min, at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      ),
    ]);
    expect(service.requests).toHaveLength(1);
  });

  const inThreeMinutes = () => ({
    date: "Tue, 24 Nov 2026 12:00:00 GMT",
    "retry-after": "Tue, 24 Nov 2026 12:03:00 GMT",
  });

  test.each([
    ["in seconds", 429, { "retry-after": "90" }, 90_000, "Retry-After is 90 s"],
    ["as a date", 429, inThreeMinutes(), 180_000, "Retry-After is 3 min"],
    ["of an unavailable service", 503, { "retry-after": "90" }, 90_000, "Retry-After is 90 s"],
    [
      "absurdly long",
      429,
      { "retry-after": "31536000" },
      3_600_000,
      "Retry-After is 365 days, the maximum 60 min",
    ],
    ["unreadable", 429, { "retry-after": "soon" }, 720_000, "429 Too Many Requests with an empty body"],
    ["absent", 429, {}, 720_000, "429 Too Many Requests with an empty body"],
  ])("follows Retry-After: %s", async (_name, status, headers, waitMs, said) => {
    const service = await startService(reply("", status, headers as Record<string, string>));
    const { client, told } = startClient(service, { retry: {} });
    const { waits, call } = abortAtFirstWait();
    await failureOf(client.offersPage(1, call));
    expect(waits).toMatchObject([{ waitMs, reason: expect.stringContaining(said) }]);
    expect(told.logs[0]).toContain(said);
  });

  test("of zero seconds is not a wait", async () => {
    const service = await startService(reply("", 429, { "retry-after": "0" }), reply(offersPage(1)));
    const { client } = startClient(service, { retry: {} });
    expect((await client.offersPage(1)).nextPage).toBe(2);
  });

  test("ends when the client is closed", async () => {
    const service = await startService(reply("", 503));
    let announced = () => {};
    const announcement = new Promise<void>((resolve) => {
      announced = resolve;
    });
    const { client } = startClient(service, { retry: {}, onRetry: announced });
    const pending = failureOf(client.offersPage(1));
    await announcement;
    await client.close();
    expect(await pending).toMatchObject({ name: "AbortError" });
  });
});

describe("aborting", () => {
  test("before the call sends nothing", async () => {
    const service = await startService(reply(offersPage(1)));
    const { client } = startClient(service);
    const signal = AbortSignal.abort(new Error("stopped by the test"));
    expect(await failureOf(client.offersPage(1, { signal }))).toMatchObject({
      message: "stopped by the test",
    });
    expect(service.requests).toHaveLength(0);
  });

  test.each([
    ["before the headers", false],
    ["within the body", true],
  ])("ends a running request and its connection: %s", async (_name, withHeaders) => {
    let asked = () => {};
    const arrival = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let closed = () => {};
    const closing = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const service = await startService((response) => {
      response.on("close", closed);
      if (withHeaders) {
        response.writeHead(200);
        response.write('{"result":[', asked);
      } else {
        asked();
      }
    });
    const { client, told } = startClient(service);
    const controller = new AbortController();
    const pending = failureOf(client.offersPage(1, { signal: controller.signal }));
    await arrival;
    controller.abort(new Error("stopped by the test"));
    expect(await pending).toMatchObject({ message: "stopped by the test" });
    await closing;
    expect(told).toEqual({ logs: [], waits: [] });
  });

  test("ends waiting for a turn without delaying other calls", async () => {
    const service = await startService(reply(offersPage(1)));
    const { client } = startClient(service, { offersIntervalMs: 3_600_000 });
    await client.offersPage(1);
    const controller = new AbortController();
    const pending = failureOf(client.offersPage(1, { signal: controller.signal }));
    controller.abort(new Error("stopped by the test"));
    expect(await pending).toMatchObject({ message: "stopped by the test" });
  });

  test("of one call does not affect another", async () => {
    const service = await startService(() => {}, reply(offersPage(2)));
    const { client } = startClient(service);
    const controller = new AbortController();
    const stopped = failureOf(client.offersPage(1, { signal: controller.signal }));
    await expect.poll(() => service.requests.length).toBe(1);
    const other = client.offersPage(2);
    controller.abort(new Error("stopped by the test"));
    expect(await stopped).toMatchObject({ message: "stopped by the test" });
    expect((await other).nextPage).toBe(3);
  });

  test("leaves no listener on the caller's signal", async () => {
    const service = await startService(reply("", 503), reply(offersPage(1)));
    const { client } = startClient(service);
    const { signal } = new AbortController();
    const counts = { added: 0, removed: 0 };
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      counts.added += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      counts.removed += 1;
      removeEventListener.apply(signal, args);
    };
    await client.offersPage(1, { signal });
    expect(counts.added).toBeGreaterThan(0);
    expect(counts.removed).toBe(counts.added);
  });
});

test("many concurrent calls share a signal and a client without a warning of Node.js", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => {
    process.off("warning", note);
  });
  const service = await startService(reply({ change_id: 1 }));
  const { client } = startClient(service);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 50 }, () => client.changeId("2026-11-24", { signal })));
  expect(service.requests).toHaveLength(50);
  expect(warnings).toEqual([]);
});

test("the catalogue and the feed have separate throttles", async () => {
  const service = await startService(reply(offersPage(1)), reply({ change_id: 1 }), reply({ change_id: 2 }));
  const { client } = startClient(service, {
    offersIntervalMs: 3_600_000,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
  });
  await client.offersPage(1);
  expect(await client.changeId("2026-11-23")).toBe(1);
  expect(await client.changeId("2026-11-24")).toBe(2);
});
