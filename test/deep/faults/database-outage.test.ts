import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { comparable } from "../../support/database/model.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { ALL, NOW, useStruckServer } from "../../support/postgres/struck-server.ts";
import { clientOf, serve } from "../../support/sandbox/service.ts";

const { disturb, open, server, struck, WORK } = useStruckServer();

test("a server that stays unavailable ends the run in bounded time; its row says interrupted, and the next run resumes", async () => {
  const database = await open({ retry: { maxElapsedMs: 300, firstWaitMs: 10, maxWaitMs: 100 } });
  let page = 0;
  const { run, model } = await WORK.initial(database, () => {
    page += 1;
    if (page === 3) {
      disturb(server().stop());
    }
  });
  await expect(run()).rejects.toThrow(/terminat|ECONNREFUSED|ECONNRESET/);
  await struck();
  await server().start();
  const after = await open();
  const [operation] = await operations(after);
  expect(operation).toMatchObject({ status: "ERROR", details: { interrupted: true } });
  // The row counts exactly the stored pages.
  expect((await rawRows(after)).size).toBe(operation?.details.loaded);
  const again = await WORK.initial(after, () => {});
  expect(await again.run()).toMatchObject({ status: "OK", finished: true, duplicates: 0 });
  expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
});

/** A database whose first retry, at the first statement that fails, aborts the signal. */
async function openAbortingDatabase() {
  const stop = new AbortController();
  const { logger } = collectingLogger();
  const database = await open({
    retry: { maxElapsedMs: 600_000, firstWaitMs: 300_000, maxWaitMs: 300_000 },
    logger: { ...logger, warn: (text) => text.includes("retrying in") && stop.abort(new Error("enough")) },
  });
  return { database, signal: stop.signal };
}

/** Stops the server at the first call. */
function stopServerOnce(): () => void {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === 1) {
      disturb(server().stop());
    }
  };
}

test("an abort ends the run immediately even while the server is unavailable", async () => {
  const { database, signal } = await openAbortingDatabase();
  const sandbox = await serve({ offers: ALL });
  const running = createLoader({ database, client: clientOf(sandbox), now: NOW }).run({
    signal,
    onPage: stopServerOnce(),
  });
  await expect(running).rejects.toThrow("enough");
  await struck();
  await server().start();
  const after = await open();
  expect(await operations(after)).toMatchObject([{ status: "ERROR" }]);
  expect(await feedPosition(after)).toMatchObject({ position: 100 });
});

test("an abort ends a normalisation immediately even while the server is unavailable", async () => {
  const filling = await open();
  const sandbox = await serve({ offers: ALL });
  await createLoader({ database: filling, client: clientOf(sandbox), now: NOW }).run();
  const { database, signal } = await openAbortingDatabase();
  const running = createNormalizer({ database, batchSize: 5 }).run({ signal, onProgress: stopServerOnce() });
  await expect(running).rejects.toThrow("enough");
  await struck();
  await server().start();
  const after = await open();
  const [last] = (await operations(after)).slice(-1);
  expect(last).toMatchObject({ status: "ERROR", details: { errors: 0 } });
  await createNormalizer({ database: after }).run();
  const { rows } = await after.query("select count(*)::int as count from raw_data where not is_processed");
  expect(rows).toEqual([{ count: 0 }]);
});
