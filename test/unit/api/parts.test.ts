import { describe, expect, test } from "vitest";
import { loggedSearch } from "../../../src/api/http/access-log.ts";
import { requestId } from "../../../src/api/http/api-request.ts";
import { tokenOf } from "../../../src/api/http/auth.ts";
import { addressKey } from "../../../src/api/http/client-address.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { acceptsGzip, matchesTag } from "../../../src/api/http/response.ts";
import { offersParameters } from "../../../src/api/query/parameters.ts";

const TOKEN = "aB3dE6gH9jK2mN5p";

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
    loggedSearch(parseQueryString(search), new Set(Object.keys(offersParameters(100))));

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
