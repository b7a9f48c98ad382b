import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiProxy } from "../../../src/api-proxy/index.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { startServer } from "../../../src/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

let database: Database;
let drop = async () => {};
let api: ApiUnderTest;
const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(2_000)]);

beforeAll(async () => {
  const fresh = await freshServerDatabase();
  drop = fresh.drop;
  database = await createDatabase({ url: fresh.url });
  await insertListings(database, [...listings(60)]);
  await database.query(
    `update processed_data set images = '["https://2sc2.autoimg.cn/escimg/auto/1024x768_c42_autohomecar__A.jpg"]'`,
  );
  api = await openApi(
    database,
    { images: true },
    { fetchPicture: async () => ({ status: 200, body: new Blob([PICTURE]).stream() }) },
  );
});
afterAll(async () => {
  await database?.close();
  await drop();
});

type Options = Parameters<typeof createApiProxy>[0];

/** A proxy in front of the API, with the requests that reach it. */
function open(options: Partial<Options> = {}) {
  const requests: Request[] = [];
  const handler = {
    fetch: (request: Request) => {
      requests.push(request);
      return api.app.fetch(request);
    },
  };
  const proxy = createApiProxy({ handler, token: api.token, ...options });
  const ask = (path: string, init: RequestInit = {}) =>
    proxy.fetch(new Request(`https://cars.example${path}`, init));
  return {
    proxy,
    ask,
    requests,
    paths: () => requests.map(({ url }) => url.replace("http://localhost", "")),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: tests read it freely
const jsonOf = async (response: Response): Promise<any> => response.json();

describe("a browser behind the proxy", () => {
  test("reads lists, listings, facets and pictures without a token", async () => {
    const { ask } = open({ basePath: "/api" });
    const page = await ask("/api/offers?limit=3&sort=price&lang=ru");
    expect(page.status).toBe(200);
    const { result, meta } = (await page.json()) as { result: { inner_id: string }[]; meta: object };
    expect([result.length, meta]).toEqual([3, expect.objectContaining({ limit: 3 })]);
    const [card] = result;
    expect((await ask(`/api/offers/${card?.inner_id}`)).status).toBe(200);
    expect(await (await ask("/api/filters?lang=ru")).json()).toHaveProperty("total");
    const picture = await ask(`/api/images/${card?.inner_id}/0?size=card`);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PICTURE);
    expect(picture.headers.get("content-type")).toBe("image/jpeg");
  });

  test("does so from an API elsewhere, too", async () => {
    const server = await startServer({ handler: api.app, port: 0 });
    const { ask } = open({ handler: undefined, baseUrl: server.url });
    expect((await jsonOf(await ask("/offers?limit=2"))).result).toHaveLength(2);
    const page = await ask("/offers?limit=20", { headers: { "accept-encoding": "gzip" } });
    expect(page.headers.get("content-encoding")).toBe("gzip");
    const text = await new Response(page.body?.pipeThrough(new DecompressionStream("gzip"))).text();
    expect(JSON.parse(text).result).toHaveLength(20);
    await server.close();
  });

  test("gets the problem documents of the API", async () => {
    const { ask } = open();
    const refused = await ask("/offers?sort=colour");
    expect([refused.status, (await jsonOf(refused)).errors[0].parameter]).toEqual([400, "sort"]);
    expect((await ask("/offers/none")).status).toBe(404);
  });

  test.each([
    "/stats",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/health",
    "/export",
    "/changes",
    "/offers/a/b",
    "/",
  ])("does not reach %s", async (path) => {
    const { ask, requests } = open();
    expect((await ask(path)).status).toBe(404);
    expect(requests).toEqual([]);
  });

  test("reaches only the paths that the site allows, below its own path", async () => {
    const { ask, paths } = open({ allow: ["/filters"], basePath: "/api" });
    expect((await ask("/api/filters")).status).toBe(200);
    for (const path of ["/api/offers", "/filters", "/apifilters", "/api/%66ilters", "/api/../filters"]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect(paths()).toEqual(["/filters"]);
  });

  test("sends neither cookies nor other headers to the API, and gets none of its limits", async () => {
    const { ask, requests } = open();
    const response = await ask("/offers", {
      headers: { cookie: "session=1", authorization: "Bearer other", "x-forwarded-for": "1.2.3.4" },
    });
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({ authorization: `Bearer ${api.token}` });
    expect([...response.headers.keys()].toSorted()).toEqual(
      [
        "cache-control",
        "content-length",
        "content-type",
        "etag",
        "vary",
        "x-changes-after",
        "x-content-type-options",
      ].toSorted(),
    );
    expect(JSON.stringify([...response.headers])).not.toContain(api.token);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("cannot send %s", async (method) => {
    const { ask, requests } = open();
    const { status, headers } = await ask("/offers", { method });
    expect([status, headers.get("allow"), requests.length]).toEqual([405, "GET, HEAD", 0]);
  });

  test("may send unknown parameters, which are not forwarded", async () => {
    const { ask, paths } = open();
    expect((await ask("/offers?utm_source=mail&sort=price&mark=BMW&q=&api_key=x")).status).toBe(200);
    expect(paths()).toEqual(["/offers?mark=BMW&sort=price"]);
  });
});

describe("responses", () => {
  test("are cached for all clients, whatever the order of the parameters, and revalidated later", async () => {
    const { ask, requests } = open();
    await ask("/offers?sort=price&limit=5");
    await ask("/offers?limit=5&sort=price");
    const head = await ask("/offers?limit=5&sort=price", { method: "HEAD" });
    expect([requests.length, await head.text()]).toEqual([1, ""]);
    const stale = open({ cacheMs: 0 });
    const first = await stale.ask("/offers?limit=5");
    const second = await stale.ask("/offers?limit=5");
    expect(await second.text()).toBe(await first.text());
    expect(stale.requests.map(({ headers }) => headers.get("if-none-match"))).toEqual([
      null,
      expect.stringMatching(/^".+"$/),
    ]);
    const etag = first.headers.get("etag") ?? "";
    const unchanged = await stale.ask("/offers?limit=5", { headers: { "if-none-match": etag } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
  });

  test("of concurrent requests for one selection are one request to the API", async () => {
    const { ask, requests } = open();
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask("/offers?limit=4")));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(requests).toHaveLength(1);
    expect(new Set(await Promise.all(replies.map((reply) => reply.text()))).size).toBe(1);
  });

  test("while the API fails are the last ones, otherwise 503", async () => {
    let down: Response | Error | undefined;
    const handler = {
      fetch: (request: Request) => {
        if (down instanceof Error) {
          throw down;
        }
        return down ?? api.app.fetch(request);
      },
    };
    const warnings: string[] = [];
    const log = (message: string) => void warnings.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const { ask } = open({ handler, cacheMs: 0, logger });
    const before = await (await ask("/offers?limit=2")).text();
    for (const status of [401, 403, 429, 500, 503]) {
      down = new Response("{}", { status, headers: { "retry-after": "7" } });
      expect(await (await ask("/offers?limit=2")).text()).toBe(before);
      down = new Response("{}", { status, headers: { "retry-after": "7" } });
      const other = await ask("/offers?limit=3");
      expect([other.status, other.headers.get("retry-after")], `${status}`).toEqual([503, "7"]);
      expect(await other.text()).not.toContain("token");
    }
    down = new TypeError("fetch failed");
    expect((await ask("/offers?limit=2")).status).toBe(200);
    expect((await ask("/offers?limit=3")).status).toBe(503);
    expect(warnings[0]).toMatch(
      /^The proxy could not forward \/offers.*: the API refuses its token \(401\)$/,
    );
  });
});

describe("the limit", () => {
  test("counts each client address, and an IPv6 network as one", async () => {
    const { ask, requests } = open({ rateLimit: { points: 3 }, trustProxy: 1 });
    const from = async (address: string) =>
      (await ask("/filters", { headers: { "x-forwarded-for": `6.6.6.6, ${address}` } })).status;
    const spent = [];
    for (const address of ["203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.7"]) {
      spent.push(await from(address));
    }
    expect(spent).toEqual([200, 200, 200, 429]);
    expect(await from("203.0.113.8")).toBe(200);
    const network = [];
    for (const address of ["2001:db8::1", "2001:db8::2", "[2001:db8::3]:44", "2001:db8:0:0:9::"]) {
      network.push(await from(address));
    }
    expect(network).toEqual([200, 200, 200, 429]);
    expect(requests).toHaveLength(1);
  });

  test("does not trust a header without a proxy of the site, and names the time to wait", async () => {
    const { ask } = open({ rateLimit: { points: 1, durationSec: 60 } });
    const from = (address: string) => ask("/filters", { headers: { "x-forwarded-for": address } });
    expect((await from("203.0.113.7")).status).toBe(200);
    const refused = await from("203.0.113.8");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
  });
});

test.each<[string, Partial<Options>, string]>([
  ["without an API", { handler: undefined }, "handler"],
  ["with two APIs", { baseUrl: "http://a.example" }, "handler"],
  ["with an invalid address", { handler: undefined, baseUrl: "/api" }, "baseUrl"],
  ["without a token", { token: "" }, "token"],
  ["with a path that is not for browsers", { allow: ["/stats" as "/offers"] }, "allow"],
  ["with an invalid path of its own", { basePath: "/api/" }, "basePath"],
])("a proxy %s is an error", (_, options, key) => {
  expect(() => open(options)).toThrow(new RegExp(`\\b${key}\\b`));
});
