import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isChe168Error, UpstreamError } from "../../../src/errors.ts";
import { freePort } from "../../../tools/free-port.ts";
import {
  failureOf,
  KEY,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

const ENCODED = encodeURIComponent(KEY);

/** The service repeats the key wherever possible. */
const ECHO = `<title>Bad key ${KEY} ${ENCODED}</title>${KEY}`;

type Answers = Parameters<typeof startService>;

/** Faults that a retry may fix, and the error after the last attempt. */
const RETRIED: readonly (readonly [name: string, answer: Answers[0], code: string, reason: string])[] = [
  ...[500, 501, 502, 503, 504, 520, 599, 408, 425].map(
    (status) =>
      [
        `status ${status}`,
        reply({ error: `key ${KEY}` }, status),
        "UPSTREAM_STATUS",
        `returned ${status}`,
      ] as const,
  ),
  ["status 502 with HTML", reply(ECHO, 502), "UPSTREAM_STATUS", "502 Bad Gateway with an HTML page titled"],
  [
    "status 503 with nothing",
    reply("", 503),
    "UPSTREAM_STATUS",
    "503 Service Unavailable with an empty body",
  ],
  [
    "status 429",
    reply("slow down", 429),
    "UPSTREAM_RATE_LIMITED",
    'returned 429 Too Many Requests with text: "slow',
  ],
  ["HTML with status 200", reply(ECHO), "UPSTREAM_INVALID_RESPONSE", "returned an HTML page titled"],
  ["text with status 200", reply(`no ${KEY}`), "UPSTREAM_INVALID_RESPONSE", 'returned text: "no [key]"'],
  ["truncated JSON", reply(`{"result":[{"a":"${KEY}`), "UPSTREAM_INVALID_RESPONSE", "broken at byte 44 of"],
  ["an empty body", reply(""), "UPSTREAM_INVALID_RESPONSE", "an empty body"],
  ["status 204", (response) => response.writeHead(204).end(), "UPSTREAM_INVALID_RESPONSE", "an empty body"],
  ["JSON of another shape", reply({ error: KEY }), "UPSTREAM_INVALID_RESPONSE", "of another shape"],
  ["JSON null", reply("null"), "UPSTREAM_INVALID_RESPONSE", "of another shape"],
  ["a page that leads back", reply(offersPage(1, 1)), "UPSTREAM_INVALID_RESPONSE", "above 1, and is 1"],
  [
    "a connection reset",
    (response) => response.socket?.resetAndDestroy(),
    "UPSTREAM_NETWORK",
    "the connection to 127.0.0.1:",
  ],
  [
    "a connection closed without a response",
    (response) => response.socket?.destroy(),
    "UPSTREAM_NETWORK",
    "failed",
  ],
  [
    "a connection reset within the body",
    (response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write('{"result":[', () => response.socket?.resetAndDestroy());
    },
    "UPSTREAM_NETWORK",
    "the connection to 127.0.0.1:",
  ],
  [
    "a body shorter than announced",
    (response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write('{"result":[', () => response.socket?.end());
    },
    "UPSTREAM_NETWORK",
    "the connection to 127.0.0.1:",
  ],
  [
    "an unfinished chunked body",
    (response) => {
      response.writeHead(200);
      response.write('{"result":[', () => response.socket?.end());
    },
    "UPSTREAM_NETWORK",
    "the connection to 127.0.0.1:",
  ],
  [
    "invalid gzip",
    reply("not gzip", 200, { "content-encoding": "gzip" }),
    "UPSTREAM_INVALID_RESPONSE",
    "cannot be decompressed",
  ],
  [
    "truncated gzip",
    reply(gzipSync(JSON.stringify(offersPage(1))).subarray(0, 40), 200, { "content-encoding": "gzip" }),
    "UPSTREAM_INVALID_RESPONSE",
    "",
  ],
  [
    "an unknown content encoding",
    reply("xyz", 200, { "content-encoding": "x-own" }),
    "UPSTREAM_INVALID_RESPONSE",
    'text: "xyz"',
  ],
  [
    "a status line with the key",
    (r) => r.writeHead(500, KEY.replaceAll("é", "")).end(),
    "UPSTREAM_STATUS",
    "500 [key]",
  ],
  [
    "invalid HTTP",
    (response) => response.socket?.end(`SSH-2.0 ${KEY}\r\n\r\n`),
    "UPSTREAM_NETWORK",
    "the connection to 127.0.0.1:",
  ],
];

describe("a temporary failure is retried", () => {
  test.each(RETRIED)("%s: then returns the page", async (_name, answer, code, reason) => {
    const service = await startService(answer, answer, reply(offersPage(1)));
    const { client, told } = startClient(service);
    const page = await client.offersPage(1);
    expect(page.nextPage).toBe(2);
    expect(told.waits).toMatchObject([
      { what: "page 1 of the catalogue", attempt: 1, attempts: 3, waitMs: 1 },
      { what: "page 1 of the catalogue", attempt: 2, attempts: 3, waitMs: 1 },
    ]);
    expect(told.waits[0]?.reason).toContain(reason);
    const warnings = told.logs.filter((line) => line.startsWith("warn "));
    expect(warnings).toEqual([
      expect.stringContaining("Attempt 1 of 3 to get page 1 of the catalogue failed: "),
      expect.stringContaining("Attempt 2 of 3 to get page 1 of the catalogue failed: "),
    ]);
    expectNoKey(told);
    expect(code).toMatch(/^UPSTREAM_/);
  });

  test.each(RETRIED)("%s: throws after all attempts", async (_name, answer, code, reason) => {
    const service = await startService(answer);
    const { client, told } = startClient(service, { retry: { attempts: 2, intervalMs: 0 } });
    const error = await failureOf(client.offersPage(1));
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      code,
      retryable: true,
      details: { attempts: 2, request: "GET /offers?page=1" },
    });
    expect(error.message).toMatch(
      /^Page 1 of the catalogue \(GET \/offers\?page=1\): .* \(after 2 attempts\)$/,
    );
    expect(error.message).toContain(reason);
    expect(told.waits).toHaveLength(1);
    expectNoKey(error, told);
  });

  test("a service that does not listen is a network failure with its reason", async () => {
    const { client, told } = startClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    const error = await failureOf(client.filters());
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK", cause: { code: "ECONNREFUSED" } });
    expect(error.message).toMatch(
      /^The filters \(GET \/filters\): the connection to .* failed: .*ECONNREFUSED/,
    );
    expect(told.waits).toHaveLength(2);
    expectNoKey(error, told);
  });

  test("a service that does not speak TLS is a network failure, retried, without the key in the error", async () => {
    const service = await startService(reply(offersPage(1)));
    const { client, told } = startClient({ baseUrl: service.baseUrl.replace("http:", "https:") });
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK", retryable: true });
    expect(error.message).toMatch(/check CHE168_BASE_URL .*http:\/\/ instead of https:\/\//);
    expect(told.waits).toHaveLength(2);
    expect(service.requests).toEqual([]);
    expectNoKey(error, told);
  });

  test("a host name that does not resolve names the settings to check", async () => {
    const { client } = startClient({ baseUrl: "http://nobody.invalid" }, { retry: { attempts: 1 } });
    const error = await failureOf(client.filters());
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK" });
    expect(error.message).toMatch(/nobody\.invalid.*CHE168_ACCESS_NAME|EAI_AGAIN/);
  });

  const backwards = reply({ result: [{}], meta: { cur_change_id: 892145, next_change_id: 892100 } });

  test("a feed that goes backwards once", async () => {
    const right = reply({ result: [{}], meta: { cur_change_id: 892145, next_change_id: 892165 } });
    const service = await startService(backwards, right);
    const { client, told } = startClient(service);
    expect((await client.changesPage(892145)).nextChangeId).toBe(892165);
    expect(told.waits).toMatchObject([{ attempt: 1, reason: expect.stringContaining("goes backwards") }]);
  });

  test("a feed that always goes backwards, naming both positions", async () => {
    const service = await startService(backwards);
    const { client, told } = startClient(service);
    const error = await failureOf(client.changesPage(892145));
    expect(isChe168Error(error) && error.code).toBe("FEED_OUT_OF_ORDER");
    expect(error.message).toMatch(/^Changes from 892145 .*892100 after 892145 \(after 3 attempts\)$/);
    expect(service.requests).toHaveLength(3);
    expectNoKey(error, told);
  });

  test("invalid pages of the feed, and an invalid first change of a day", async () => {
    const bad = reply({ result: Array(20).fill({}), meta: {} });
    const service = await startService(
      bad,
      reply({ result: [], meta: {} }),
      reply({}),
      reply({ change_id: 5 }),
    );
    const { client, told } = startClient(service);
    expect((await client.changesPage(7)).nextChangeId).toBeNull();
    expect(await client.changeId("2026-11-24")).toBe(5);
    expect(told.waits.map(({ what }) => what)).toEqual(["changes from 7", "the first change of 2026-11-24"]);
  });
});

describe("a permanent failure is not retried", () => {
  test.each([
    [
      401,
      "the key in CHE168_API_KEY is not accepted; check it for typing errors, and with the service whether it has expired",
      2,
    ],
    [402, "the plan of the account has ended or is not paid; renew it with the service", 1],
    [403, "the key in CHE168_API_KEY has no access to this; check CHE168_ACCESS_NAME", 1],
  ])(
    "status %i, with the service's own message and the remedy, without the key",
    async (status, remedy, requests) => {
      const service = await startService(reply({ message: `key ${KEY} is wrong` }, status));
      const { client, told } = startClient(service);
      const error = await failureOf(client.offersPage(1));
      expect(error).toMatchObject({ code: "UPSTREAM_UNAUTHORIZED", status, retryable: false });
      expect(error.message).toContain(`JSON that says "key [key] is wrong": ${remedy}`);
      // A 401 is repeated once, with the key in the query.
      expect(service.requests).toHaveLength(requests);
      expect(told.waits).toHaveLength(0);
      expectNoKey(error, told);
    },
  );

  test.each([400, 404, 405, 409, 410, 418, 422, 451, 304])("status %i", async (status) => {
    const service = await startService(
      reply(status === 304 ? "" : { message: `no such page ${KEY}` }, status),
    );
    const { client, told } = startClient(service);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_STATUS", status, retryable: false });
    expect(service.requests).toHaveLength(1);
    expect(told.waits).toHaveLength(0);
    expectNoKey(error, told);
  });
});
