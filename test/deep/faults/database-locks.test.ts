import { expect, onTestFinished, test } from "vitest";
import { LockedError } from "../../../src/errors.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { ALL, NOW, useStruckServer } from "../../support/postgres/struck-server.ts";
import { startProxy } from "../../support/proxy/proxy.ts";
import { clientOf, serve } from "../../support/sandbox/service.ts";

const { disturb, gated, open, restart, server, struck, WORK } = useStruckServer();

test("the lock is reacquired after a restart, before any other run can take it", async () => {
  const database = await open();
  const { run } = await WORK.initial(database, () => {});
  const sandbox = await serve({ offers: ALL });
  // Page 3 is fetched and stored after the server has been stopped.
  sandbox.addFault({ path: "/offers", query: { page: 4 }, fault: { kind: "hang" } });
  const stop = new AbortController();
  let page = 0;
  const client = gated(clientOf(sandbox, { timeoutMs: 600_000 }));
  const running = createLoader({ database, client, now: NOW }).run({
    signal: stop.signal,
    onPage: () => {
      page += 1;
      if (page === 1) {
        disturb(restart());
      }
    },
  });
  await expect.poll(() => page).toBe(3);
  await struck();
  const other = await open();
  expect(await other.lockHolders()).toEqual([
    { kind: "data_fetch", holder: expect.stringMatching(/^che168-sync initial since /) },
  ]);
  await expect(other.lock(["data_fetch"], "che168-sync daily")).rejects.toThrow(LockedError);
  stop.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(await run()).toMatchObject({ status: "OK", pages: 3 });
});

test("a run whose lock was taken by another process while its connections were cut ends, naming that process", async () => {
  const proxy = await startProxy(server().port);
  onTestFinished(() => proxy.close());
  const database = await open({ url: proxy.url("che168") });
  const other = await open();
  const taken: Promise<{ release(): Promise<void> }>[] = [];
  let page = 0;
  const take = async () => {
    proxy.shut();
    // The server releases the lock as soon as it detects the lost connection.
    await expect.poll(() => other.lockHolders()).toEqual([]);
    const lock = await other.lock(["data_fetch"], "che168-sync daily");
    proxy.open();
    return lock;
  };
  const { run } = await WORK.initial(database, () => {
    page += 1;
    if (page === 2) {
      taken.push(take());
    }
  });
  const running = run();
  await expect(running).rejects.toThrow(LockedError);
  await expect(running).rejects.toThrow(/che168-sync daily since /);
  for (const lock of await Promise.all(taken)) {
    await lock.release();
  }
  expect((await rawRows(other)).size).toBe(40);
  expect(await operations(other)).toMatchObject([{ status: "ERROR", details: { pages: 2, loaded: 40 } }]);
});
