import { expect, inject, onTestFinished, test } from "vitest";
import { runDaily } from "../../../src/daily/run-daily.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { openApi } from "../../support/api/api.ts";
import { openApplicationOrm } from "../../support/database/application-orm.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { dumpOf, restoreFrom } from "../../support/database/dumps.ts";
import { feedPosition, rawRows } from "../../support/database/rows.ts";
import { change, clientOf, offers, serve } from "../../support/sandbox/service.ts";

/** Settings that change the meaning of SQL or the text of a value. */
const ODD = {
  datestyle: "'German, DMY'",
  intervalstyle: "sql_standard",
  timezone: "'Asia/Kolkata'",
  bytea_output: "escape",
  extra_float_digits: "-15",
  standard_conforming_strings: "off",
  array_nulls: "off",
  transform_null_equals: "on",
  default_transaction_isolation: "serializable",
  gin_fuzzy_search_limit: "1",
};

/** Presets settings of the database, in a separate session. */
async function preset(url: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const database = await createDatabase({ url });
  const { rows } = await database.query<{ name: string }>("select current_database()::text as name");
  for (const [name, value] of Object.entries(settings)) {
    await database.query(`alter database ${rows[0]?.name} set ${name} to ${value}`);
  }
  await database.close();
}

const openers = {
  "by its address": async () => {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    await preset(url, ODD);
    return createDatabase({ url });
  },
  "through the ORM of an application": async () => {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    await preset(url, ODD);
    const orm = await openApplicationOrm(url, { pool: { max: 6 } });
    return createDatabase({ orm });
  },
  plain: async () => {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    return createDatabase({ url });
  },
};

async function open(kind: keyof typeof openers): Promise<Database> {
  const database = await openers[kind]();
  onTestFinished(() => database.close());
  return database;
}

const NOW = () => new Date("2025-06-15T12:00:00Z");

/** Runs every operation and returns all visible results. */
async function live(database: Database, target: Database) {
  const changes = [
    change(
      100,
      "changed",
      "listing-1",
      { new_price: 1 },
      { date: "2025-06-13", at: "2025-06-13T09:00:00.5Z" },
    ),
    change(101, "removed", "listing-2", undefined, { date: "2025-06-14", at: "2025-06-14T21:30:00Z" }),
    change(102, "added", "listing-46", { mark: "Kia", first_registration: "2021-02-03" }),
  ];
  const sandbox = await serve({ offers: offers(45), changes });
  const client = clientOf(sandbox);
  const normalizer = createNormalizer({ database, now: NOW });
  await createLoader({ database, client, now: NOW }).run();
  await normalizer.run();
  // A position with a date but no id: the feed is read from the following day.
  await database.query("update sync_state set last_change_id = null, last_successful_date = '2025-06-12'");
  const daily = await runDaily({
    database,
    updater: createUpdater({ database, client, now: NOW }),
    normalizer,
  });
  const { changes: applied, days, status } = daily.update;

  const walk = async (from: Database) => {
    const api = await openApi(from);
    const pages: unknown[] = [];
    for (const sort of ["-created_at", "price", "-year"]) {
      let cursor: string | null = "";
      while (cursor !== null) {
        const path: string = `/offers?limit=20&sort=${sort}${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const { status: code, body } = await api.ask(path);
        expect(code).toBe(200);
        pages.push(
          body.result.map(({ updated_at: _, first_seen_at, ...card }: Record<string, string>) => {
            expect(first_seen_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
            return card;
          }),
        );
        cursor = body.meta.next_cursor;
      }
    }
    const { body: detail } = await api.ask("/offers/listing-46");
    const { body: words } = await api.ask("/offers?q=kia&limit=100");
    const ids = words.result.map(({ inner_id }: { inner_id: string }) => inner_id);
    return {
      pages,
      registered: detail.first_registration ?? detail.result?.first_registration,
      found: ids.length,
    };
  };
  await restoreFrom(await dumpOf(database), target, { force: true });
  return {
    status,
    applied,
    days,
    position: await feedPosition(database),
    rows: await rawRows(database),
    api: await walk(database),
    restored: { rows: await rawRows(target), api: await walk(target) },
  };
}

test
  .skipIf(!inject("engines").includes("postgresql"))
  .each(["by its address", "through the ORM of an application"] as const)(
  "settings preset in the database change nothing for one opened %s",
  async (kind) => {
    const odd = await live(await open(kind), await open(kind));
    const plain = await live(await open("plain"), await open("plain"));
    expect(odd).toEqual(plain);
    expect(odd).toMatchObject({ status: "OK", applied: 3, days: ["2025-06-13", "2025-06-14", "2025-06-15"] });
    expect(odd.restored.rows).toEqual(odd.rows);
    expect(odd.api.found).toBeGreaterThan(40);
  },
);

test("sessions of the embedded database have the same settings", async () => {
  const database = await createDatabase({ dataDir: "memory://" });
  onTestFinished(() => database.close());
  const { rows } = await database.query(
    "select '2025-06-15T12:00:00Z'::timestamptz::text as time, '\\x01'::bytea::text as bytes, array_length('{NULL}'::text[], 1) as length",
  );
  expect(rows).toEqual([{ time: "2025-06-15 12:00:00+00", bytes: "\\x01", length: 1 }]);
});
