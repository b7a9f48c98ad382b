import { describe, expect, test } from "vitest";
import { createApiClient } from "../../../src/api-client/api-client.ts";
import {
  ApiError,
  ApiParameterError,
  ApiUnauthorizedError,
  ApiUnavailableError,
} from "../../../src/api-client/api-errors.ts";
import { isChe168Error } from "../../../src/errors.ts";
import { listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { failureOf, useApiClient } from "../../support/api/client.ts";

const rows = [...listings(120)];
const { api, client, database } = useApiClient(rows);

describe("errors", () => {
  test("an invalid parameter is named", async () => {
    const error = await failureOf(client().offersPage({ limit: 0 }));
    expect(error).toBeInstanceOf(ApiParameterError);
    expect(error).toMatchObject({ status: 400, problem: { errors: [{ parameter: "limit" }] } });
  });

  test("an invalid token", async () => {
    const error = await failureOf(client({ token: "0000000000000000" }).stats());
    expect(error).toBeInstanceOf(ApiUnauthorizedError);
    expect(error).toMatchObject({
      ...{ code: "API_UNAUTHORIZED", name: "ApiUnauthorizedError" },
      ...{ status: 401, problem: { code: "unauthorized" } },
    });
    expect(isChe168Error(error)).toBe(true);
  });

  test("a Retry-After above maxWaitMs fails immediately", async () => {
    const limited = await openApi(database(), { rateLimit: { points: 2, durationSec: 3600 } });
    const impatient = client({ token: limited.token, fetch: (request) => limited.app.fetch(request) });
    const error = await failureOf(
      (async () => {
        for (let count = 0; count < 5; count += 1) {
          await impatient.stats();
        }
      })(),
    );
    expect(error).toBeInstanceOf(ApiUnavailableError);
    expect(error).toMatchObject({ status: 429, problem: { code: "too_many_requests" } });
    expect((error as ApiUnavailableError).retryAfterMs).toBeGreaterThan(60_000);
  });

  test("a response that is not from the API", async () => {
    const page = client({ fetch: () => new Response("<html>", { status: 200 }) });
    expect(await failureOf(page.stats())).toMatchObject({ message: expect.stringContaining("is not JSON") });
    const proxy = client({ fetch: () => new Response("<html>", { status: 404 }) });
    const error = await failureOf(proxy.offer("1"));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 404, problem: undefined });
  });

  test("invalid options are reported together", () => {
    const wrong = { baseUrl: "catalogue", token: "", timeoutMs: 0, attempts: 0, maxWaitMs: Number.NaN };
    expect(() => createApiClient(wrong)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        problems: Object.keys(wrong).map((key) => expect.objectContaining({ key })),
      }),
    );
    for (const baseUrl of ["ftp://a", "https://u:p@a", "https://a?b=c", "https://a#b"]) {
      expect(() => createApiClient({ baseUrl, token: "x" }), baseUrl).toThrow(/baseUrl/);
    }
  });

  describe("an abort throws the signal's reason", () => {
    const reason = new Error("cancelled");
    const never = () => new Promise<Response>(() => {});

    test("before a request is sent", async () => {
      expect(await failureOf(client().stats({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    });

    test("while a response is pending, even when fetch ignores signals", async () => {
      const stop = new AbortController();
      const fetch = () => {
        queueMicrotask(() => stop.abort(reason));
        return never();
      };
      expect(await failureOf(client({ fetch }).stats({ signal: stop.signal }))).toBe(reason);
    });

    test("while waiting for the next attempt", async () => {
      const stop = new AbortController();
      const fetch = () => {
        setImmediate(() => stop.abort(reason));
        return new Response("", { status: 503, headers: { "retry-after": "50" } });
      };
      expect(await failureOf(client({ fetch }).stats({ signal: stop.signal }))).toBe(reason);
    });

    test("between two pages", async () => {
      const stop = new AbortController();
      const ids: string[] = [];
      const reading = (async () => {
        for await (const { inner_id } of client().offers({ limit: 5 }, { signal: stop.signal })) {
          ids.push(inner_id);
          stop.abort(reason);
        }
      })();
      expect(await failureOf(reading)).toBe(reason);
      // The listings of a page are returned before the next page is requested.
      expect(ids).toHaveLength(5);
    });
  });

  test("no response before the timeout, after the last attempt", async () => {
    let requests = 0;
    const silent = client({
      timeoutMs: 1,
      attempts: 2,
      maxWaitMs: 500,
      fetch: () => {
        requests += 1;
        return new Promise<Response>(() => {});
      },
    });
    const error = await failureOf(silent.stats());
    expect(error).toBeInstanceOf(ApiUnavailableError);
    expect(error).toMatchObject({ status: undefined, message: expect.stringContaining("within 1 ms") });
    expect(requests).toBe(2);
  });
});

describe("Retry-After", () => {
  const busy = (headers: Record<string, string>) => new Response("", { status: 503, headers });

  test("is waited for before the next attempt", async () => {
    const responses = [
      busy({ "retry-after": "0" }),
      new Response("", { status: 429, headers: { "retry-after": "0" } }),
      busy({ "retry-after": "Tue, 24 Nov 2026 12:00:00 GMT", date: "Tue, 24 Nov 2026 12:00:00 GMT" }),
    ];
    const patient = client({ fetch: (request) => responses.shift() ?? api().app.fetch(request) });
    expect((await patient.stats()).listings.total).toBe(rows.length);
    expect(responses).toEqual([]);
  });

  test("requests are attempted `attempts` times in all", async () => {
    let requests = 0;
    const stubborn = client({
      attempts: 3,
      fetch: () => {
        requests += 1;
        return busy({ "retry-after": "0" });
      },
    });
    expect(await failureOf(stubborn.stats())).toMatchObject({ code: "API_UNAVAILABLE", status: 503 });
    expect(requests).toBe(3);
  });

  test("other failures are not retried", async () => {
    let requests = 0;
    const once = client({
      fetch: () => {
        requests += 1;
        return new Response("", { status: 500 });
      },
    });
    expect(await failureOf(once.stats())).toMatchObject({ code: "API_RESPONSE", status: 500 });
    expect(requests).toBe(1);
  });
});
