import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { resolveOptions } from "../../../src/upstream/client-options.ts";
import { readListing } from "../../../src/upstream/raw-listing.ts";
import { createRedactor, oneLine } from "../../../src/upstream/request-errors.ts";
import { formatDuration } from "../../../src/upstream/retry-request.ts";
import { createThrottle } from "../../../src/upstream/throttle.ts";
import { linkSignals, sleep } from "../../../src/util/abort.ts";
import { parseRetryAfter } from "../../../src/util/retry-after.ts";
import { KEY } from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

describe("Retry-After", () => {
  const now = "Tue, 24 Nov 2026 12:00:00 GMT";

  test.each([
    ["seconds", "120", 120_000],
    ["zero", "0", 0],
    ["spaces around", "  5 ", 5000],
    ["absurdly many seconds", "99999999999", 99_999_999_999_000],
    ["a date", "Tue, 24 Nov 2026 12:02:00 GMT", 120_000],
    ["a date in the past", "Tue, 24 Nov 2026 11:00:00 GMT", 0],
    ["a date as RFC 850 writes it", "Tuesday, 24-Nov-26 12:02:00 GMT", 120_000],
    ["a date as asctime writes it", "Tue Nov 24 12:02:00 2026", 120_000],
    ["nothing", null, undefined],
    ["an empty text", "", undefined],
    ["a word", "soon", undefined],
    ["a negative number", "-5", undefined],
    ["a fraction", "1.5", undefined],
    ["a word with a number, which Date.parse would take", "soon 5", undefined],
    ["a weekday only", "Tuesday", undefined],
  ])("with %s", (_name, header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test("as a date is measured by our clock when the response has no Date", () => {
    vi.useFakeTimers({ now: Date.parse(now), toFake: ["Date"] });
    expect(parseRetryAfter("Tue, 24 Nov 2026 12:00:30 GMT", null)).toBe(30_000);
    expect(parseRetryAfter("Tue, 24 Nov 2026 12:00:30 GMT", "nonsense")).toBe(30_000);
    vi.useRealTimers();
  });
});

describe("a wait", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("longer than the maximum of a timer does not end early", async () => {
    let over = false;
    const wait = sleep(40 * 86_400_000).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(39 * 86_400_000);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(86_400_000);
    await wait;
    expect(over).toBe(true);
  });

  test("ends with the signal's reason and leaves no timer", async () => {
    const controller = new AbortController();
    const wait = sleep(720_000, controller.signal);
    controller.abort("stopped");
    await expect(wait).rejects.toBe("stopped");
    expect(vi.getTimerCount()).toBe(0);
    await expect(sleep(0, controller.signal)).rejects.toBe("stopped");
  });
});

describe("the throttle of requests", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Takes a turn for each name and records its time. */
  function start(intervalMs: number) {
    const pace = createThrottle(intervalMs);
    const began = performance.now();
    const turns: [string, number][] = [];
    const take = (name: string, signal?: AbortSignal) =>
      pace.turn(signal).then(() => {
        turns.push([name, Math.round(performance.now() - began)]);
      });
    return { take, turns };
  }

  test("starts the first request immediately and the others at intervals, in order", async () => {
    const { take, turns } = start(700);
    const all = Promise.all([take("a"), take("b"), take("c")]);
    await vi.advanceTimersByTimeAsync(10_000);
    await all;
    expect(turns).toEqual([
      ["a", 0],
      ["b", 700],
      ["c", 1400],
    ]);
  });

  test("neither accumulates unused time nor waits for it", async () => {
    const { take, turns } = start(700);
    await take("a");
    await vi.advanceTimersByTimeAsync(5000);
    const rest = Promise.all([take("b"), take("c")]);
    await vi.advanceTimersByTimeAsync(5000);
    await rest;
    expect(turns).toEqual([
      ["a", 0],
      ["b", 5000],
      ["c", 5700],
    ]);
  });

  test("passes an aborted turn to the next caller without a wait", async () => {
    const { take, turns } = start(700);
    const leaving = new AbortController();
    await take("a");
    const left = [take("b", leaving.signal), take("c", leaving.signal)];
    const stays = take("d");
    leaving.abort("stopped");
    for (const one of left) {
      await expect(one).rejects.toBe("stopped");
    }
    await vi.advanceTimersByTimeAsync(700);
    await stays;
    expect(turns).toEqual([
      ["a", 0],
      ["d", 700],
    ]);
  });

  test("does not depend on the wall clock", async () => {
    const { take, turns } = start(700);
    await take("a");
    vi.setSystemTime(Date.now() - 3_600_000);
    const next = take("b");
    await vi.advanceTimersByTimeAsync(700);
    await next;
    expect(turns.at(-1)).toEqual(["b", 700]);
  });
});

describe("linked signals", () => {
  test("follow the first that aborts, with its reason, and remove their listeners", () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const linked = linkSignals(one.signal, undefined, other.signal);
    other.abort("why");
    expect(linked.signal.reason).toBe("why");
    linked.unlink();

    const unlinked = linkSignals(one.signal);
    unlinked.unlink();
    one.abort("late");
    expect(unlinked.signal.aborted).toBe(false);
    expect(linkSignals(one.signal).signal.reason).toBe("late");
  });
});

describe("the response of /offer", () => {
  const read = (text: string, innerId?: string) =>
    readListing(
      {
        ...{ text, body: Buffer.from(text), redact: (same: string) => same },
        request: { what: "listing 7", method: "GET", path: "/offer" },
      },
      innerId,
    );
  const DATA = '{"inner_id": "7", "mark":"BMW", "price": 12345678901234567890, "km": 1.0, "x": 1e400}';

  test.each([
    ["bare", DATA],
    ["in result", `{"result": ${DATA}}`],
    ["in data", `{"inner_id": "7", "data": ${DATA}}`],
    ["in data with all of a record", `{"id":1,"inner_id":7,"change_type":"added","data":${DATA},"meta":{}}`],
    ["in data within result", `{"result":{"inner_id":"7","data":${DATA}}}`],
    ["in a result list of one", `{"result": [ ${DATA} ]}`],
    ["in a record within a result list of one", `{"result":[{"inner_id":"7","data": ${DATA} }]}`],
    ["in data within data", `{"data":{"data":${DATA}}}`],
  ])("is found %s, with its numbers unchanged", (_name, text) => {
    const answer = read(text, "7");
    expect(answer).toEqual({ listing: { text: DATA, data: JSON.parse(DATA) } });
  });

  test("may have fields named like the wrappers", () => {
    const text = '{"mark":"BMW","data":{"mark":"Audi"},"result":{"mark":"Kia"}}';
    expect(read(text)).toMatchObject({ listing: { text } });
  });

  test.each([['{"result":null}'], ['{"result":[]}'], ['{"result":{}}'], ['{"inner_id":"7","data":null}']])(
    "may report an unknown listing: %s",
    (text) => {
      expect(read(text, "7")).toEqual({ none: "unknown" });
    },
  );

  test("of another listing is not mistaken for the requested one", () => {
    expect(read('{"result":{"inner_id":"8","mark":"BMW"}}', "7")).toEqual({ none: "another" });
    expect(read('{"inner_id":8,"data":{"mark":"BMW"}}', "7")).toEqual({ none: "another" });
    expect(read('{"inner_id":" 7 ","mark":"BMW"}', "7")).toHaveProperty("listing");
  });

  test.each([
    ["{}"],
    ["[]"],
    ["null"],
    ['"text"'],
    ['{"error":"no such thing"}'],
    ['{"result":"none"}'],
    ['{"result":[{"mark":"a"},{"mark":"b"}]}'],
    ['{"result":{"price":5}}'],
  ])("is rejected without a listing: %s", (text) => {
    expect(() => read(text, "7")).toThrow(expect.objectContaining({ code: "UPSTREAM_INVALID_RESPONSE" }));
  });

  test("is read at any depth", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const data = `{"mark":"BMW","deep":${deep}}`;
    expect(read(`{"result":${data}}`)).toMatchObject({ listing: { text: data } });
  });
});

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

describe("text for messages", () => {
  test("never contains the key as URLs, JSON or HTML spell it", () => {
    const key = fc.string({
      minLength: 4,
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
    });
    fc.assert(
      fc.property(key, fc.string(), fc.string(), (secret, before, after) => {
        const redact = createRedactor(secret);
        const forms = [
          secret,
          secret.toUpperCase(),
          encodeURIComponent(secret),
          new URLSearchParams({ k: secret }).toString().slice(2),
          JSON.stringify(secret).slice(1, -1),
        ];
        for (const form of forms) {
          expect(redact(`${before}${form}${after}`)).not.toContain(form);
        }
      }),
    );
  });

  test("is one printable line of bounded length", () => {
    expect(oneLine("a\r\n\u001b[31mb\u202e\u0000c")).toBe("a [31mb c");
    expect(oneLine(`${"x".repeat(119)}😀😀`)).toBe(`${"x".repeat(119)}\ufffd…`);
  });

  test.each([
    [0, "0 ms"],
    [350, "350 ms"],
    [2000, "2 s"],
    [90_000, "90 s"],
    [720_000, "12 min"],
    [3_600_000, "60 min"],
    [4 * 86_400_000, "4 days"],
  ])("formats %i milliseconds as %s", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});
