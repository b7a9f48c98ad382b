import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createByteCache } from "../../../src/api/cache/response-cache.ts";
import { loggedSearch } from "../../../src/api/http/access-log.ts";
import { requestId } from "../../../src/api/http/api-request.ts";
import { tokenOf } from "../../../src/api/http/auth.ts";
import { addressKey } from "../../../src/api/http/client-address.ts";
import { Problem } from "../../../src/api/http/problem.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { acceptsGzip, matchesTag } from "../../../src/api/http/response.ts";
import { decodeCursor, encodeCursor } from "../../../src/api/query/cursor.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";
import { SORTS } from "../../../src/api/query/sorts.ts";

const PARAMETERS = offersParameters(100);
const TOKEN = "aB3dE6gH9jK2mN5p";

function read(search: string) {
  return toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), 20);
}

/** What is wrong with a query, by parameter. */
function problemsOf(search: string): Record<string, string> {
  try {
    read(search);
    return {};
  } catch (error) {
    if (error instanceof Problem && error.status === 400) {
      return Object.fromEntries(error.errors.map(({ parameter, message }) => [parameter, message]));
    }
    throw error;
  }
}

describe("parameters", () => {
  test.each([
    ["price_from=abc", "price_from", 'must be a whole number from 0 to 2147483647 (was "abc")'],
    ["price_from=-1", "price_from", 'must be a whole number from 0 to 2147483647 (was "-1")'],
    ["price_to=2147483648", "price_to", 'must be a whole number from 0 to 2147483647 (was "2147483648")'],
    ["year_from=1e3", "year_from", 'must be a whole number from 0 to 9999 (was "1e3")'],
    [
      "displacement_to=1.555",
      "displacement_to",
      'must be a number from 0 to 1000 with at most two decimals (was "1.555")',
    ],
    ["limit=0", "limit", 'must be a whole number from 1 to 100 (was "0")'],
    ["limit=101", "limit", 'must be a whole number from 1 to 100 (was "101")'],
    ["page=0", "page", 'must be a whole number from 1 to 1000000 (was "0")'],
    ["sort=name", "sort", expect.stringContaining('"-created_at"')],
    ["lang=de", "lang", expect.stringContaining('"ru"')],
    ["color=Красный", "color", expect.stringContaining("a code as in /filters")],
    ["color=red,", "color", expect.stringContaining("a code as in /filters")],
    ["mark=", "mark", "must not be empty; leave it out"],
    ["mark=BMW,,Audi", "mark", expect.stringContaining("a name of 1 to 100 characters")],
    ["mark=BMW&mark=Audi", "mark", "must be given once; several values are separated by commas"],
    ["q=%20", "q", expect.stringContaining("1 to 200 characters")],
    ["q=...", "q", "must have a letter or a digit"],
    ["q=a+b+c+d+e+f+g+h+i+j+k", "q", "must have at most 10 words"],
    ["pricefrom=1", "pricefrom", "is unknown; did you mean price_from?"],
    ["colour=red", "colour", "is unknown; did you mean color?"],
    ["__proto__=1", "__proto__", expect.stringContaining("is unknown")],
    ["constructor=1", "constructor", expect.stringContaining("is unknown")],
    ["mark=%FF", "mark", "must be percent-encoded UTF-8"],
    ["mark=%E0%A4%A", "mark", "must be percent-encoded UTF-8"],
    ["mark=a%00b", "mark", "must not contain control characters"],
    ["q=a%0D%0ASet-Cookie:x", "q", "must not contain control characters"],
    ["year_from=2020&year_to=2010", "year_from", "must not be above year_to (2020 > 2010)"],
    ["page=2&cursor=abc", "page", "cannot go together with cursor; send one of them"],
    ["cursor=abc", "cursor", expect.stringContaining("is not a cursor of this API")],
  ])("%s: the answer names %s and tells what would be right", (search, parameter, message) => {
    expect(problemsOf(search)).toEqual({ [parameter]: message });
  });

  test("everything that is wrong is told at once", () => {
    expect(Object.keys(problemsOf("price_from=x&year_to=y&foo=1"))).toEqual(["price_from", "year_to", "foo"]);
  });

  test("a wrong value is shown back shortened", () => {
    expect(problemsOf(`price_from=${"9".repeat(3_000)}`).price_from?.length).toBeLessThan(200);
  });

  test("requests that mean the same have one name", () => {
    const selection = (search: string) => read(search).selection;
    expect(selection("mark=BMW,Audi&color=red")).toBe(selection("color=red&mark=Audi,BMW,Audi"));
    expect(selection("q=land+CRUISER")).toBe(selection("q=cruiser%20Land"));
    expect(selection("mark=BMW")).not.toBe(selection("model=BMW"));
  });

  test("no query string is an unexpected failure", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom(...Object.keys(PARAMETERS), "=", "&", "%", "%00", "+", ",", "1"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        problemsOf(pieces.join(""));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("cursors", () => {
  test("come back as they went, for every sort", () => {
    const key = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 2_147_483_647 }).map(String));
    const time = fc
      .tuple(
        fc.date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999_999 }),
      )
      .map(
        ([day, micros]) =>
          `${day.toISOString().slice(0, 19).replace("T", " ")}.${String(micros).padStart(6, "0")}+00`,
      );
    fc.assert(
      fc.property(
        fc.constantFrom(...SORTS),
        key,
        time,
        fc.integer({ min: 1, max: 2_147_483_647 }),
        (sort, number, text, id) => {
          const position = { sort, key: sort.endsWith("created_at") ? text : number, id };
          expect(decodeCursor(encodeCursor(position), sort)).toEqual(position);
        },
      ),
    );
  });

  test.each([
    "",
    "abc",
    "W10",
    "eyJhIjoxfQ",
    "x".repeat(300),
    Buffer.from('[1,"-created_at","now()",1]').toString("base64url"),
    Buffer.from('[1,"-created_at","2026-02-30 00:00:00+00",1]').toString("base64url"),
    Buffer.from('[1,"-created_at",null,1]').toString("base64url"),
    Buffer.from('[2,"-created_at","2026-02-20 00:00:00+00",1]').toString("base64url"),
    Buffer.from('[1,"-created_at","2026-02-20 00:00:00+00",1.5]').toString("base64url"),
    Buffer.from('[1,"-created_at","2026-02-20 00:00:00+00",99999999999]').toString("base64url"),
  ])("%j is refused", (text) => {
    expect(decodeCursor(text, "-created_at")).toEqual(expect.stringContaining("is not a cursor"));
  });

  test("of another sort is refused with the reason", () => {
    const cursor = encodeCursor({ sort: "price", key: "5", id: 1 });
    expect(decodeCursor(cursor, "-price")).toEqual(expect.stringContaining("another sort"));
  });

  test("anything at all is either read or refused", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...SORTS), (json, sort) => {
        decodeCursor(Buffer.from(json).toString("base64url"), sort);
      }),
    );
  });
});

describe("headers", () => {
  const headers = (given: Record<string, string>) => tokenOf((name) => given[name] ?? null);

  test("a token is taken from Authorization or X-API-Key", () => {
    expect(headers({ authorization: `Bearer ${TOKEN}` })).toBe(TOKEN);
    expect(headers({ authorization: `bearer  ${TOKEN} ` })).toBe(TOKEN);
    expect(headers({ "x-api-key": TOKEN })).toBe(TOKEN);
    expect(headers({ authorization: `Basic ${TOKEN}` })).toBeUndefined();
    expect(headers({ authorization: TOKEN })).toBeUndefined();
    expect(headers({ authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` })).toBeUndefined();
    expect(headers({})).toBeUndefined();
  });

  test.each([
    ['"v1"', true],
    ['W/"v1"', true],
    ['"v1-gz"', true],
    ['"v0", "v1"', true],
    ['"v12"', false],
    ["v1", false],
    ["*", false],
    [null, false],
  ])("If-None-Match: %s matches the tag v1: %s", (header, expected) => {
    expect(matchesTag(header, "v1")).toBe(expected);
  });

  test.each([
    ["gzip, deflate, br", true],
    ["br;q=1.0, gzip;q=0.5", true],
    ["GZIP", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000, br", false],
    ["identity", false],
    [null, false],
  ])("Accept-Encoding: %s allows gzip: %s", (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });

  test("a caller's request id is kept when it is harmless", () => {
    expect(requestId("3f2b8c1e-7a4d-4e5f-9b1a-2c3d4e5f6a7b")).toBe("3f2b8c1e-7a4d-4e5f-9b1a-2c3d4e5f6a7b");
    for (const given of [null, "", "a b", "x".repeat(65), "a\nb", TOKEN, `id-${TOKEN}`]) {
      expect(requestId(given)).not.toBe(given);
    }
    expect(requestId(null)).not.toBe(requestId(null));
  });
});

describe("addresses", () => {
  test.each([
    ["10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("%s counts as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe("the access log", () => {
  const shown = (search: string) =>
    loggedSearch({ query: parseQueryString(search) }, new Set(Object.keys(PARAMETERS)));

  test("shows known parameters, encoded", () => {
    expect(shown("mark=BMW&q=a%20b&limit=5")).toBe("?mark=BMW&q=a%20b&limit=5");
    expect(shown("q=a%E5%AE%9D%22x")).toBe("?q=a%E5%AE%9D%22x");
  });

  test("shows nothing of a token, wherever it stands", () => {
    for (const search of [
      `q=${TOKEN}`,
      `q=a${TOKEN}b`,
      `token=${TOKEN}`,
      `${TOKEN}=1`,
      `mark=BMW,${TOKEN}`,
      `q=%61${TOKEN.slice(1)}`,
    ]) {
      expect(shown(search)).not.toContain(TOKEN);
      expect(shown(search)).not.toContain(TOKEN.slice(1));
    }
    expect(shown(`mark=BMW&api_key=${TOKEN}`)).toBe("?mark=BMW&(1 other)");
  });
});

describe("the memory for answers", () => {
  const make = (maxBytes: number) =>
    createByteCache<{ size: number }>({ maxBytes, sizeOf: ({ size }) => size });

  test("stays within its bytes", async () => {
    const cache = make(100_000);
    for (let index = 0; index < 1_000; index += 1) {
      await cache.get(`key ${index}`, async () => ({ size: 5_000 }));
      await cache.get(`key ${index}`, async () => ({ size: 5_000 }));
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(cache.bytes).toBeGreaterThan(50_000);
  });

  test("keeps what was asked for twice", async () => {
    const cache = make(100_000);
    const ask = () => cache.get("a", async () => ({ size: 1 }));
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(cache.bytes).toBeGreaterThan(0);
  });

  test("asks once for many who want the same at once", async () => {
    const cache = make(100_000);
    let asked = 0;
    const load = async () => {
      asked += 1;
      return { size: 1 };
    };
    const found = await Promise.all([cache.get("a", load), cache.get("a", load), cache.get("a", load)]);
    expect(asked).toBe(1);
    expect(new Set(found).size).toBe(1);
  });

  test("forgets failures", async () => {
    const cache = make(100_000);
    const failing = cache.get("a", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await expect(cache.get("a", async () => ({ size: 1 }))).resolves.toEqual({ size: 1 });
  });

  test("an answer that was begun before it was emptied is not kept", async () => {
    const cache = make(100_000);
    const { promise, resolve } = Promise.withResolvers<{ size: number }>();
    const begun = cache.get("a", () => promise);
    cache.clear();
    resolve({ size: 1 });
    await begun;
    const again = { size: 2 };
    expect(await cache.get("a", async () => again)).toBe(again);
  });
});
