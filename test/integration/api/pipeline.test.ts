import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { createApiHandler } from "../../../src/api/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(250, { seed: 11 })];
const SHOWN = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);

onEachDatabase("every request", ({ database, engine }) => {
  const ready = async (options: Parameters<typeof openApi>[1] = {}) => {
    await insertListings(database(), ROWS);
    return openApi(database(), options);
  };

  test("If-None-Match gives 304 without a body until the data changes", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const api = await ready();
    for (const path of [
      "/offers",
      "/offers?lang=ru&page=2",
      "/filters",
      `/offers/${SHOWN[0]?.inner_id}`,
      "/openapi.json",
    ]) {
      const before = await api.ask(path);
      const etag = before.headers.get("etag") ?? "";
      expect(before.headers.get("cache-control")).toBe("private, no-cache");
      const again = await api.ask(path, { headers: { "if-none-match": `"other", W/${etag}` } });
      expect(again).toMatchObject({ status: 304, text: "" });
      expect(again.headers.get("etag")).toBe(etag);
    }
    const etag = (await api.ask("/offers")).headers.get("etag") ?? "";
    await insertListings(database(), listings(1, { seed: 1, first: 90_000 }));
    vi.advanceTimersByTime(2_000);
    const changed = await api.ask("/offers", { headers: { "if-none-match": etag } });
    expect(changed.status, api.lines.slice(-3).join("\n")).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  test("If-None-Match: * gives 304 for an existing listing, and 404 for a missing one", async () => {
    const api = await ready();
    const headers = { "if-none-match": "*" };
    for (const path of ["/offers", "/filters", `/offers/${SHOWN[0]?.inner_id}`, "/docs/page.js"]) {
      const { status, text, headers: sent } = await api.ask(path, { headers });
      expect([path, status, text]).toEqual([path, 304, ""]);
      expect(sent.get("etag")).toMatch(/^".+"$/);
    }
    expect((await api.ask("/offers/nothing", { headers })).status).toBe(404);
  });

  test("every path has its own entity tag", async () => {
    const api = await ready();
    const tags = new Set<string | null>();
    const paths = [
      "/offers",
      "/offers?lang=ru",
      "/offers?page=2",
      "/offers?limit=5",
      "/filters",
      `/offers/${SHOWN[0]?.inner_id}`,
    ];
    for (const path of paths) {
      tags.add((await api.ask(path)).headers.get("etag"));
    }
    expect(tags.size).toBe(paths.length);
  });

  test("two servers on the same data issue the same entity tags", async () => {
    const [one, other] = [await ready(), await openApi(database())];
    expect((await one.ask("/offers?mark=Audi")).headers.get("etag")).toBe(
      (await other.ask("/offers?mark=Audi")).headers.get("etag"),
    );
  });

  test("a gzip response has the same content and its own entity tag", async () => {
    const api = await ready();
    for (const path of ["/offers?limit=100", "/filters"]) {
      const plain = await api.ask(path);
      const zipped = await api.app.request(path, {
        headers: { authorization: `Bearer ${api.token}`, "accept-encoding": "br, gzip" },
      });
      expect(zipped.headers.get("content-encoding")).toBe("gzip");
      expect(zipped.headers.get("vary")).toContain("accept-encoding");
      expect(zipped.headers.get("etag")).not.toBe(plain.headers.get("etag"));
      const bytes = Buffer.from(await zipped.arrayBuffer());
      expect(bytes.length).toBe(Number(zipped.headers.get("content-length")));
      expect(gunzipSync(bytes).toString()).toBe(plain.text);
      expect(bytes.length).toBeLessThan(plain.text.length / 2);
      const again = await api.ask(path, { headers: { "if-none-match": zipped.headers.get("etag") ?? "" } });
      expect(again.status).toBe(304);
    }
  });

  test("HEAD returns the headers of GET without the body", async () => {
    const api = await ready();
    for (const path of ["/offers", "/filters", "/health", "/offers/nothing", "/docs"]) {
      const [get, head] = [
        await api.app.request(path, { headers: { "x-api-key": api.token } }),
        await api.ask(path, { method: "HEAD" }),
      ];
      expect(head.status).toBe(get.status);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
      if (get.status === 200) {
        expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
        expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
      }
    }
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "%s is 405 with the allowed methods",
    async (method) => {
      const api = await ready();
      for (const path of ["/offers", "/offers/1", "/health"]) {
        const { status, headers, body } = await api.ask(path, { method });
        expect(status).toBe(405);
        expect(headers.get("allow")).toBe("GET, HEAD");
        expect(body.code).toBe("method_not_allowed");
      }
    },
  );

  test.each(["GET", "POST", "DELETE", "OPTIONS"])("%s of an unknown path is 404", async (method) => {
    const api = await ready({ mirror: true });
    const [mirror] = await api.tokens.create({ scopes: ["mirror"] });
    for (const path of ["/nothing", "/offers/1/2", "/api/v2/mobile/offers"]) {
      const token = path.startsWith("/api") ? mirror?.token : api.token;
      const response = await api.app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        body: method === "POST" ? "{}" : null,
      });
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.has("allow")).toBe(false);
    }
  });

  test("every path requires a token, unknown ones included", async () => {
    const api = await ready();
    for (const path of [
      "/offers",
      "/offers/1",
      "/filters",
      "/stats",
      "/health",
      "/openapi.json",
      "/nothing",
      "/docsx",
      "/offers/1/2",
    ]) {
      const { status, headers, body } = await api.ask(path, { headers: { authorization: "" } });
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe('Bearer realm="che168-sync"');
      expect(body).toMatchObject({ code: "unauthorized", detail: expect.stringContaining("X-API-Key") });
      expect(headers.has("ratelimit")).toBe(false);
    }
    expect(await api.ask("/nothing")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  test("a token is accepted in either header", async () => {
    const api = await ready();
    expect((await api.ask("/stats", { headers: { authorization: "", "x-api-key": api.token } })).status).toBe(
      200,
    );
    expect((await api.ask("/stats", { headers: { authorization: `bearer ${api.token}` } })).status).toBe(200);
  });

  test("a revoked or expired token gets the same response as a wrong one", async () => {
    const api = await ready();
    const [short] = await api.tokens.create({ expiresAt: new Date(Date.now() - 1_000) });
    const [gone] = await api.tokens.create({});
    await api.tokens.revoke(gone?.token ?? "");
    const replies = [];
    for (const token of [short?.token, gone?.token, "a".repeat(16), "short", "x".repeat(5_000)]) {
      const { status, body } = await api.ask("/stats", { headers: { authorization: `Bearer ${token}` } });
      const { request_id, ...rest } = body;
      replies.push({ status, ...rest });
    }
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(replies[0]?.status).toBe(401);
  });

  test("every response has the rate limit, which is counted per token", async () => {
    const api = await ready({ rateLimit: { points: 5, durationSec: 60 } });
    // openApi made one request.
    for (const left of [3, 2, 1, 0]) {
      const { status, headers } = await api.ask("/offers");
      expect(status).toBe(200);
      expect(headers.get("ratelimit-policy")).toBe('"default";q=5;w=60');
      expect(headers.get("ratelimit")).toMatch(new RegExp(`^"default";r=${left};t=(?:60|59|58|57|56|55)$`));
    }
    const { status, headers, body } = await api.ask("/offers");
    expect(status).toBe(429);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(body.code).toBe("too_many_requests");
    const [other] = await api.tokens.create({});
    expect((await api.ask("/offers", { headers: { authorization: `Bearer ${other?.token}` } })).status).toBe(
      200,
    );
  });

  test("CORS allows the configured origins only", async () => {
    const api = await ready({ cors: { origins: ["https://site.example"] } });
    const from = (origin: string, more: Record<string, string> = {}) => ({ headers: { origin, ...more } });
    const allowed = await api.ask("/offers", from("https://site.example"));
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://site.example");
    expect(allowed.headers.get("access-control-expose-headers")).toContain("ratelimit");
    expect(allowed.headers.get("vary")).toContain("origin");
    for (const origin of ["https://evil.example", "https://site.example.evil", "null"]) {
      expect((await api.ask("/offers", from(origin))).headers.has("access-control-allow-origin")).toBe(false);
    }
    const preflight = (origin: string) =>
      api.ask("/offers", {
        method: "OPTIONS",
        headers: { origin, authorization: "", "access-control-request-method": "GET" },
      });
    const allowedPreflight = await preflight("https://site.example");
    expect(allowedPreflight.status).toBe(204);
    expect(allowedPreflight.headers.get("access-control-allow-headers")).toContain("authorization");
    // Once: browsers reject "https://site.example, https://site.example".
    expect(allowedPreflight.headers.get("access-control-allow-origin")).toBe("https://site.example");
    expect((await preflight("https://evil.example")).headers.has("access-control-allow-origin")).toBe(false);
    // A page can read why its request was rejected.
    const refused = await api.ask("/offers", from("https://site.example", { authorization: "" }));
    expect(refused.headers.get("access-control-allow-origin")).toBe("https://site.example");
  });

  test("CORS allows no origin by default", async () => {
    const api = await ready();
    expect(
      (await api.ask("/offers", { headers: { origin: "https://a.example" } })).headers.has(
        "access-control-allow-origin",
      ),
    ).toBe(false);
  });

  test("each request is one log line with its id and without the token", async () => {
    const api = await ready();
    const requests: { path: string; headers: Record<string, string> }[] = [
      { path: "/offers?mark=Audi", headers: { "x-request-id": "trace-1" } },
      { path: `/offers?q=${api.token}`, headers: {} },
      { path: `/offers/${api.token}`, headers: {} },
      { path: `/offers?token=${api.token}`, headers: {} },
      { path: `/${api.token}?${api.token}`, headers: {} },
      { path: "/offers", headers: { "x-request-id": api.token, "x-api-key": api.token, referer: api.token } },
      { path: `/offers?mark=${encodeURIComponent("a\r\n[ERROR] forged")}`, headers: {} },
      { path: `/offers/%ff${api.token}`, headers: {} },
    ];
    for (const { path, headers } of requests) {
      const before = api.lines.length;
      const reply = await api.ask(path, { headers });
      const [line, ...more] = api.lines.slice(before);
      expect(more).toEqual([]);
      expect(line).toContain(reply.headers.get("x-request-id"));
      expect(line).toContain(` ${reply.status} `);
      expect(line).not.toContain("\n");
      expect(line).not.toContain("forged");
    }
    expect(api.lines.join("\n")).not.toContain(api.token);
    expect(api.lines.find((line) => line.includes("trace-1"))).toMatch(
      /^GET \/offers\?mark=Audi 200 \d+ B \d+\.\d ms, token \d+, /,
    );
  });

  test("an undecodable path takes the path of every request: token, limit, log", async () => {
    const api = await ready();
    expect((await api.app.request("/offers/%ff")).status).toBe(401);
    const refused = await api.ask("/offers/%ff");
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toContain("percent-encoded");
    expect(refused.headers.has("ratelimit")).toBe(true);
    expect(api.lines.at(-1)).toMatch(/^GET \(undecodable path\) 400 .*, token \d+, /);
  });

  test("rate limits can be shared by several processes in PostgreSQL", async () => {
    const options = { rateLimit: { points: 4, store: "postgres" as const } };
    if (engine === "pglite") {
      const tokens = createTokens({ database: database() });
      expect(() => createApiHandler({ database: database(), tokens, options })).toThrow(
        /api\.rateLimit\.store/,
      );
      return;
    }
    const [one, other] = [await ready(options), await openApi(database(), options)];
    const ask = (api: typeof one) => api.ask("/stats", { headers: { authorization: `Bearer ${one.token}` } });
    const statuses = [];
    for (const api of [one, other, other, one, other]) {
      statuses.push((await ask(api)).status);
    }
    // openApi made the first of four.
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await database().query("delete from api_rate_limits");
    expect((await ask(other)).status).toBe(200);
  });
});
