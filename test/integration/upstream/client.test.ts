import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createClient } from "../../../src/upstream/index.ts";
import {
  failureOf,
  KEY,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

const LISTING = { inner_id: "7", mark: "BMW", price: 31800 };

describe("every request", () => {
  test("goes to its path with the key and its parameters", async () => {
    const service = await startService(
      reply({ mark: { BMW: { model: ["X5"] } } }),
      reply(offersPage(3)),
      reply({ change_id: "892145" }),
      reply({ result: [{}], meta: { cur_change_id: 5, next_change_id: 25 } }),
      reply({ result: LISTING }),
      reply({ inner_id: "7", data: LISTING }),
    );
    const { client, told } = startClient(service);

    expect(await client.filters()).toEqual({ mark: { BMW: { model: ["X5"] } } });
    const filters = { mark: "Land Rover & Co", year_from: 2020, price_to: "9000" };
    expect(await client.offersPage(3, { filters })).toMatchObject({ page: 3, nextPage: 4 });
    expect(await client.changeId("2026-11-24")).toBe(892145);
    expect(await client.changesPage(5)).toMatchObject({ changeId: 5, nextChangeId: 25, records: [{}] });
    expect(await client.offer("7")).toEqual({ text: JSON.stringify(LISTING), data: LISTING });
    const address = "https://www.che168.com/dealer/1/7.html";
    expect(await client.offerInfo(address)).toEqual({ text: JSON.stringify(LISTING), data: LISTING });

    const asked = service.requests.map(({ method, url }) => [
      `${method} ${url.pathname}`,
      Object.fromEntries(url.searchParams),
    ]);
    expect(asked).toEqual([
      ["GET /api/v2/che168/filters", {}],
      [
        "GET /api/v2/che168/offers",
        { page: "3", mark: "Land Rover & Co", year_from: "2020", price_to: "9000" },
      ],
      ["GET /api/v2/che168/change_id", { date: "2026-11-24" }],
      ["GET /api/v2/che168/changes", { change_id: "5" }],
      ["GET /api/v2/che168/offer", { inner_id: "7" }],
      ["POST /api/v1/offer/info", {}],
    ]);
    const last = service.requests.at(-1);
    expect(last?.headers).toMatchObject({ "content-type": "application/json" });
    expect(JSON.parse(last?.body ?? "")).toEqual({ url: address });
    expect(service.requests.map(({ headers }) => headers["x-api-key"])).toEqual(Array(6).fill(KEY));
    expectNoKey(told, client);
  });

  test("reuses a kept-alive connection", async () => {
    const service = await startService((response, _request, index) =>
      reply(offersPage(index + 1))(response, _request, index),
    );
    const { client } = startClient(service);
    for (let page = 1; page <= 5; page += 1) {
      await client.offersPage(page);
    }
    expect(new Set(service.requests.map(({ port }) => port)).size).toBe(1);
  });

  test.each([
    ["page 0", "offersPage", 0],
    ["page 1.5", "offersPage", 1.5],
    ["position -1", "changesPage", -1],
    ["position NaN", "changesPage", Number.NaN],
    ["a day in another order", "changeId", "24.11.2026"],
    ["a day that does not exist", "changeId", "2026-02-30"],
    ["an empty inner_id", "offer", ""],
    ["an empty address", "offerInfo", ""],
  ] as const)("with %s is rejected before it is sent", async (_name, method, argument) => {
    const service = await startService(reply({}));
    const { client } = startClient(service);
    const ask = client[method] as (argument: unknown) => Promise<unknown>;
    expect(await failureOf(ask(argument))).toMatchObject({ code: "USAGE" });
    expect(service.requests).toHaveLength(0);
  });
});

describe("the next page named in a response", () => {
  const named = async (body: object | string) => {
    const service = await startService(reply(body), reply(offersPage(1)));
    const { client } = startClient(service);
    const told: number[] = [];
    const onNextPage = async (page: number) => {
      told.push(page);
    };
    return { told, page: await client.offersPage(1, { onNextPage }) };
  };
  const answer = (meta: object) => ({ ...offersPage(1), meta });

  test("is reported before the response is parsed", async () => {
    expect((await named(answer({ page: 1, next_page: 2 }))).told).toEqual([2]);
    expect((await named(answer({ page: 1, next_page: "2", limit: 20 }))).told).toEqual([2]);
    // An invalid response reports it too; the call returns the result of the next attempt.
    const { told, page } = await named('{"result":[{],"meta":{"next_page" : 2}}');
    expect({ told, nextPage: page.nextPage }).toEqual({ told: [2, 2], nextPage: 2 });
  });

  test("is not reported unless it is the following page", async () => {
    expect((await named(answer({ page: 1, next_page: null }))).told).toEqual([]);
    expect((await named(answer({ page: 1, next_page: 21 }))).told).toEqual([]);
  });
});

describe("a response", () => {
  const page = { ...offersPage(1), note: "белый 杜绝重大事故 😀" };
  const json = JSON.stringify(page);
  const bytes = Buffer.from(json);

  test.each([
    ["gzip", gzipSync(bytes), { "content-encoding": "gzip" }],
    ["deflate", deflateSync(bytes), { "content-encoding": "deflate" }],
    ["raw deflate", deflateRawSync(bytes), { "content-encoding": "deflate" }],
    ["br", brotliCompressSync(bytes), { "content-encoding": "br" }],
    ["gzip within br", brotliCompressSync(gzipSync(bytes)), { "content-encoding": "gzip, br" }],
    ["content-type text/html", bytes, { "content-type": "text/html" }],
    ["content-type image/png", bytes, { "content-type": "image/png" }],
    ["content-type text/event-stream", bytes, { "content-type": "text/event-stream" }],
    ["a broken content-type", bytes, { "content-type": ";;=" }],
    ["charset windows-1251", bytes, { "content-type": "application/json; charset=windows-1251" }],
    ["charset gb2312", bytes, { "content-type": "application/json; charset=gb2312" }],
    ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]), {}],
  ])("with %s is read correctly", async (_name, body, headers) => {
    const service = await startService(reply(body, 200, headers as Record<string, string>));
    const { client, told } = startClient(service);
    const answer = await client.offersPage(1);
    expect(answer).toMatchObject({ text: json, records: page.result, page: 1, nextPage: 2 });
    expect(told).toEqual({ logs: [], waits: [] });
  });

  test("in many chunks, cut within characters, is read correctly", async () => {
    const service = await startService((response) => {
      response.writeHead(200);
      for (let start = 0; start < bytes.length; start += 7) {
        response.write(bytes.subarray(start, start + 7));
      }
      response.end();
    });
    const { client } = startClient(service);
    expect((await client.offersPage(1)).text).toBe(json);
  });

  test("with invalid UTF-8 keeps everything else and logs a warning", async () => {
    const broken = Buffer.concat([
      Buffer.from('{"result":["a'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('b"],'),
    ]);
    const service = await startService(
      reply(Buffer.concat([broken, Buffer.from('"meta":{"page":1,"next_page":null}}')])),
    );
    const { client, told } = startClient(service);
    expect((await client.offersPage(1)).records).toEqual(["a\ufffd\ufffdb"]);
    expect(told.logs).toEqual([expect.stringMatching(/^warn Page 1 of the catalogue .*not valid UTF-8/)]);
  });

  test("keeps its text unchanged: long numbers, numbers out of range, escapes", async () => {
    const text =
      '{ "result": [{"a": 12345678901234567890, "b": 1e400, "c": "\\u0000\\ud800", "d": 1.0}],\n "meta":{"page":1,"next_page":null} }';
    const service = await startService(reply(text));
    const { client } = startClient(service);
    expect((await client.offersPage(1)).text).toBe(text);
  });
});

describe("a listing that the service does not have", () => {
  test.each([
    ["404", reply({ error: "not found" }, 404)],
    ["404 with HTML", reply("<title>Not found</title>", 404)],
    ["410", reply("", 410)],
    ["200 with result null", reply({ result: null })],
    ["200 with an empty list", reply({ result: [] })],
    ["200 with another listing", reply({ result: { inner_id: "8", mark: "Audi" } })],
  ])("is null: %s", async (_name, answer) => {
    const service = await startService(answer);
    const { client } = startClient(service);
    expect(await client.offer("7")).toBeNull();
    expect(service.requests).toHaveLength(1);
  });
});

test("a day without a change yet is null, not an error", async () => {
  const service = await startService(reply({ error: "not found" }, 404), reply({ change_id: null }));
  const { client } = startClient(service);
  expect(await client.changeId("2026-11-24")).toBeNull();
  expect(await client.changeId("2026-11-24")).toBeNull();
});

describe("a closed client", () => {
  test("aborts running calls and rejects later ones", async () => {
    const service = await startService(() => {});
    const { client } = startClient(service);
    const pending = failureOf(client.offersPage(1));
    await expect.poll(() => service.requests.length).toBe(1);
    await client.close();
    expect(await pending).toMatchObject({ name: "AbortError" });
    expect(await failureOf(client.filters())).toMatchObject({ name: "AbortError" });
    await client.close();
    expect(service.requests).toHaveLength(1);
  });

  test("does not affect another client of the process", async () => {
    const service = await startService(reply(offersPage(1)));
    const [one, other] = [startClient(service), startClient(service)];
    await one.client.close();
    expect((await other.client.offersPage(1)).nextPage).toBe(2);
  });
});

test("the package entry creates a client that prints nothing", async () => {
  const service = await startService(reply("nonsense"), reply(offersPage(1)));
  const client = createClient({
    baseUrl: service.baseUrl,
    apiKey: KEY,
    offersIntervalMs: 0,
    retry: { attempts: 2, intervalMs: 0 },
  });
  expect((await client.offersPage(1)).nextPage).toBe(2);
  await client.close();
});
