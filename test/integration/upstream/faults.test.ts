import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { isChe168Error, UpstreamError } from "../../../src/errors.ts";
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
    "connection failed",
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
    "connection failed",
  ],
  [
    "a body shorter than announced",
    (response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write('{"result":[', () => response.socket?.end());
    },
    "UPSTREAM_NETWORK",
    "connection failed",
  ],
  [
    "an unfinished chunked body",
    (response) => {
      response.writeHead(200);
      response.write('{"result":[', () => response.socket?.end());
    },
    "UPSTREAM_NETWORK",
    "connection failed",
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
    "connection failed",
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
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const { client, told } = startClient({ baseUrl: `http://127.0.0.1:${port}` });
    const error = await failureOf(client.filters());
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK", cause: { code: "ECONNREFUSED" } });
    expect(error.message).toMatch(/^The filters \(GET \/filters\): the connection failed: .*ECONNREFUSED/);
    expect(told.waits).toHaveLength(2);
    expectNoKey(error, told);
  });

  test("a service that does not speak TLS is a network failure, retried, without the key in the error", async () => {
    const service = await startService(reply(offersPage(1)));
    const { client, told } = startClient({ baseUrl: service.baseUrl.replace("http:", "https:") });
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK", retryable: true });
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
    [401, "the key in CHE168_API_KEY is not accepted", 2],
    [402, "the plan of the account has ended or is not paid", 1],
    [403, "the key in CHE168_API_KEY has no access to this", 1],
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

describe("a response that exceeds the timeout", () => {
  const options = { timeoutMs: 150, retry: { attempts: 1 } };

  test.each([
    ["never", () => {}],
    [
      "with headers and no body",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.flushHeaders();
      },
    ],
    [
      "one byte at a time",
      (response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
    [
      "one compressed byte at a time",
      (response) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        const bytes = gzipSync(Buffer.alloc(100_000, " "));
        let sent = 0;
        const drip = setInterval(() => response.write(bytes.subarray(sent, ++sent)), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
  ] satisfies [string, Answers[0]][])("is aborted: %s", async (_name, answer) => {
    const service = await startService(answer);
    const { client, told } = startClient(service, options);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_TIMEOUT", retryable: true });
    expect(error.message).toContain("no complete response within 150 ms");
    expectNoKey(error, told);
  });

  test("is requested again", async () => {
    const service = await startService(() => {}, reply(offersPage(1)));
    const { client, told } = startClient(service, { timeoutMs: 600 });
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(told.waits).toMatchObject([{ attempt: 1, reason: "no complete response within 600 ms" }]);
  });

  test("keeps a received status: 503 with an endless body is 503", async () => {
    const service = await startService((response) => {
      response.writeHead(503);
      response.flushHeaders();
    });
    const { client } = startClient(service, options);
    expect(await failureOf(client.offersPage(1))).toMatchObject({ code: "UPSTREAM_STATUS", status: 503 });
  });

  test("is not awaited when the key is rejected", async () => {
    const service = await startService((response) => {
      response.writeHead(401);
      response.flushHeaders();
    });
    const { client } = startClient(service);
    expect(await failureOf(client.offersPage(1))).toMatchObject({ code: "UPSTREAM_UNAUTHORIZED" });
  });
});

describe("a response that is too large", () => {
  const options = { maxResponseBytes: 1_000_000 };
  const tooLarge = { code: "UPSTREAM_TOO_LARGE", retryable: false };

  test("is rejected by its content length", async () => {
    const service = await startService((response) => {
      response.writeHead(200, { "content-length": 500_000_000 });
      response.flushHeaders();
    });
    const { client, told } = startClient(service, options);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject(tooLarge);
    expect(error.message).toContain("500000000 bytes; the limit is 1000000");
    expect(service.requests).toHaveLength(1);
    expectNoKey(error, told);
  });

  test("is rejected while it is read, and the connection is closed", async () => {
    let sent = 0;
    let closed = () => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const service = await startService((response) => {
      const chunk = Buffer.alloc(65_536, " ");
      response.on("close", closed);
      const pump = () => {
        while (sent < 500_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", pump);
            return;
          }
        }
      };
      pump();
    });
    const { client } = startClient(service, options);
    expect(await failureOf(client.offersPage(1))).toMatchObject(tooLarge);
    await end;
    expect(sent).toBeLessThan(50_000_000);
  });

  test("is rejected by its decompressed size", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
    expect(bomb.length).toBeLessThan(options.maxResponseBytes);
    const service = await startService(reply(bomb, 200, { "content-encoding": "gzip" }));
    const { client } = startClient(service, options);
    expect(await failureOf(client.offersPage(1))).toMatchObject(tooLarge);
  });

  test("of the maximum size is read", async () => {
    const text = JSON.stringify(offersPage(1)).padEnd(1_000_000);
    const service = await startService(reply(text), reply(`${text} `));
    const { client } = startClient(service, options);
    expect((await client.offersPage(1)).text).toHaveLength(1_000_000);
    expect(await failureOf(client.offersPage(1))).toMatchObject(tooLarge);
  });
});

describe("a redirect", () => {
  const to = (location: string, status = 302) => reply("", status, { location });

  test("to another host is not followed: the key stays here", async () => {
    const other = await startService(reply(offersPage(1)));
    const service = await startService(to(`${other.baseUrl}/offers?page=1&api_key=${ENCODED}`));
    const { client, told } = startClient(service);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT", status: 302, retryable: false });
    expect(error.message).toContain(other.origin);
    expect(other.requests).toHaveLength(0);
    expect(service.requests).toHaveLength(1);
    expectNoKey(error, told);
  });

  test.each([
    ["another scheme", "https://127.0.0.1/x"],
    ["another scheme without host", "file:///etc/passwd"],
    ["a host by two slashes", "//evil.example/x"],
    ["a host that holds the key", `http://${"s3cret"}.example/`],
    ["nowhere readable", "http://"],
  ])("to %s is rejected", async (_name, location) => {
    const service = await startService(to(location, 307));
    const { client } = startClient(service);
    expect(await failureOf(client.offersPage(1))).toMatchObject({ code: "UPSTREAM_REDIRECT" });
  });

  test("within the host is followed unchanged", async () => {
    const service = await startService(
      to(`/api/v2/che168/offers/?page=1&api_key=${ENCODED}`, 301),
      to(`/v3/offers?page=1&api_key=${ENCODED}`, 308),
      reply(offersPage(1)),
    );
    const { client, told } = startClient(service);
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(service.requests.map(({ url }) => url.pathname)).toEqual([
      "/api/v2/che168/offers",
      "/api/v2/che168/offers/",
      "/v3/offers",
    ]);
    expectNoKey(told);
  });

  test("in a loop is an error", async () => {
    const service = await startService(to("/api/v2/che168/offers"));
    const { client } = startClient(service);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT", retryable: false });
    expect(service.requests).toHaveLength(4);
  });

  test("of a POST keeps its body, or is rejected", async () => {
    const service = await startService(to("/moved", 307), reply({ mark: "BMW" }), to("/moved", 302));
    const { client } = startClient(service);
    expect(await client.offerInfo("https://www.che168.com/7.html")).toMatchObject({ data: { mark: "BMW" } });
    expect(service.requests[1]).toMatchObject({ method: "POST", body: service.requests[0]?.body });
    expect(await failureOf(client.offerInfo("https://www.che168.com/7.html"))).toMatchObject({
      code: "UPSTREAM_REDIRECT",
    });
  });
});

describe("a kept-alive connection that the service closes", () => {
  test("when it is reused is not a failure", async () => {
    const service = await startService(
      reply(offersPage(1)),
      (response) => response.socket?.resetAndDestroy(),
      reply(offersPage(2)),
      (response) => response.socket?.destroy(),
      reply(offersPage(3)),
    );
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (const page of [1, 2, 3]) {
      expect((await client.offersPage(page)).nextPage).toBe(page + 1);
    }
    expect(service.requests).toHaveLength(5);
    expect(told.waits).toEqual([]);
    expect(told.logs.filter((line) => !line.startsWith("debug "))).toEqual([]);
    expectNoKey(told);
  });

  test("on the second use of several connections is not a failure", async () => {
    const uses = new Map<unknown, number>();
    const service = await startService((response, request, index) => {
      const use = (uses.get(response.socket) ?? 0) + 1;
      uses.set(response.socket, use);
      if (use > 1) {
        response.socket?.resetAndDestroy();
      } else if (request.url.pathname.endsWith("/changes")) {
        reply({ result: [], meta: {} })(response, request, index);
      } else {
        reply(offersPage(1))(response, request, index);
      }
    });
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.all([client.offersPage(1), client.changesPage(1)]);
    }
    expect(told.waits).toEqual([]);
  });

  test("every time is a failure", async () => {
    const service = await startService(reply(offersPage(1)), (response) =>
      response.socket?.resetAndDestroy(),
    );
    const { client, told } = startClient(service, { retry: { attempts: 2, intervalMs: 0 } });
    await client.offersPage(1);
    expect(await failureOf(client.offersPage(2))).toMatchObject({ code: "UPSTREAM_NETWORK" });
    expect(told.waits).toHaveLength(1);
  });

  test.each([
    ["said", { connection: "close" }],
    ["unsaid", {}],
  ])("after each response is not a failure (%s)", async (_name, headers) => {
    const service = await startService((response, request, index) => {
      response.on("finish", () => response.socket?.end());
      reply(offersPage(index + 1), 200, headers as Record<string, string>)(response, request, index);
    });
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (let page = 1; page <= 20; page += 1) {
      await client.offersPage(page);
    }
    expect(told.waits).toEqual([]);
  });

  test("when idle for too long is not a failure", async () => {
    const service = await startService(reply(offersPage(1)));
    onTestFinished(() => service.server.closeAllConnections());
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    await client.offersPage(1);
    service.server.closeIdleConnections();
    await client.offersPage(1);
    expect(told.waits).toEqual([]);
  });
});
