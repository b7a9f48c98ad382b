import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { ENGINES, separateDatabase } from "../../support/process/databases.ts";
import { createKiller, type Moment } from "../../support/process/killing.ts";
import { NOON } from "../../support/sandbox/helpers.ts";
import { clientOf } from "../../support/sandbox/service.ts";

const LISTINGS = 900;
/** Ended, changed, missing and gone listings of the copy, each. */
const DIFFERENCES = 30;
const KILLS = 10;
const now = () => NOON;

async function start(engine: (typeof ENGINES)[number], seed: number) {
  const random = numbersFrom(seed);
  const killer = createKiller();
  const sandbox = await startSandbox({ offers: LISTINGS, changesPerDay: 0, logger: killer.logger, now });
  onTestFinished(() => sandbox.close());
  const database = await separateDatabase(engine);
  const { baseUrl, exportUrl } = sandbox;
  const order = { database, baseUrl, exportUrl, now: NOON.toISOString() } as const;
  /** Kills the job at the first to third request or batch, as often as `KILLS`. */
  const killed = async (work: "initial" | "reconcile") => {
    for (let kills = 0; kills < KILLS; kills += 1) {
      const moment = (["requested", "responded", "stored"] as const)[Math.floor(random() * 3)] as Moment;
      await killer.run({ ...order, work }, { moment, count: 1 + Math.floor(random() * 2) });
    }
    return killer.run({ ...order, work });
  };
  const open = async (): Promise<Database> => {
    const opened = await createDatabase(database);
    onTestFinished(() => opened.close());
    return opened;
  };
  return { sandbox, killer, order, killed, open };
}

/** Expects the active listings of the service; a file has other types of values, so the reconciler compares. */
async function expectEqual(database: Database, { sandbox }: Awaited<ReturnType<typeof start>>) {
  const compared = await createReconciler({ database, client: clientOf(sandbox), now }).run({ dryRun: true });
  expect(compared).toMatchObject({
    ...{ status: "OK", complete: true, records: LISTINGS, unchanged: LISTINGS },
    ...{ loaded: 0, updated: 0, reactivated: 0, removed: 0 },
  });
}

const expectLog = async (database: Database) => {
  const log = await operations(database);
  expect(log.map(({ status }) => status)).toEqual([...log.slice(1).map(() => "ERROR"), "OK"]);
  return log;
};

test.each(ENGINES)(
  "a load from a daily file through ten SIGKILLs: each listing is stored once, and the file is continued (%s)",
  async (engine) => {
    const run = await start(engine, 20_250_617);
    expect(await run.killed("initial")).toMatchObject({ status: "OK", finished: true, duplicates: 0 });
    const database = await run.open();
    const log = await expectLog(database);
    // A row stored by a killed run is not loaded again: the batch and the checkpoint are one transaction.
    expect(log.reduce((sum, { details }) => sum + Number(details.loaded), 0)).toBe(LISTINGS);
    expect((await rawRows(database)).size).toBe(LISTINGS);
    await expectEqual(database, run);
  },
);

test.each(ENGINES)(
  "a reconcile from a daily file through ten SIGKILLs: the copy equals it, and every difference is written once (%s)",
  async (engine) => {
    const run = await start(engine, 20_250_618);
    await run.killer.run({ ...run.order, work: "initial" });
    const before = await createDatabase(run.order.database);
    await before.query(
      `with numbered as (select inner_id, row_number() over (order by inner_id) as n from raw_data),
            kinds as (select inner_id, n % 4 as kind from numbered where n <= 4 * ${DIFFERENCES}),
            missing as (delete from raw_data where inner_id in (select inner_id from kinds where kind = 0)),
            gone as (
              insert into raw_data (inner_id, change_type, created_at, data, active_status, source)
              select 'gone-' || inner_id, 'added', now(), '{}', 0, 'initial_load' from kinds where kind = 1)
       update raw_data r
          set active_status = case kind when 2 then 1 else 0 end,
              data = case kind when 3 then data || '{"price":1}' else data end,
              last_updated_at = now()
         from kinds where kinds.inner_id = r.inner_id and kind in (2, 3)`,
    );
    await before.query("update raw_data set is_processed = true");
    await before.query("delete from operations_log");
    await before.close();

    expect(await run.killed("reconcile")).toMatchObject({
      ...{ status: "OK", loaded: DIFFERENCES, updated: DIFFERENCES, reactivated: DIFFERENCES },
      ...{ removed: DIFFERENCES, unchanged: LISTINGS - 3 * DIFFERENCES, records: LISTINGS, complete: true },
    });
    const database = await run.open();
    const rows = [...(await rawRows(database)).values()];
    expect(rows.filter((row) => row.is_processed).length).toBe(LISTINGS - 3 * DIFFERENCES);
    await expectLog(database);
    await expectEqual(database, run);
  },
);
