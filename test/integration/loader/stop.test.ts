import { expect, test } from "vitest";
import { LockedError } from "../../../src/errors.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, storedIds } from "../../support/database/rows.ts";
import { clientOf, offers, pagesAsked, serve } from "../../support/sandbox/service.ts";

const ALL = offers(85);
const IDS = ALL.map((record) => record.inner_id);

onEachDatabase("a load that is stopped", ({ database }) => {
  test("an abort during a request stops immediately; stored pages stay, and the next run resumes", async () => {
    const sandbox = await serve({ offers: ALL });
    sandbox.addFault({ path: "/offers", query: { page: 3 }, fault: { kind: "hang" } });
    const loader = createLoader({ database: database(), client: clientOf(sandbox, { timeoutMs: 600_000 }) });
    const stop = new AbortController();
    let stored = 0;
    const running = loader.run({ signal: stop.signal, onPage: () => (stored += 1) });
    await expect.poll(() => pagesAsked(sandbox).includes(3) && stored === 2).toBe(true);
    stop.abort(new Error("stopped by a test"));
    await expect(running).rejects.toBe(stop.signal.reason);
    expect(await storedIds(database())).toEqual(IDS.slice(0, 40));
    const [operation] = await operations(database());
    expect(operation).toMatchObject({
      status: "ERROR",
      details: { stopped: "stopped by a test", pages: 2, loaded: 40 },
    });
    expect(operation?.details).not.toHaveProperty("interrupted");
    expect(await database().lockHolders()).toEqual([]);
    sandbox.clearFaults();
    expect(await loader.run()).toMatchObject({ status: "OK", pages: 3, loaded: 45 });
    expect(await storedIds(database())).toEqual(IDS);
  });

  test("an abort during a wait of twelve minutes stops immediately", async () => {
    const sandbox = await serve({ offers: ALL });
    sandbox.addFault({ path: "/offers", query: { page: 2 }, fault: { kind: "status", status: 502 } });
    const client = clientOf(sandbox, { retry: { attempts: 21, intervalMs: 720_000 } });
    const stop = new AbortController();
    const waits: number[] = [];
    const loader = createLoader({ database: database(), client });
    const running = loader.run({
      signal: stop.signal,
      onRetry: ({ waitMs }) => {
        waits.push(waitMs);
        stop.abort(new Error("stopped by a test"));
      },
    });
    await expect(running).rejects.toThrow("stopped by a test");
    expect(waits).toEqual([720_000]);
    expect(await database().query("select page from failed_pages")).toMatchObject({ rows: [] });
  });

  test("an abort between two pages reads no further page", async () => {
    const sandbox = await serve({ offers: ALL });
    const stop = new AbortController();
    const loader = createLoader({ database: database(), client: clientOf(sandbox) });
    const running = loader.run({ signal: stop.signal, onPage: () => stop.abort(new Error("enough")) });
    await expect(running).rejects.toThrow("enough");
    expect(await storedIds(database())).toEqual(IDS.slice(0, 20));
  });

  test("does not start when already aborted", async () => {
    const sandbox = await serve({ offers: ALL });
    const loader = createLoader({ database: database(), client: clientOf(sandbox) });
    await expect(loader.run({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(sandbox.requests).toEqual([]);
    expect(await operations(database())).toEqual([]);
  });
});

onEachDatabase("a load that must stop", ({ database }) => {
  test.each([401, 403])("stops immediately when the key is rejected with %i", async (status) => {
    const sandbox = await serve({ offers: ALL });
    sandbox.addFault({ path: "/offers", after: 1, fault: { kind: "status", status } });
    const client = clientOf(sandbox, { retry: { attempts: 21, intervalMs: 720_000 } });
    const loader = createLoader({ database: database(), client });
    await expect(loader.run()).rejects.toMatchObject({ code: "UPSTREAM_UNAUTHORIZED" });
    expect(pagesAsked(sandbox)).toEqual([1, 2]);
    const [operation] = await operations(database());
    expect(operation).toMatchObject({ status: "ERROR", details: { pages: 1, loaded: 20, errors: 1 } });
    expect(String(operation?.details.error)).toContain("CHE168_API_KEY");
    sandbox.clearFaults();
    expect(await loader.run()).toMatchObject({ status: "OK", loaded: 65 });
  });

  test("fails while another load is running, and names it and its start", async () => {
    const sandbox = await serve({ offers: ALL });
    sandbox.addFault({ path: "/offers", query: { page: 2 }, fault: { kind: "hang" } });
    const loader = createLoader({ database: database(), client: clientOf(sandbox, { timeoutMs: 600_000 }) });
    const stop = new AbortController();
    let stored = 0;
    const running = loader.run({ signal: stop.signal, onPage: () => (stored += 1) });
    await expect.poll(() => stored).toBe(1);
    const second = loader.run();
    await expect(second).rejects.toThrow(LockedError);
    await expect(second).rejects.toThrow(/che168-sync initial since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    // The second one has left no trace.
    expect(await operations(database())).toHaveLength(1);
    expect(await storedIds(database())).toEqual(IDS.slice(0, 20));
  });

  test("changes nothing when another run has moved the checkpoint, and reports it", async () => {
    const sandbox = await serve({ offers: ALL });
    const loader = createLoader({ database: database(), client: clientOf(sandbox) });
    const moved: Promise<unknown>[] = [];
    const running = loader.run({
      onPage: ({ page }) => {
        if (page === 1) {
          moved.push(database().query("update load_state set next_page = 4"));
        }
      },
    });
    await expect(running).rejects.toMatchObject({ code: "POSITION_MOVED" });
    await Promise.all(moved);
    expect(await storedIds(database())).toEqual(IDS.slice(0, 20));
    const [operation] = await operations(database());
    expect(operation).toMatchObject({ status: "ERROR", details: { pages: 1, loaded: 20 } });
  });

  test("a killed run differs from a finished one: its row has ERROR and interrupted", async () => {
    const sandbox = await serve({ offers: ALL });
    const loader = createLoader({ database: database(), client: clientOf(sandbox) });
    const during: unknown[] = [];
    const looks: Promise<void>[] = [];
    const look = async () => {
      const [operation] = await operations(database());
      during.push(operation);
    };
    await loader.run({ onPage: ({ page }) => page === 2 && looks.push(look()) });
    await Promise.all(looks);
    expect(during).toEqual([
      {
        type: "data_fetch",
        status: "ERROR",
        details: expect.objectContaining({ interrupted: true, loaded: expect.any(Number) }),
      },
    ]);
    const [operation] = await operations(database());
    expect(operation?.status).toBe("OK");
    expect(operation?.details).not.toHaveProperty("interrupted");
  });
});
