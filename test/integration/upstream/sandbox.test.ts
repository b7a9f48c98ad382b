import { describe, expect, onTestFinished, test } from "vitest";
import { type Fault, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import type { ClientOptions } from "../../../src/upstream/index.ts";
import { failureOf, KEY, startClient } from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

async function start(options: SandboxOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const sandbox = await startSandbox({ offers: 50, changesPerDay: 30, days: 2, apiKey: KEY, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, ...startClient(sandbox, clientOptions) };
}

/** `inner_id` or `id` of each record. */
const keysOf = (records: readonly unknown[], key: "id" | "inner_id") =>
  records.map((record) => (record as Record<string, unknown>)[key]);

describe("the service's data", () => {
  test("are complete: every page of the catalogue, with equal text and records", async () => {
    const { client, sandbox } = await start();
    const seen: unknown[] = [];
    for (let page: number | null = 1; page !== null; ) {
      const answer = await client.offersPage(page);
      expect(JSON.parse(answer.text).result).toEqual(answer.records);
      seen.push(...keysOf(answer.records, "inner_id"));
      page = answer.nextPage;
    }
    expect(new Set(seen).size).toBe(50);
    expect(sandbox.requests.map(({ query }) => query.page)).toEqual(["1", "2", "3"]);
  });

  test.each(["null", "equal", "empty"] as const)(
    "are complete: every change from a day's first on, when the feed ends with %s",
    async (feedEnd) => {
      const { client } = await start({ feedEnd, now: () => new Date("2026-11-24T12:00:00Z") });
      const seen: unknown[] = [];
      const first = await client.changeId("2026-11-22");
      expect(first).toBe(892145);
      for (let position = first; position !== null; ) {
        const answer = await client.changesPage(position);
        expect(JSON.parse(answer.text).result).toEqual(answer.records);
        seen.push(...keysOf(answer.records, "id"));
        position = answer.nextChangeId;
      }
      // Two full days, and today's changes so far.
      expect(new Set(seen).size).toBe(90);
      expect(seen).toHaveLength(90);
      expect(seen[0]).toBe(first);
    },
  );

  test.each(["bare", "result", "record"] as const)(
    "are complete: one listing, returned %s",
    async (offerForm) => {
      const { client } = await start({ offerForm });
      const { records } = await client.offersPage(1);
      const { inner_id, data } = records[0] as { inner_id: string; data: { url: string } };
      const listing = await client.offer(inner_id);
      expect(listing?.data).toEqual(data);
      expect(JSON.parse(listing?.text ?? "")).toEqual(data);
      expect(await client.offerInfo(data.url)).toEqual(listing);
      expect(await client.offer("1")).toBeNull();
    },
  );

  test("are filtered by the service", async () => {
    const { client } = await start();
    const [first] = (await client.offersPage(1)).records as { data: { mark: string } }[];
    const name = first?.data.mark ?? "";
    expect(Object.keys((await client.filters()).mark as object)).toContain(name);
    const { records } = await client.offersPage(1, { filters: { mark: name } });
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      expect((record as { data: { mark: string } }).data.mark).toBe(name);
    }
  });
});

describe("a temporary fault of the service costs only waiting time", () => {
  const faults: readonly [string, Fault, string][] = [
    ["500 with JSON", { kind: "status", status: 500, body: "json" }, "500"],
    ["502 with HTML", { kind: "status", status: 502, body: "html" }, "502"],
    ["503 with nothing", { kind: "status", status: 503, body: "empty" }, "503"],
    ["504", { kind: "status", status: 504 }, "504"],
    ["429 with seconds", { kind: "status", status: 429, retryAfter: "0" }, "Retry-After is 0 ms"],
    [
      "429 with a date",
      { kind: "status", status: 429, retryAfter: "Sun, 06 Nov 1994 08:49:37 GMT" },
      "Retry-After is 0 ms",
    ],
    ["429 without Retry-After", { kind: "status", status: 429 }, "429"],
    ["HTML with status 200", { kind: "html200" }, "an HTML page"],
    [
      "text with status 200",
      { kind: "body", body: "try later", contentType: "text/plain" },
      'text: "try later"',
    ],
    ["truncated JSON", { kind: "truncated" }, "cut off after"],
    ["an empty body", { kind: "empty" }, "an empty body"],
    ["JSON of another shape", { kind: "wrongShape" }, "another shape"],
    ["a reset connection", { kind: "reset" }, "the connection to 127.0.0.1:"],
    ["a connection reset within the body", { kind: "resetMidBody" }, "the connection to 127.0.0.1:"],
    ["no response", { kind: "hang" }, "no complete response within 1500 ms"],
    ["headers without body", { kind: "headersOnly" }, "no complete response within 1500 ms"],
    ["one byte a second", { kind: "drip", bytesPerSecond: 1 }, "no complete response within 1500 ms"],
    ["a page that leads backwards", { kind: "meta", meta: { next_page: 1 } }, "above 2, and is 1"],
    ["a page that leads to itself", { kind: "meta", meta: { next_page: 2 } }, "above 2, and is 2"],
    ["a page without next_page", { kind: "meta", meta: { next_page: undefined } }, "next_page"],
    ["a page that leads beyond 2^53", { kind: "meta", meta: { next_page: 2 ** 60 } }, "above 2"],
  ];

  test.each(faults)("%s", async (_name, fault, reason) => {
    const { client, told, sandbox } = await start(
      { faults: [{ path: "/offers", query: { page: 2 }, times: 2, fault }] },
      { retry: { attempts: 3, intervalMs: 0 }, ...(reason.includes("1500 ms") ? { timeoutMs: 1_500 } : {}) },
    );
    const page = await client.offersPage(2);
    expect(page).toMatchObject({ page: 2, nextPage: 3 });
    expect(page.records).toHaveLength(20);
    expect(told.waits).toHaveLength(2);
    expect(told.waits[0]?.reason).toContain(reason);
    expect(told.logs.filter((line) => line.startsWith("warn "))).toHaveLength(2);
    expect(sandbox.requests).toHaveLength(3);
    expectNoKey(told);
  });
});

describe("a permanent fault of the service has its own error", () => {
  test.each([
    [402, "UPSTREAM_UNAUTHORIZED"],
    [403, "UPSTREAM_UNAUTHORIZED"],
    [400, "UPSTREAM_STATUS"],
  ])("%i, without another attempt", async (status, code) => {
    const { client, told, sandbox } = await start({ faults: [{ fault: { kind: "status", status } }] });
    const error = await failureOf(client.changesPage(1));
    expect(error).toMatchObject({ code, status });
    expect(sandbox.requests).toHaveLength(1);
    expectNoKey(error, told);
  });

  test("a wrong key, by the name of its variable", async () => {
    const { client } = await start({ apiKey: "another" });
    for (const ask of [
      () => client.filters(),
      () => client.offerInfo("https://www.che168.com/dealer/1/1.html"),
    ]) {
      const error = await failureOf(ask());
      expect(error.message).toContain("CHE168_API_KEY");
      expectNoKey(error);
    }
  });

  test.each([true, false])("500 MB, announced: %s", async (contentLength) => {
    const { client, told } = await start({
      faults: [{ path: "/offers", fault: { kind: "huge", bytes: 500_000_000, contentLength } }],
    });
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_TOO_LARGE", retryable: false });
    expect(told.waits).toEqual([]);
  });

  test("a redirect to another host", async () => {
    const other = await start();
    const location = `${other.sandbox.baseUrl}/offers?page=1&api_key=${encodeURIComponent(KEY)}`;
    const { client } = await start({ faults: [{ fault: { kind: "redirect", location } }] });
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT" });
    expect(other.sandbox.requests).toEqual([]);
    expectNoKey(error);
  });

  test.each([
    ["backwards", { next_change_id: 3 }, "FEED_OUT_OF_ORDER"],
    ["beyond 2^53", { next_change_id: "9007199254740993" }, "FEED_OUT_OF_ORDER"],
    ["nowhere", { next_change_id: undefined }, "UPSTREAM_INVALID_RESPONSE"],
    ["to a word", { next_change_id: "soon" }, "UPSTREAM_INVALID_RESPONSE"],
  ])("a feed that goes %s", async (_name, meta, code) => {
    const { client } = await start(
      { faults: [{ path: "/changes", fault: { kind: "meta", meta } }] },
      { retry: { attempts: 1 } },
    );
    expect(await failureOf(client.changesPage(892145))).toMatchObject({ code });
  });
});

describe("a harmless peculiarity is not reported as a fault", () => {
  const quiet = { retry: { attempts: 1 } };

  test.each([
    ["gzip", { kind: "body", encoding: "gzip" }],
    ["br", { kind: "body", encoding: "br" }],
    ["deflate", { kind: "body", encoding: "deflate" }],
    ["a wrong content type", { kind: "body", contentType: "text/html" }],
    ["a wrong charset", { kind: "body", charset: "windows-1251" }],
    ["a byte order mark", { kind: "body", bom: true }],
    ["a connection closed after each response", { kind: "closeAfter" }],
    ["next_page as text", { kind: "meta", meta: { next_page: "2" } }],
    ["a listing that nests 100,000 deep, which only the loader rejects", { kind: "deep", depth: 100_000 }],
  ] satisfies [string, Fault][])("%s", async (_name, fault) => {
    const at = new Date();
    const right = await (await start({ now: () => at })).client.offersPage(1);
    const { client, told } = await start({ faults: [{ fault }], now: () => at }, quiet);
    const answer = await client.offersPage(1);
    expect(answer.text.charCodeAt(0)).toBe(0x7b);
    if (fault.kind === "body" || fault.kind === "closeAfter") {
      expect(answer.text).toBe(right.text);
    }
    expect(told).toEqual({ logs: [], waits: [] });
  });

  test("an idle connection that the service closes after a millisecond", async () => {
    const { client, told } = await start({ keepAliveTimeoutMs: 1 }, quiet);
    for (let turn = 1; turn <= 30; turn += 1) {
      await client.offersPage(1);
    }
    expect(told).toEqual({ logs: [], waits: [] });
  });

  test("an idle connection that is reset when it is used again", async () => {
    const { client, told, sandbox } = await start(
      { faults: [{ path: "/offers", after: 1, times: 1, fault: { kind: "reset" } }] },
      quiet,
    );
    await client.offersPage(1);
    await client.offersPage(2);
    expect(sandbox.requests.map(({ query }) => query.page)).toEqual(["1", "2", "2"]);
    expect(told).toEqual({ logs: [], waits: [] });
  });
});
