import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { createApiHandler } from "../../../src/api/index.ts";
import { startOperation } from "../../../src/operations/run-log.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { canonicalOf, insertListings, type ListingRow, listings } from "../../support/database/processed.ts";

const ROWS = [...listings(250, { seed: 11 })];
const isShown = (row: ListingRow) => row.active_status === 0 && !row.is_incomplete;
const SHOWN = ROWS.filter(isShown);
const first = (found: ListingRow | undefined): ListingRow => {
  if (found === undefined) {
    throw new Error("The rows of this test have none");
  }
  return found;
};

/** How often each value occurs, most frequent first. */
function counts(rows: readonly ListingRow[], column: keyof ListingRow): { value: unknown; count: number }[] {
  const found = [...Map.groupBy(rows, (row) => row[column])].flatMap(([value, group]) =>
    value === null ? [] : [{ value, count: group.length }],
  );
  return found.toSorted(
    (one, other) => other.count - one.count || (String(one.value) < String(other.value) ? -1 : 1),
  );
}

onEachDatabase("answers of the API", ({ database, engine }) => {
  const ready = async (options: Parameters<typeof openApi>[1] = {}) => {
    await insertListings(database(), ROWS);
    return openApi(database(), options);
  };

  test("a listing is given whole, by its id", async () => {
    const api = await ready();
    const row = first(SHOWN[3]);
    const { status, body } = await api.ask(`/offers/${row.inner_id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...canonicalOf(row), active: true, active_status: 0, is_incomplete: false });
    expect(Date.parse(body.created_at)).toBe(Date.parse(row.created_at));
  });

  test("an inactive listing is given by its id, says so, and is in no list", async () => {
    const api = await ready();
    const row = first(ROWS.find((one) => one.active_status === 1));
    const { body } = await api.ask(`/offers/${row.inner_id}`);
    expect(body).toMatchObject({ inner_id: row.inner_id, active: false, active_status: 1 });
    const list = await api.ask("/offers?limit=100&sort=price");
    expect(list.text).not.toContain(`"${row.inner_id}"`);
  });

  test("an incomplete listing says so, and is in no list", async () => {
    const api = await ready();
    const row = first(ROWS.find((one) => one.active_status === 0 && one.is_incomplete));
    expect((await api.ask(`/offers/${row.inner_id}`)).body).toMatchObject({
      active: true,
      is_incomplete: true,
    });
    const everything = await Promise.all([1, 2, 3].map((page) => api.ask(`/offers?limit=100&page=${page}`)));
    expect(everything.map(({ text }) => text).join("")).not.toContain(`"${row.inner_id}"`);
  });

  test.each(["/offers/nothing", "/offers/%00", "/offers/'%20or%201=1", `/offers/${"9".repeat(300)}`])(
    "%s: there is no such listing",
    async (path) => {
      const api = await ready();
      expect(await api.ask(path)).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  );

  test("a card has what a list shows, as it is in the columns", async () => {
    const api = await ready();
    const { body } = await api.ask("/offers?limit=100");
    for (const card of body.result) {
      const row = first(ROWS.find(({ inner_id }) => inner_id === card.inner_id));
      for (const field of [
        "mark",
        "model",
        "trim",
        "price",
        "km_age",
        "displacement",
        "city",
        "is_dealer",
        "offer_created",
      ] as const) {
        expect(card[field]).toEqual(row[field]);
      }
      expect(card.image).toBe(row.images[0]);
    }
  });

  test("a page past the end is empty", async () => {
    const api = await ready();
    for (const path of [
      "/offers?page=900",
      "/offers?sort=price&page=900",
      "/offers?mark=Nothing",
      "/offers?q=zzzz",
    ]) {
      expect(await api.ask(path)).toMatchObject({
        status: 200,
        body: { result: [], meta: { next_page: null, next_cursor: null } },
      });
    }
  });

  test("lang adds words for codes, marks, places and equipment", async () => {
    const api = await ready();
    const row = first(
      SHOWN.find(
        (one) => one.mark === "Audi" && one.city !== null && one.color !== null && one.district !== null,
      ),
    );
    const place = row.place as Record<string, Record<string, string>>;
    for (const lang of ["en", "ru", "zh"] as const) {
      const mark = { en: "Audi", ru: "Ауди", zh: "奥迪" }[lang];
      const names = {
        mark,
        province: place.province?.[lang],
        city: place.city?.[lang],
        district: place.district?.[lang],
      };
      const { body } = await api.ask(`/offers/${row.inner_id}?lang=${lang}`);
      expect(body.labels).toMatchObject({
        ...names,
        color: expect.any(String),
        options: {
          cruise_control: { en: "Cruise control", ru: "Круиз-контроль", zh: "定速巡航" }[lang] ?? "",
        },
      });
      const list = await api.ask(`/offers?lang=${lang}&limit=100&mark=Audi`);
      const card = list.body.result.find((one: { inner_id: string }) => one.inner_id === row.inner_id);
      expect(card.labels).toMatchObject(names);
      expect(card.labels.color).toBe(body.labels.color);
    }
    expect((await api.ask(`/offers/${row.inner_id}`)).body).not.toHaveProperty("labels");
  });

  test("two cities of one English name have each its own words", async () => {
    const [jiangsu, anhui] = [
      { province: "Jiangsu", city: "Suzhou" },
      { province: "Anhui", city: "Suzhou" },
    ];
    await insertListings(
      database(),
      [jiangsu, anhui].map((names, index) => ({
        ...first(SHOWN[0]),
        ...names,
        inner_id: `suzhou-${index}`,
        district: null,
        place: null,
      })),
    );
    const api = await openApi(database());
    const { body } = await api.ask("/offers?city=Suzhou&lang=zh");
    expect(
      Object.fromEntries(
        body.result.map((one: { province: string; labels: { city: string } }) => [
          one.province,
          one.labels.city,
        ]),
      ),
    ).toEqual({
      Jiangsu: "苏州市",
      Anhui: "宿州市",
    });
    const filters = await api.ask("/filters?lang=zh");
    expect(filters.body.city).toEqual([
      { value: "Suzhou", count: 1, province: expect.any(String), label: expect.any(String) },
      { value: "Suzhou", count: 1, province: expect.any(String), label: expect.any(String) },
    ]);
    expect(new Set(filters.body.city.map((one: { label: string }) => one.label)).size).toBe(2);
  });

  test("/filters counts every value in use among the listings of lists", async () => {
    const api = await ready();
    const { body } = await api.ask("/filters?lang=ru");
    const bare = (list: { value: string; count: number }[]) =>
      list.map(({ value, count }) => ({ value, count }));
    for (const column of [
      "color",
      "body_type",
      "engine_type",
      "transmission_type",
      "drive_type",
      "seller_type",
      "mark",
      "province",
    ] as const) {
      expect(bare(body[column])).toEqual(counts(SHOWN, column));
    }
    for (const { value, models } of body.mark) {
      expect(models).toEqual(
        counts(
          SHOWN.filter(({ mark }) => mark === value),
          "model",
        ),
      );
    }
    const cities = SHOWN.filter(({ city }) => city !== null);
    expect(body.city.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(
      cities.length,
    );
    const prices = SHOWN.flatMap(({ price }) => price ?? []);
    expect(body.ranges.price).toEqual({ min: Math.min(...prices), max: Math.max(...prices) });
    expect(body.total).toBe(SHOWN.length);
    expect(body.color[0].label).toMatch(/[а-я]/);
  });

  test("every count of /filters is what the list with this filter has", async () => {
    const api = await ready();
    const { body } = await api.ask("/filters");
    for (const column of ["mark", "color", "drive_type", "province"]) {
      for (const { value, count } of body[column].slice(0, 5)) {
        let found = 0;
        for (let page: number | null = 1; page !== null; ) {
          const list = await api.ask(
            `/offers?${new URLSearchParams({ [column]: value, limit: "100", page: String(page) })}`,
          );
          found += list.body.result.length;
          page = list.body.meta.next_page;
        }
        expect([column, value, found]).toEqual([column, value, count]);
      }
    }
  });

  test("an empty table is answered too", async () => {
    const api = await openApi(database());
    expect((await api.ask("/offers")).body).toEqual({
      result: [],
      meta: { page: 1, next_page: null, limit: 20, next_cursor: null },
    });
    expect((await api.ask("/filters?lang=en")).body).toMatchObject({
      mark: [],
      total: 0,
      ranges: { price: { min: null } },
    });
    expect((await api.ask("/stats")).body).toMatchObject({ listings: { total: 0 }, newest_listing_at: null });
  });

  test("/stats tells counts and operations, and no text of an error", async () => {
    const api = await ready();
    await database().query(
      `insert into operations_log (operation_type, started_at, duration, status, details)
       values ('data_fetch', '2026-11-23T03:00:00Z', 61, 'ERROR', '{"loaded": 5, "error": "secret.example is down"}'),
              ('normalization', '2026-11-23T03:05:00Z', 7, 'OK', '{"processed": 12, "errors": 0}')`,
    );
    const { body, text } = await api.ask("/stats");
    expect(body.listings).toEqual({
      total: ROWS.length,
      active: ROWS.filter((row) => row.active_status === 0).length,
      inactive: ROWS.filter((row) => row.active_status === 1).length,
      incomplete: ROWS.filter((row) => row.active_status === 0 && row.is_incomplete).length,
      listed: SHOWN.length,
    });
    expect(body.operations).toMatchObject([
      { type: "normalization", status: "OK", duration: 7, details: { processed: 12, errors: 0 } },
      { type: "data_fetch", status: "ERROR", started_at: "2026-11-23T03:00:00Z", details: { loaded: 5 } },
    ]);
    expect(text).not.toContain("secret.example");
  });

  test("/stats tells what is running", async () => {
    const lock = await database().lock(["normalization"], "a test");
    try {
      await startOperation(database(), "normalization", {});
      const api = await openApi(database());
      expect((await api.ask("/stats")).body.operations).toMatchObject([
        { type: "normalization", state: "running" },
      ]);
    } finally {
      await lock.release();
    }
  });

  test("nothing has changed: 304 without a body, until something does", async () => {
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

  test("a tag of one address is not taken at another", async () => {
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

  test("two servers on the same data give the same tags", async () => {
    const [one, other] = [await ready(), await openApi(database())];
    expect((await one.ask("/offers?mark=Audi")).headers.get("etag")).toBe(
      (await other.ask("/offers?mark=Audi")).headers.get("etag"),
    );
  });

  test("a whole answer is compressed for who asks, with a tag of its own", async () => {
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

  test("HEAD tells what GET would, without the body", async () => {
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
    "%s is refused and told what is allowed",
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

  test("every address asks for a token, also those that are not there", async () => {
    const api = await ready();
    for (const path of [
      "/offers",
      "/offers/1",
      "/filters",
      "/stats",
      "/health",
      "/openapi.json",
      "/",
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

  test("both ways to send a token are taken", async () => {
    const api = await ready();
    expect((await api.ask("/stats", { headers: { authorization: "", "x-api-key": api.token } })).status).toBe(
      200,
    );
    expect((await api.ask("/stats", { headers: { authorization: `bearer ${api.token}` } })).status).toBe(200);
  });

  test("a revoked or expired token is refused in the same words as a wrong one", async () => {
    const api = await ready();
    const [short] = await api.tokens.create({ expiresAt: new Date(Date.now() - 1_000) });
    const [gone] = await api.tokens.create({});
    await api.tokens.revoke(gone?.token ?? "");
    const answers = [];
    for (const token of [short?.token, gone?.token, "a".repeat(16), "short", "x".repeat(5_000)]) {
      const { status, body } = await api.ask("/stats", { headers: { authorization: `Bearer ${token}` } });
      const { request_id, ...rest } = body;
      answers.push({ status, ...rest });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  test("the limit of requests is told in every answer, and kept for each token by itself", async () => {
    const api = await ready({ rateLimit: { points: 5, durationSec: 60 } });
    // One request was made for the description.
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

  test("web pages of the configured origins may read answers, others may not", async () => {
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
    const asked = await preflight("https://site.example");
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
    // Once: "https://site.example, https://site.example" is what browsers refuse.
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://site.example");
    expect((await preflight("https://evil.example")).headers.has("access-control-allow-origin")).toBe(false);
    // A page may read why it was refused.
    const refused = await api.ask("/offers", from("https://site.example", { authorization: "" }));
    expect(refused.headers.get("access-control-allow-origin")).toBe("https://site.example");
  });

  test("without configuration no web page may read answers", async () => {
    const api = await ready();
    expect(
      (await api.ask("/offers", { headers: { origin: "https://a.example" } })).headers.has(
        "access-control-allow-origin",
      ),
    ).toBe(false);
  });

  test("each request is one line in the log, found by its id, and without the token", async () => {
    const api = await ready();
    const asked: { path: string; headers: Record<string, string> }[] = [
      { path: "/offers?mark=Audi", headers: { "x-request-id": "trace-1" } },
      { path: `/offers?q=${api.token}`, headers: {} },
      { path: `/offers/${api.token}`, headers: {} },
      { path: `/offers?token=${api.token}`, headers: {} },
      { path: `/${api.token}?${api.token}`, headers: {} },
      { path: "/offers", headers: { "x-request-id": api.token, "x-api-key": api.token, referer: api.token } },
      { path: `/offers?mark=${encodeURIComponent("a\r\n[ERROR] forged")}`, headers: {} },
      { path: `/offers/%ff${api.token}`, headers: {} },
    ];
    for (const { path, headers } of asked) {
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

  test("/docs needs no token and shows nothing; nothing of it comes from elsewhere", async () => {
    const api = await ready();
    const page = await api.app.request("/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/https?:|\/\//);
    for (const [, path = ""] of html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)) {
      const file = await api.app.request(`/${path}`);
      expect(file.status).toBe(200);
      expect(Number(file.headers.get("content-length"))).toBeGreaterThan(100);
      const again = await api.app.request(`/${path}`, {
        headers: { "if-none-match": file.headers.get("etag") ?? "" },
      });
      expect(again.status).toBe(304);
    }
    for (const path of [
      "/docs/package.json",
      "/docs/..%2fpackage.json",
      "/docs/%2e%2e/package.json",
      "/docs/__proto__",
    ]) {
      expect((await api.app.request(path)).status).not.toBe(200);
    }
  });

  test("/docs can be left out", async () => {
    const api = await ready({ docs: false });
    expect((await api.ask("/docs")).status).toBe(404);
    expect((await api.app.request("/docs/page.js")).status).toBe(401);
  });

  test("an app of its own mounts it under a path", async () => {
    const api = await ready();
    const { H3 } = await import("h3");
    const outer = new H3().mount("/cars", api.app);
    const answer = await outer.request("/cars/offers?limit=3", { headers: { "x-api-key": api.token } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ meta: { limit: 3 } });
    expect((await outer.request("/cars/offers")).status).toBe(401);
  });

  test("counts of requests can be kept in PostgreSQL, for several processes together", async () => {
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
    // The first of four was for the description.
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await database().query("delete from api_rate_limits");
    expect((await ask(other)).status).toBe(200);
  });
});
