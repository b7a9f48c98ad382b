import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createThrottle } from "../../../src/upstream/throttle.ts";
import { linkSignals, sleep } from "../../../src/util/abort.ts";
import { parseRetryAfter } from "../../../src/util/retry-after.ts";

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
