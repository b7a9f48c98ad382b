import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offersParameters } from "../../../src/api/query/parameters.ts";
import { useListeningApi } from "../../support/api/listening.ts";

// Unauthorised clients, and authorised ones that send malformed requests (SECURITY.md 37 to 40), over real sockets.

const NAMES = Object.keys(offersParameters(100));

const EVIL = [
  "'; drop table processed_data; --",
  "' or '1'='1",
  "1) or (1=1",
  "$1",
  "\\'; select pg_sleep(10); --",
  "x' :* | 'y",
  "a & b | !c <-> (d)",
  "%27%20or%201=1",
  "\r\nSet-Cookie: a=b",
  "\u0000",
  "\ud800",
  "😀".repeat(60),
  "ا".repeat(250),
  "9".repeat(40),
  "-1e309",
  "NaN",
  '{"a":1}',
  "[]",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "#{7*7}",
  "__proto__",
  "toString",
  ",".repeat(200),
  `BMW${",BMW".repeat(60)}`,
  "a".repeat(3_000),
];

/** Sends bytes unchanged and returns everything received until the connection closes. */
function raw(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      answer += piece;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(answer) : reject(error),
    );
  });
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe("the API against hostile requests", () => {
  const { api, database, get, server, withToken } = useListeningApi();

  test("any value of any parameter is either read as text or rejected with 400, and changes nothing", async () => {
    const value = fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: "binary", maxLength: 60 }));
    const parameters = fc.array(
      fc.tuple(
        fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: value }),
        value,
      ),
      {
        maxLength: 4,
      },
    );
    const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        const search = pairs.map(([name, text]) => `${encoded(name)}=${encoded(text)}`).join("&");
        const { status, body } = await api().ask(`/offers?${search}`);
        expect([200, 400, 414]).toContain(status);
        if (status === 400) {
          expect(body.errors.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1_000, seed: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        value.filter((text) => text !== ""),
        async (text) => {
          const { status } = await api().ask(`/offers/${encoded(text)}`);
          expect([200, 400, 404]).toContain(status);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
    const { rows } = await database().query<{ count: number }>(
      "select count(*)::int as count from processed_data",
    );
    expect(rows).toEqual([{ count: 200 }]);
    expect(api().lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
    expect(api().lines.filter((line) => / 500 \d+ B/.test(line))).toEqual([]);
  });

  test("every hostile text in every parameter gets a regular response", async () => {
    for (const name of NAMES) {
      for (const text of EVIL) {
        const { status } = await api().ask(`/offers?${name}=${encodeURIComponent(text.toWellFormed())}`);
        expect([200, 400, 414]).toContain(status);
      }
    }
  });

  test("a repeated parameter is named", async () => {
    for (const name of NAMES) {
      const { status, body } = await api().ask(`/offers?${name}=1&${name}=2`);
      expect(status).toBe(400);
      expect(body.errors.map(({ parameter }: { parameter: string }) => parameter)).toContain(name);
    }
  });

  test("an overlong query is 414, an overlong request head 431", async () => {
    expect((await get(`offers?q=${"a".repeat(5_000)}`, withToken())).status).toBe(414);
    expect(
      statusOf(await raw(server().port, `GET /offers?q=${"a".repeat(30_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)),
    ).toBe(431);
    const headers = Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${index}`).join("\r\n");
    expect(statusOf(await raw(server().port, `GET /offers HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`))).toBe(
      431,
    );
  });

  test.each([
    "GET /offers\r\n\r\n",
    "GARBAGE\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000",
    "GET /offers HTTP/1.1\r\n\r\n",
    "GET /offers HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /offers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\nX: b\r\n\r\n",
    "GET /offers HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
    "GET http://elsewhere.example/offers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET //elsewhere.example/offers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /offers/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /offers/..%2f..%2fetc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "TRACE /offers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "PROPFIND /offers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  ])("%j gets a regular error response", async (request) => {
    const status = statusOf(await raw(server().port, request));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect((await get("health")).status).toBe(200);
  });

  test("a GET with a body is rejected, and the body is not read", async () => {
    const head = `GET /offers HTTP/1.1\r\nHost: a\r\nX-API-Key: ${api().token}\r\n`;
    for (const request of [
      `${head}Content-Length: 1000000000\r\n\r\n${"x".repeat(1_000)}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    ]) {
      const answer = await raw(server().port, request);
      expect(statusOf(answer)).toBe(400);
      expect(answer.toLowerCase()).toContain("connection: close");
      expect(answer).toContain("must not have a body");
    }
  });

  test("two pipelined requests in one packet get two responses", async () => {
    const one = `GET /health HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answer = await raw(
      server().port,
      `${one}${one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}`,
    );
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test("headers cannot be injected into a response", async () => {
    const nasty = 'a\u00e9;b=c, d"e';
    const answer = await raw(
      server().port,
      Buffer.from(
        `GET /offers?mark=%0d%0aX-Evil:1 HTTP/1.1\r\nHost: a\r\nX-API-Key: ${api().token}\r\nX-Request-Id: ${nasty}\r\nOrigin: ${nasty}\r\nConnection: close\r\n\r\n`,
        "latin1",
      ),
    );
    expect(statusOf(answer)).toBe(400);
    expect(answer.split("\r\n\r\n")[0]?.toLowerCase()).not.toContain("x-evil");
    expect(answer).not.toContain(nasty);
  });
});
