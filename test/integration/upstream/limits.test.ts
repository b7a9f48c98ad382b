import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  failureOf,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

type Answers = Parameters<typeof startService>;

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
    const { client, told } = startClient(service, { timeoutMs: 1_500 });
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(told.waits).toMatchObject([{ attempt: 1, reason: "no complete response within 1500 ms" }]);
  });

  test("keeps a received status: 503 with an endless body is 503", async () => {
    const service = await startService((response) => {
      response.writeHead(503);
      response.flushHeaders();
    });
    const { client } = startClient(service, { ...options, timeoutMs: 1_500 });
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
