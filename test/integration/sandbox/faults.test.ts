import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFaults } from "../../../src/sandbox/http/faults.ts";
import { type Fault, type FaultRule, type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { ask, get, sandbox } from "../../support/sandbox/helpers.ts";

/** A small sandbox with a fault on every request. */
const struck = (fault: Fault, rule: Partial<FaultRule> = {}) =>
  sandbox({ offers: 5, changesPerDay: 0, faults: [{ fault, ...rule }] });

const first = async (server: Sandbox) => ask(server, "/offers?page=1");

describe("the requests that a rule matches", () => {
  const strikes = async (server: Sandbox, path: string) => (await ask(server, path)).status === 503;
  const fault: Fault = { kind: "status", status: 503 };

  test("those of its path and its parameters", async () => {
    const server = await sandbox({
      offers: 60,
      faults: [{ path: "/offers", query: { page: 2, mark: "BMW" }, fault }],
    });
    expect(await strikes(server, "/offers?page=2&mark=BMW&color=x")).toBe(true);
    expect(await strikes(server, "/offers?page=2")).toBe(false);
    expect(await strikes(server, "/offers?page=1&mark=BMW")).toBe(false);
    expect(await strikes(server, "/filters")).toBe(false);
  });

  test("after a number of requests, a number of times", async () => {
    const server = await struck(fault, { after: 2, times: 3 });
    const seen: boolean[] = [];
    for (let request = 0; request < 7; request += 1) {
      seen.push(await strikes(server, "/filters"));
    }
    expect(seen).toEqual([false, false, true, true, true, false, false]);
  });

  test("until the rules are cleared; rules can be added at any time", async () => {
    const server = await sandbox({ offers: 1 });
    server.addFault({ path: "/filters", fault });
    expect(await strikes(server, "/filters")).toBe(true);
    server.clearFaults();
    expect(await strikes(server, "/filters")).toBe(false);
  });

  test("each rule has its own counter, and the first match decides", () => {
    const rules = fc.array(fc.record({ after: fc.nat(4), times: fc.nat(4) }), { maxLength: 4 });
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 20 }), (list, requests) => {
        const faults = createFaults(
          list.map((rule, index) => ({ ...rule, fault: { kind: "status", status: index } })),
        );
        const left = list.map(({ after, times }) => ({ after, times }));
        for (let request = 0; request < requests; request += 1) {
          const winner = left.findIndex((rule) => {
            if (rule.after > 0) {
              rule.after -= 1;
              return false;
            }
            rule.times -= 1;
            return rule.times >= 0;
          });
          const expected = winner < 0 ? [] : [{ kind: "status", status: winner }];
          expect(faults.take("/offers", {})).toEqual(expected);
        }
      }),
    );
  });
});

describe("other responses", () => {
  test("any status with a JSON, HTML or empty body and Retry-After", async () => {
    const json = await first(await struck({ kind: "status", status: 429, retryAfter: "7" }));
    expect([json.status, json.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await json.json()).toEqual({ message: "Too Many Requests" });
    const html = await first(await struck({ kind: "status", status: 502, body: "html" }));
    expect([html.status, html.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"]);
    expect(await html.text()).toContain("<html>");
    const empty = await first(await struck({ kind: "status", status: 500, body: "empty" }));
    expect([empty.status, await empty.text()]).toEqual([500, ""]);
  });

  test("HTML, nothing, half of the JSON and another shape, all with status 200", async () => {
    const html = await first(await struck({ kind: "html200" }));
    expect([html.status, (await html.text()).slice(0, 9)]).toEqual([200, "<!DOCTYPE"]);
    expect(await (await first(await struck({ kind: "empty" }))).text()).toBe("");

    const truncated = await struck({ kind: "truncated" });
    const half = await (await first(truncated)).text();
    truncated.clearFaults();
    const whole = await (await first(truncated)).text();
    expect(whole.startsWith(half.slice(0, -1))).toBe(true);
    expect(half.length).toBeLessThan(whole.length * 0.6);
    expect(() => JSON.parse(half)).toThrow(SyntaxError);

    const shape = await (await first(await struck({ kind: "wrongShape" }))).json();
    expect(shape).not.toHaveProperty("result");
  });

  test("other values in meta: backwards, a string, missing, too large", async () => {
    const meta = async (fields: Record<string, unknown>) =>
      (await get(await struck({ kind: "meta", meta: fields }), "/changes?change_id=892145")).meta;
    const rest = { cur_change_id: 892_145, limit: 20 };
    expect(await meta({ next_change_id: 5 })).toEqual({ ...rest, next_change_id: 5 });
    expect(await meta({ next_change_id: "892146" })).toEqual({ ...rest, next_change_id: "892146" });
    expect(await meta({ next_change_id: undefined })).toEqual(rest);
    expect(await meta({ next_change_id: 2 ** 60 })).toEqual({ ...rest, next_change_id: 2 ** 60 });
  });

  test("a redirect", async () => {
    const server = await struck({ kind: "redirect", location: "https://elsewhere.example/" });
    const answer = await ask(server, "/offers", { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://elsewhere.example/"]);
  });

  test("the right response compressed, or a custom body with any type", async () => {
    for (const encoding of ["gzip", "br", "deflate"] as const) {
      const server = await struck({ kind: "body", encoding });
      const answer = await first(server);
      expect(answer.headers.get("content-encoding")).toBe(encoding);
      const body = await answer.json();
      server.clearFaults();
      expect(body).toEqual(await (await first(server)).json());
    }
    const strange = await struck({
      kind: "body",
      body: "[1]",
      contentType: "text/plain",
      charset: "gbk",
      bom: true,
    });
    const answer = await first(strange);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=gbk");
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d]);
  });

  test("a body of an exact size, with or without a content length", async () => {
    for (const contentLength of [true, false]) {
      const bytes = 3_000_001;
      const answer = await first(await struck({ kind: "huge", bytes, contentLength }));
      expect(answer.headers.get("content-length")).toBe(contentLength ? String(bytes) : null);
      const text = await answer.text();
      expect(text).toHaveLength(bytes);
      expect(JSON.parse(text)).toHaveProperty("result");
    }
  });

  test("a deeply nested listing in a valid envelope", async () => {
    const text = await (await first(await struck({ kind: "deep", depth: 5_000 }))).text();
    expect(text.split('{"a":').length - 1).toBe(5_000);
    expect(JSON.parse(text)).toMatchObject({ result: [{ inner_id: "1" }], meta: { next_page: null } });
  });
});

describe("broken connections", () => {
  test("reset before the response", async () => {
    const server = await struck({ kind: "reset" });
    await expect(first(server)).rejects.toThrow("fetch failed");
    expect(server.requests).toMatchObject([{ path: "/offers", status: 0 }]);
  });

  test("reset in the middle of the body", async () => {
    const reading = first(await struck({ kind: "resetMidBody" })).then((answer) => answer.text());
    await expect(reading).rejects.toThrow();
  });

  test("closed after each response", async () => {
    const answer = await first(await struck({ kind: "closeAfter" }));
    expect(answer.headers.get("connection")).toBe("close");
    expect(await answer.json()).toMatchObject({ result: [{}, {}, {}, {}, {}] });
  });
});

describe("responses that do not end", () => {
  const waiting: Fault[] = [
    { kind: "hang" },
    { kind: "headersOnly" },
    { kind: "delay", ms: 3_600_000 },
    { kind: "drip", bytesPerSecond: 1 },
    { kind: "huge", bytes: 1e12 },
  ];

  test.each(waiting)("$kind: close() ends it, and other requests continue", async (fault) => {
    const server = await startSandbox({ offers: 1, faults: [{ path: "/offers", fault }] });
    const hanging = first(server).then(async (answer) => {
      // An endless body is read in chunks, so that the test does not buffer it.
      for await (const piece of answer.body ?? []) {
        void piece;
      }
    });
    const outcome = hanging.then(
      () => "ended",
      () => "broken",
    );
    expect((await ask(server, "/filters")).status).toBe(200);
    await server.close();
    expect(await outcome).toBe("broken");
  });

  test("headersOnly sends the status and the length, drip a few bytes at a time", async () => {
    const silent = await startSandbox({ offers: 1, faults: [{ fault: { kind: "headersOnly" } }] });
    const head = await first(silent);
    expect([head.status, Number(head.headers.get("content-length")) > 0]).toEqual([200, true]);
    await silent.close();
    await expect(head.text()).rejects.toThrow();

    const slow = await struck({ kind: "drip", bytesPerSecond: 50 });
    const dripping = await first(slow);
    const reader = dripping.body?.getReader();
    const received = (await reader?.read())?.value?.length ?? 0;
    // A reader that is late finds several portions together.
    expect(received % 5).toBe(0);
    expect(received).toBeLessThan(Number(dripping.headers.get("content-length")));
    await reader?.cancel();
  });

  test("drip and delay end with the complete response, and can be combined with other faults", async () => {
    const dripping = await struck({ kind: "drip", bytesPerSecond: 500_000 });
    expect((await get(dripping, "/change_id?date=2025-01-01")).change_id).toBe(892_145);
    const both = await sandbox({
      offers: 1,
      faults: [{ fault: { kind: "delay", ms: 1 } }, { fault: { kind: "status", status: 503 } }],
    });
    expect((await first(both)).status).toBe(503);
  });
});
