import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { type SandboxChange, startSandbox } from "../../../src/sandbox/index.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { feedPosition, operations, rawRows } from "../../support/database/rows.ts";
import { directoryWith } from "../../support/files/files.ts";
import { createKiller, type Moment } from "../../support/process/killing.ts";
import { change, feedAsked, offers } from "../../support/sandbox/service.ts";

const KILLS = 10;
const NOW = "2025-06-15T12:00:00Z";
const SEED = 4_711;
/** Four missed days, and today. */
const DAYS = ["2025-06-11", "2025-06-12", "2025-06-13", "2025-06-14", "2025-06-15"];
const KNOWN = offers(60);
const full = (innerId: string) =>
  innerId.endsWith("0") ? undefined : { mark: "Full", price: 1, url: innerId };

/** 60 changes a day, of known and unknown listings. */
function makeFeed(random: () => number): SandboxChange[] {
  return DAYS.flatMap((date, day) =>
    Array.from({ length: 60 }, (_, index) => {
      const id = 1000 + 60 * day + index;
      const innerId = `listing-${1 + Math.floor(random() * 90)}`;
      const type = (["added", "changed", "changed", "changed", "removed"] as const)[Math.floor(random() * 5)];
      const at = new Date(Date.parse(`${date}T00:00:00Z`) + index * 60_000).toISOString();
      const data =
        type === "changed" ? { new_price: id, [`new_field${index % 3}`]: index } : { mark: "New", price: id };
      return change(id, type ?? "changed", innerId, data, { date, at });
    }),
  );
}

/** A separate database; its catalogue was loaded before the first missed day. */
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
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     select inner_id, change_type, created_at, data, 'initial_load' from jsonb_to_recordset($1::jsonb)
         as r(inner_id text, change_type text, created_at timestamptz, data jsonb)`,
    [JSON.stringify(KNOWN)],
  );
  await database.query(
    "insert into sync_state (id, last_change_id, last_successful_date) values (1, 1000, '2025-06-10')",
  );
  await database.close();
  return options;
}

test.each(["PostgreSQL", "the embedded database"])(
  "four missed days through ten SIGKILLs: the same table as without, at no more than two extra requests per kill (%s)",
  async (engine) => {
    const random = numbersFrom(SEED);
    const changes = makeFeed(random);
    const killer = createKiller();
    const sandbox = await startSandbox({
      ...{ source: { offers: [], changes, offer: full }, logger: killer.logger, now: () => new Date(NOW) },
    });
    onTestFinished(() => sandbox.close());
    const database = await place(engine);
    const order = { work: "daily", database, baseUrl: sandbox.baseUrl, now: NOW } as const;

    for (let kills = 0; kills < KILLS; kills += 1) {
      const moment =
        (["requested", "responded", "stored"] as const)[Math.floor(random() * 3)] ?? ("requested" as Moment);
      // A page is stored after about two requests: every run makes progress, and none finishes.
      const count = moment === "stored" ? 1 + Math.floor(random() * 2) : 1 + Math.floor(random() * 4);
      await killer.run(order, { moment, count });
    }
    const result = await killer.run(order);
    expect(result).toMatchObject({ status: "OK", duplicates: 0, failed: 0 });

    const opened = await createDatabase(database);
    onTestFinished(() => opened.close());
    const model = createModel();
    KNOWN.forEach(model.load);
    for (const { record } of changes) {
      model.change(record as SentRecord);
    }
    model.complete(full);
    expect(comparable((await rawRows(opened)).values())).toEqual(comparable(model.rows.values()));
    expect(await feedPosition(opened)).toEqual({ position: 1300, day: "2025-06-15" });

    const asked = feedAsked(sandbox).filter((one) => !one.startsWith("offer"));
    const pages = Math.ceil(changes.length / 20);
    expect(asked.length).toBeLessThanOrEqual(pages + DAYS.length + 2 * KILLS);
    // Each kill costs at most one repeated page of the feed: the one in flight.
    const repeated = asked.filter((one) => one.startsWith("changes")).length - pages;
    expect(repeated).toBeLessThanOrEqual(KILLS);

    const log = await operations(opened);
    expect(log.map(({ status }) => status)).toEqual([...log.slice(1).map(() => "ERROR"), "OK"]);
    const sum = (key: string) => log.reduce((total, { details }) => total + Number(details[key]), 0);
    expect(sum("changes")).toBe(changes.length);
    expect(sum("duplicates")).toBe(0);
  },
);
