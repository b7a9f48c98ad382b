import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { directoryWith } from "../../support/files/files.ts";
import { createKiller, type Moment } from "../../support/process/killing.ts";
import { expectCatalogue } from "../../support/reconciler/catalogue.ts";
import { offer, offers } from "../../support/sandbox/service.ts";

const LISTINGS = 300;
const KILLS = 12;
const NOW = "2025-06-15T12:00:00Z";
const SEED = 20_250_616;

/** A copy with a missing, a different, an ended and a gone listing among every ten. */
const COPY = Array.from({ length: LISTINGS + 30 }, (_, index) => index + 1).flatMap((number) => {
  const kind = number <= LISTINGS ? number % 10 : -1;
  const data = kind === 2 ? { ...offer(number).data, price: 1 } : offer(number).data;
  return kind === 1 ? [] : [{ inner_id: `listing-${number}`, data, active_status: kind === 3 ? 1 : 0 }];
});

async function place(engine: string): Promise<DatabaseOptions> {
  const options: DatabaseOptions = {};
  if (engine === "PostgreSQL") {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    Object.assign(options, { url });
  } else {
    Object.assign(options, { dataDir: join(await directoryWith(), "pgdata") });
  }
  const database = await createDatabase(options);
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, active_status, source, is_processed)
     select inner_id, 'added', '2025-01-01T00:00:00Z', data, active_status, 'initial_load', true
       from jsonb_to_recordset($1::jsonb) as r(inner_id text, data jsonb, active_status int)`,
    [JSON.stringify(COPY)],
  );
  await database.query(
    "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, '2025-06-14')",
  );
  await database.close();
  return options;
}

test.each(["PostgreSQL", "the embedded database"])(
  "a reconcile through twelve SIGKILLs: the copy equals the catalogue, and every difference is written once (%s)",
  async (engine) => {
    const random = numbersFrom(SEED);
    const killer = createKiller();
    const sandbox = await startSandbox({
      ...{
        source: { offers: offers(LISTINGS), changes: [] },
        logger: killer.logger,
        now: () => new Date(NOW),
      },
      ...{ offerLimit: false },
    });
    onTestFinished(() => sandbox.close());
    const database = await place(engine);
    const order = { work: "reconcile", database, baseUrl: sandbox.baseUrl, now: NOW } as const;
    for (let kills = 0; kills < KILLS; kills += 1) {
      const moment = (["requested", "responded", "stored"] as const)[Math.floor(random() * 3)] as Moment;
      // Some four requests precede the first page; thirty listings are confirmed one by one at the end.
      await killer.run(order, { moment, count: (moment === "stored" ? 1 : 5) + Math.floor(random() * 3) });
    }
    expect(await killer.run(order)).toMatchObject({
      ...{
        status: "OK",
        loaded: 30,
        updated: 30,
        reactivated: 30,
        removed: 30,
        unchanged: 210,
        records: 300,
      },
    });

    const opened = await createDatabase(database);
    onTestFinished(() => opened.close());
    await expectCatalogue(opened, sandbox);
    const untouched = [...(await rawRows(opened)).values()].filter((row) => row.is_processed);
    expect(untouched.length).toBe(210);
    const log = await operations(opened);
    expect(log.map(({ status }) => status)).toEqual([...log.slice(1).map(() => "ERROR"), "OK"]);
  },
);
