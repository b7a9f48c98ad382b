import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { resolveOptions } from "../../../src/upstream/client-options.ts";
import { KEY } from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

describe("the options of a client", () => {
  const problemsOf = (options: Parameters<typeof resolveOptions>[0]) => {
    try {
      resolveOptions(options);
    } catch (error) {
      expectNoKey(error);
      return error instanceof ConfigError ? error.problems.map(({ key }) => key) : error;
    }
    return [];
  };

  test("have the documented defaults", () => {
    expect(resolveOptions({ accessName: "acme", apiKey: " key\n" })).toEqual({
      baseUrl: "https://acme.auto-parser.ru/api/v2/che168",
      apiKey: "key",
      keyIn: "auto",
      timeoutMs: 30_000,
      offersIntervalMs: 700,
      changesIntervalMs: 2000,
      offerIntervalMs: 1500,
      proxyEnv: undefined,
      retry: { attempts: 20, intervalMs: 720_000 },
      maxResponseBytes: 67_108_864,
    });
  });

  test("without an access name use the host of key-only accounts", () => {
    expect(resolveOptions({ apiKey: "key" }).baseUrl).toBe("https://api1.auto-api.com/api/v2/che168");
  });

  test("count attempts in all: 0 is rejected", () => {
    expect(problemsOf({ apiKey: "key", retry: { attempts: 0 } })).toEqual(["retry.attempts"]);
    expect(problemsOf({ apiKey: "key", retry: { attempts: 1 } })).toEqual([]);
  });

  test("accept a complete base URL instead of the access name", () => {
    const { baseUrl } = resolveOptions({ baseUrl: "http://localhost:9/x/", accessName: "acme", apiKey: "k" });
    expect(baseUrl).toBe("http://localhost:9/x");
  });

  test("are rejected with all problems together", () => {
    expect(
      problemsOf({
        apiKey: "",
        timeoutMs: 0,
        keyIn: "cookie" as "auto",
        offersIntervalMs: -1,
        changesIntervalMs: Number.NaN,
        offerIntervalMs: 0.5,
        retry: { attempts: 1.5, intervalMs: Number.POSITIVE_INFINITY },
        maxResponseBytes: 0,
      }),
    ).toEqual([
      "apiKey",
      "keyIn",
      "timeoutMs",
      "offersIntervalMs",
      "changesIntervalMs",
      "offerIntervalMs",
      "retry.attempts",
      "retry.intervalMs",
      "maxResponseBytes",
    ]);
  });

  test.each([["evil.example/"], ["evil.example#"], ["a b"], [""], ["-a"], ["user@host"]])(
    "reject %j as access name: the key would go to another host",
    (accessName) => {
      expect(problemsOf({ accessName, apiKey: KEY })).toEqual(["accessName"]);
    },
  );

  test.each([
    ["ftp://host/x"],
    ["host/x"],
    [""],
    [`http://user:${encodeURIComponent(KEY)}@host/x`],
    [`http://host/x?api_key=${KEY}`],
    ["http://host/x#y"],
  ])("reject %j as base URL without repeating it", (baseUrl) => {
    expect(problemsOf({ baseUrl, apiKey: KEY })).toEqual(["baseUrl"]);
  });

  test.each([[`${KEY} ${KEY}`], [`${KEY}\r\nx: y`], ["ключ"]])(
    "reject an invalid key without repeating it",
    (apiKey) => {
      expect(problemsOf({ accessName: "acme", apiKey })).toEqual(["apiKey"]);
    },
  );
});
