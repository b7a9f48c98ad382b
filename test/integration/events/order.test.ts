import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { readEvents } from "../../../src/events/index.ts";
import { RULES_VERSION } from "../../../src/listing/fields.ts";
import { makeBatch } from "../../../src/normalizer/batch.ts";
import { createRowReader } from "../../../src/normalizer/read-rows.ts";
import { storeBatch } from "../../../src/normalizer/store-batch.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";

// Two runs at a time are possible through a pooler in transaction mode, which does not keep their locks.
test("a reader never sees an id smaller than one it has seen, even if two writers overlap", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  await rawListings(() => database).add(["first", "second"]);
  const counts = {
    processed: 0,
    unchanged: 0,
    deactivated: 0,
    errors: 0,
    batches: 0,
    issues: 0,
    changedMeanwhile: 0,
  };
  const batchOf = async (after: number) => {
    const rows = await createRowReader(database).take({ after, size: 1 });
    const { items } = await makeBatch(rows, new Date(), { vocabulary: undefined, serveVin: true }, undefined);
    // Not by startOperation, after which only the second run could store.
    const { rows: opened } = await database.query<{ id: number }>(
      `insert into operations_log (operation_type, status, duration, details)
       values ('normalization', 'ERROR', 0, $1) returning id`,
      [JSON.stringify({ ...counts, interrupted: true })],
    );
    const run = {
      rulesVersion: RULES_VERSION,
      operationId: opened[0]?.id ?? 0,
      counts: { ...counts, batches: 1 },
      withEvents: true,
    };
    return { items, run };
  };
  const [first, second] = [await batchOf(0), await batchOf(1)];

  const open = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow = database.transaction(async (tx) => {
    await storeBatch(tx, first.items, first.run);
    written.resolve();
    await open.promise;
  });
  await written.promise;
  const fast = storeBatch(database, second.items, second.run);
  const waiting = async () => {
    const { rows } = await database.query(
      "select from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'",
    );
    return rows.length;
  };
  await expect.poll(waiting, { interval: 10 }).toBe(1);
  expect((await readEvents(database, { after: 0, kinds: undefined, limit: 10 })).events).toEqual([]);
  open.resolve();
  await Promise.all([slow, fast]);
  const { events } = await readEvents(database, { after: 0, kinds: undefined, limit: 10 });
  expect(events.map(({ inner_id }) => inner_id)).toEqual(["first", "second"]);
});
