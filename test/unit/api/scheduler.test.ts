import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../../../src/api/http/problem.ts";
import { Claim } from "../../../src/api/replicas/claim.ts";
import { shareConnections } from "../../../src/api/replicas/lanes.ts";
import { createScheduler } from "../../../src/api/replicas/scheduler.ts";

/** A scheduler whose work is ended by the test. */
function arrange(options: { limit?: number; share?: number; maxWaiting?: number } = {}) {
  const events: string[] = [];
  const scheduler = createScheduler({
    limit: 2,
    share: 2,
    maxWaiting: 100,
    timeoutMs: 5_000,
    observer: {
      onWaited: (seconds) => events.push(`waited ${seconds}`),
      onRefused: (reason) => events.push(`refused: ${reason}`),
    },
    ...options,
  });
  /** Names of the work, in the order of its start. */
  const started: string[] = [];
  const endings = new Map<string, () => void>();
  const claimOf = (client: number, isGone = () => false) => new Claim({ client, isGone });
  const run = (name: string, claim: Claim): Promise<string> =>
    scheduler
      .run(claim, async (done) => {
        started.push(name);
        await new Promise<void>((resolve) => endings.set(name, resolve));
        done();
        return name;
      })
      .catch((error) => `${error.status} ${error.code}`);
  const end = async (name: string) => {
    endings.get(name)?.();
    await new Promise(process.nextTick);
  };
  return { scheduler, started, events, run, end, claimOf };
}

test("work starts at once while neither limit is reached", () => {
  const { scheduler, started, run, claimOf } = arrange();
  run("a", claimOf(1));
  run("b", claimOf(2));
  expect([started, scheduler.waiting]).toEqual([["a", "b"], 0]);
  run("c", claimOf(1));
  expect([started, scheduler.waiting]).toEqual([["a", "b"], 1]);
});

test("a token runs no more than its share, even when connections are free", async () => {
  const { started, run, end, claimOf } = arrange({ limit: 4, share: 2 });
  for (const name of ["a1", "a2", "a3", "a4"]) {
    run(name, claimOf(1));
  }
  expect(started).toEqual(["a1", "a2"]);
  run("b1", claimOf(2));
  expect(started).toEqual(["a1", "a2", "b1"]);
  await end("b1");
  expect(started).toEqual(["a1", "a2", "b1"]);
  await end("a1");
  expect(started).toEqual(["a1", "a2", "b1", "a3"]);
});

test("tokens take turns, so a request waits for one turn of each other token and not for all of their requests", async () => {
  const { started, run, end, claimOf } = arrange({ limit: 1, share: 1 });
  for (const name of ["a1", "a2", "a3", "a4"]) {
    run(name, claimOf(1));
  }
  run("b1", claimOf(2));
  run("c1", claimOf(3));
  run("b2", claimOf(2));
  for (const name of ["a1", "a2", "b1", "c1", "a3", "b2"]) {
    await end(name);
  }
  expect(started).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
});

test("a token's work does not overtake its earlier work", async () => {
  const { started, run, end, claimOf } = arrange({ limit: 1, share: 1 });
  run("a1", claimOf(1));
  run("a2", claimOf(1));
  await end("a1");
  run("a3", claimOf(1));
  await end("a2");
  expect(started).toEqual(["a1", "a2", "a3"]);
});

test("a connection counts as busy until it is free, not until the result is there", async () => {
  const { scheduler, started, run, claimOf } = arrange({ limit: 1, share: 1 });
  let free = () => {};
  await scheduler.run(claimOf(1), async (done) => {
    free = done;
  });
  run("b", claimOf(2));
  expect(started).toEqual([]);
  free();
  free();
  run("c", claimOf(3));
  expect(started).toEqual(["b"]);
});

test("work beyond the queue of its token is refused; other tokens' work is not", async () => {
  const { started, events, run, end, claimOf } = arrange({ limit: 1, share: 1, maxWaiting: 2 });
  run("a1", claimOf(1));
  run("a2", claimOf(1));
  run("a3", claimOf(1));
  expect(await run("a4", claimOf(1))).toBe("503 queue_full");
  const other = run("b1", claimOf(2));
  for (const name of ["a1", "a2", "b1"]) {
    await end(name);
  }
  expect(await other).toBe("b1");
  expect(started).toEqual(["a1", "a2", "b1", "a3"]);
  expect(events.filter((event) => event.startsWith("refused"))).toEqual(["refused: full"]);
});

describe("a request whose client is gone", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  /** A piece of work that runs, and one of the same token that waits until its client leaves. */
  function arrangeWaiting(options: { maxWaiting?: number } = {}) {
    const arranged = arrange({ limit: 1, share: 1, ...options });
    let isGone = false;
    arranged.run("a1", arranged.claimOf(1));
    const left = arranged.run(
      "a2",
      arranged.claimOf(1, () => isGone),
    );
    return {
      ...arranged,
      left,
      leave: () => {
        isGone = true;
      },
    };
  }

  test("leaves the queue without a turn of its own", async () => {
    const { scheduler, started, left, leave } = arrangeWaiting();
    leave();
    vi.advanceTimersByTime(100);
    expect(await left).toBe("499 client_gone");
    expect([scheduler.waiting, started]).toEqual([0, ["a1"]]);
  });

  test("is skipped at its turn", async () => {
    const { scheduler, started, run, end, claimOf, left, leave } = arrangeWaiting();
    run("a3", claimOf(1));
    leave();
    await end("a1");
    expect(await left).toBe("499 client_gone");
    expect([scheduler.waiting, started]).toEqual([0, ["a1", "a3"]]);
  });

  test("leaves its place in a full queue to the next one", async () => {
    const { run, end, claimOf, left, leave } = arrangeWaiting({ maxWaiting: 1 });
    leave();
    const next = run("a3", claimOf(1));
    expect(await left).toBe("499 client_gone");
    await end("a1");
    await end("a3");
    expect(await next).toBe("a3");
  });

  test("is not queued", async () => {
    const { run, claimOf } = arrange({ limit: 1, share: 1 });
    run("a1", claimOf(1));
    expect(
      await run(
        "a2",
        claimOf(1, () => true),
      ),
    ).toBe("499 client_gone");
  });
});

describe("work that several tokens wait for", () => {
  test("runs at the first turn of any of them", async () => {
    const { started, run, end, claimOf } = arrange({ limit: 1, share: 1 });
    run("b0", claimOf(2));
    for (const name of ["a1", "a2", "a3"]) {
      run(name, claimOf(1));
    }
    const shared = claimOf(1);
    const result = run("shared", shared);
    expect(shared.join(claimOf(2))).toBe(true);
    await end("b0");
    await end("a1");
    await end("shared");
    expect(await result).toBe("shared");
    expect(started).toEqual(["b0", "a1", "shared", "a2"]);
  });

  test("continues when the first of them has left", async () => {
    const { run, end, claimOf } = arrange({ limit: 1, share: 1 });
    let isGone = false;
    run("a1", claimOf(1));
    const shared = claimOf(1, () => isGone);
    const result = run("shared", shared);
    shared.join(claimOf(1));
    shared.join(claimOf(2));
    isGone = true;
    await end("a1");
    await end("shared");
    expect(await result).toBe("shared");
  });

  test("is queued when one of them has room", async () => {
    const { run, end, claimOf } = arrange({ limit: 1, share: 1, maxWaiting: 1 });
    run("a1", claimOf(1));
    run("a2", claimOf(1));
    const shared = claimOf(1);
    shared.join(claimOf(2));
    const result = run("shared", shared);
    await end("a1");
    await end("a2");
    await end("shared");
    expect(await result).toBe("shared");
  });

  test("cannot be joined once it was refused", async () => {
    const { run, claimOf } = arrange({ limit: 1, share: 1, maxWaiting: 0 });
    run("a1", claimOf(1));
    const refused = claimOf(1);
    expect(await run("a2", refused)).toBe("503 queue_full");
    expect(refused.join(claimOf(2))).toBe(false);
  });
});

describe("a turn that does not come", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("is a 503 after the time limit, counted from the last request that wants the work", async () => {
    const { scheduler, events, run, claimOf } = arrange({ limit: 1, share: 1 });
    run("a1", claimOf(1));
    const early = run("a2", claimOf(1));
    const shared = claimOf(1);
    const late = run("a3", shared);
    vi.advanceTimersByTime(3_000);
    shared.join(claimOf(2));
    vi.advanceTimersByTime(2_100);
    expect(await early).toBe("503 queue_full");
    expect(scheduler.waiting).toBe(1);
    vi.advanceTimersByTime(3_000);
    expect(await late).toBe("503 queue_full");
    expect([scheduler.waiting, vi.getTimerCount()]).toEqual([0, 0]);
    expect(events).toEqual(["refused: timeout", "refused: timeout"]);
  });
});

test.each([
  [1, 1, 1],
  [3, 2, 1],
  [6, 4, 2],
  [8, 5, 3],
  [20, 13, 7],
])("of %i connections requests have %i, one token %i", (connections, limit, share) => {
  expect(shareConnections(connections)).toEqual({ limit, share });
});

test("all waits end with the error of an unavailable server; running work ends as usual, and new work runs", async () => {
  const { scheduler, started, run, end, claimOf } = arrange({ limit: 1, share: 1 });
  const running = run("a1", claimOf(1));
  const waits = [run("a2", claimOf(1)), run("b1", claimOf(2))];
  scheduler.refuseWaiting(() => Problem.unavailable("The server is down.", 5));
  expect(await Promise.all(waits)).toEqual(["503 unavailable", "503 unavailable"]);
  expect(scheduler.waiting).toBe(0);
  await end("a1");
  expect(await running).toBe("a1");
  run("a3", claimOf(1));
  expect(started).toEqual(["a1", "a3"]);
});
