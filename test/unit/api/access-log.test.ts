import { describe, expect, test } from "vitest";
import { loggedSearch } from "../../../src/api/http/access-log.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { offersParameters } from "../../../src/api/query/parameters.ts";

const TOKEN = "aB3dE6gH9jK2mN5p";

describe("the access log", () => {
  const logged = (search: string) =>
    loggedSearch(parseQueryString(search), new Set(Object.keys(offersParameters(100))));

  test("shows known parameters, encoded", () => {
    expect(logged("mark=BMW&q=a%20b&limit=5")).toBe("?mark=BMW&q=a%20b&limit=5");
    expect(logged("q=a%E5%AE%9D%22x")).toBe("?q=a%E5%AE%9D%22x");
  });

  test("contains no part of a token, in any position", () => {
    for (const search of [
      `q=${TOKEN}`,
      `q=a${TOKEN}b`,
      `token=${TOKEN}`,
      `${TOKEN}=1`,
      `mark=BMW,${TOKEN}`,
      `q=%61${TOKEN.slice(1)}`,
    ]) {
      expect(logged(search)).not.toContain(TOKEN);
      expect(logged(search)).not.toContain(TOKEN.slice(1));
    }
    expect(logged(`mark=BMW&api_key=${TOKEN}`)).toBe("?mark=BMW&(1 other)");
  });
});
