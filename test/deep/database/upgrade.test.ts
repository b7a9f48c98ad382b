import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createNormalizer } from "../../../src/index.ts";
import { normalizeListing } from "../../../src/listing/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { type EngineContext, freshServerDatabase, onEachDatabase } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { connectTo, whenWaiting } from "../../support/postgres/blocking.ts";

const OLD = ["0001-initial-schema", "0002-token-scopes", "0003-job-state"];
/** Columns of `processed_data` that the old version filled, besides those of the raw row. */
const OLD_FIELDS = [
  ...["mark", "model", "model_latin", "series", "model_year", "trim", "generation", "title", "year", "color"],
  ...[
    "price",
    "msrp",
    "km_age",
    "engine_type",
    "transmission_type",
    "body_type",
    "drive_type",
    "displacement",
  ],
  ...["displacement_cc", "power", "power_kw", "torque_nm", "aspiration", "cylinders", "doors", "seats"],
  ...["emission_standard", "car_class", "manufacturer", "is_import", "address", "seller_type", "is_dealer"],
  ...["section", "salon_id", "specid", "url", "vin", "description", "offer_created", "first_registration"],
] as const;
const OLD_RULES = 1;
const LISTINGS = 60;
/** Every tenth one. */
const REMOVED = LISTINGS / 10;

/** The statements of the old version's `serve`: a page of a list, and one listing. */
const LIST = `
  select k.id, k.created_at::text as key,
         (select row_to_json(x)::text from (
           select inner_id, mark, model, trim, title, year, price, km_age, color, body_type, engine_type,
                  transmission_type, drive_type, displacement, power, province, city, district, seller_type,
                  is_dealer, url, images ->> 0 as image, first_registration, offer_created, created_at
             from processed_data p where p.id = k.id) x) as item
    from (select id, created_at from processed_data
           where active_status = 0 and not is_incomplete
           order by created_at desc, id desc limit $1::int) k
   order by k.created_at desc, k.id desc`;
const DETAIL = `
  select p.inner_id as id, left(row_to_json(x)::text, -1) || ',' || substr(p.normalized_data::text, 2) as offer
    from processed_data p
   cross join lateral (select p.active_status, p.is_incomplete, p.created_at, p.updated_at) x
   where p.inner_id = $1`;

/** Reads as the old version does, by prepared statements on one connection. */
async function readOnce(db: Pick<Database, "query">): Promise<void> {
  const list = await db.query<{ item: string }>(LIST, [20], { name: "old_list" });
  expect(list.rows).toHaveLength(20);
  const { inner_id } = JSON.parse(list.rows[0]?.item ?? "") as { inner_id: string };
  const detail = await db.query<{ id: string }>(DETAIL, [inner_id], { name: "old_detail" });
  expect(detail.rows).toMatchObject([{ id: inner_id }]);
}

/** Fills a database of the old version: listings of the sandbox, every tenth one removed. */
async function fillAsOldVersion(database: Database): Promise<void> {
  const sandbox = await startSandbox({ offers: LISTINGS, changesPerDay: 0, pageSize: LISTINGS });
  onTestFinished(() => sandbox.close());
  const response = await fetch(`${sandbox.baseUrl}/offers?page=1&api_key=test`);
  const { result } = (await response.json()) as { result: { inner_id: unknown; data: object }[] };
  const rows = result.map(({ inner_id, data }, index) => {
    const { listing } = normalizeListing(data);
    const fields = listing as unknown as Record<string, unknown>;
    const old = Object.fromEntries(OLD_FIELDS.map((name) => [name, fields[name]]));
    return { inner_id: String(inner_id), data, removed: index % 10 === 0, old };
  });
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, first_loaded_at, last_updated_at, source,
                           active_status, is_processed)
     select r.inner_id, case when r.removed then 'removed' else 'added' end, '2026-03-01T10:00:00Z', r.data,
            '2026-03-02T10:00:00Z', '2026-03-03T10:00:00Z', 'initial_load', r.removed::int, true
       from jsonb_to_recordset($1::jsonb) as r(inner_id text, data jsonb, removed boolean)`,
    [JSON.stringify(rows)],
  );
  await database.query(
    `insert into processed_data (inner_id, active_status, created_at, updated_at, normalized_data, rules_version,
                                 ${OLD_FIELDS.join(", ")})
     select r.inner_id, r.removed::int, '2026-03-01T10:00:00Z', '2026-03-03T11:00:00Z', r.old, ${OLD_RULES},
            ${OLD_FIELDS.map((name) => `l.${name}`).join(", ")}
       from jsonb_to_recordset($1::jsonb) as r(inner_id text, removed boolean, old jsonb)
      cross join lateral jsonb_populate_record(null::processed_data, r.old) as l`,
    [JSON.stringify(rows)],
  );
}

/** Everything that the old version stored, by its own columns. */
async function oldContent(database: Database): Promise<unknown[]> {
  const raw = await database.query<object>(
    `select id, inner_id, change_type, created_at::text, data, first_loaded_at::text, last_updated_at::text,
            source, active_status, is_processed, change_id, completeness from raw_data order by id`,
  );
  const processed = await database.query<object>(
    `select id, inner_id, active_status, is_incomplete, created_at::text, updated_at::text, normalized_data,
            rules_version, ${OLD_FIELDS.join(", ")} from processed_data order by id`,
  );
  return [raw.rows, processed.rows];
}

const count = async (database: Database, condition: string): Promise<number> => {
  const { rows } = await database.query<{ n: number }>(`select count(*)::int as n from ${condition}`);
  return rows[0]?.n ?? Number.NaN;
};

onEachDatabase("a copy made by the version before", (context: EngineContext) => {
  const { database } = context;

  test("is upgraded, reverted and upgraded again with its data; normalize --all then writes no event for the upgrade", async () => {
    const { migrations } = database();
    await migrations.to(OLD);
    onTestFinished(async () => void (await migrations.up()));
    await fillAsOldVersion(database());
    const before = await oldContent(database());

    let migrating = true;
    const upgrade = migrations.up().finally(() => {
      migrating = false;
    });
    while (migrating) {
      await readOnce(database());
    }
    expect(await upgrade).not.toContain(OLD.at(-1));
    expect(await oldContent(database())).toEqual(before);
    expect(
      await count(
        database(),
        `processed_data where first_seen_at = '2026-03-02T10:00:00Z'
            and removed_at is not distinct from case when active_status = 1 then timestamptz '2026-03-03T10:00:00Z' end`,
      ),
    ).toBe(LISTINGS);

    await migrations.to(OLD);
    expect((await migrations.status()).executed).toEqual(OLD);
    expect(await oldContent(database())).toEqual(before);
    await readOnce(database());

    await migrations.up();
    expect(await oldContent(database())).toEqual(before);
    expect(await count(database(), "listing_events")).toBe(0);
    const normalizer = createNormalizer({ database: database() });
    const first = await normalizer.run({ all: true });
    expect(first).toMatchObject({ status: "OK", processed: LISTINGS, unchanged: 0, errors: 0 });
    // Only differences of the stored documents; no listing is new, has another price, or comes or goes.
    expect(await count(database(), "listing_events where kind <> 'changed'")).toBe(0);
    expect(await count(database(), "processed_data where first_seen_at <> '2026-03-02T10:00:00Z'")).toBe(0);
    const written = await count(database(), "listing_events");
    expect(await normalizer.run({ all: true })).toMatchObject({
      processed: LISTINGS - REMOVED,
      unchanged: LISTINGS - REMOVED,
    });
    expect(await count(database(), "listing_events")).toBe(written);
  });
});

/** So many that going through them is announced. */
const MANY = 25_000;
const ADD_MANY = `
  insert into processed_data (inner_id, active_status, created_at, updated_at, normalized_data, rules_version)
  select 'x' || n, 1, '2026-03-01T10:00:00Z', '2026-03-03T11:00:00Z', '{}', 1 from generate_series(1, ${MANY}) as n`;
const LOCK_ONE_ROW = `
  update processed_data set doors = doors
   where inner_id = (select inner_id from processed_data where active_status = 0 limit 1)`;

// On a server only: the embedded database has one connection, on which the test above reads.
test("an old serve reads while a migration waits for a long read, and while listings are rewritten and indexed", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  await database.migrations.to(OLD);
  await fillAsOldVersion(database);
  const { logger, lines } = collectingLogger();
  const upgrading = await createDatabase({ url, logger, skipSchemaCheck: true });
  onTestFinished(() => upgrading.close());
  const { migrations } = upgrading;
  const { executed, pending } = await migrations.status();
  const rewriting = pending.indexOf("0009-listing-dates");
  const indexing = pending.indexOf("0010-listing-indexes");
  const [reader, other] = [await connectTo(url), await connectTo(url)];
  await readOnce(reader);

  // ALTER TABLE waits for a long read, and later reads wait for ALTER TABLE, but only until it gives up for a moment.
  await other.query("begin");
  await other.query("select id from processed_data limit 1");
  const changed = migrations.to([...executed, ...pending.slice(0, rewriting)]);
  await whenWaiting(reader, "alter table processed_data");
  await readOnce(reader);
  await whenWaiting(reader, "alter table processed_data");
  await readOnce(reader);
  await other.query("commit");
  expect(await changed).toBe(true);

  // A row that is locked stops the rewriting, and an uncommitted change the build of an index.
  await database.query(ADD_MANY);
  await other.query("begin");
  await other.query(LOCK_ONE_ROW);
  const applied = migrations.up();
  await whenWaiting(reader, "update processed_data");
  await readOnce(reader);
  await other.query("commit");
  expect(await applied).toEqual(pending.slice(rewriting));
  await readOnce(reader);

  await migrations.to([...executed, ...pending.slice(0, indexing)]);
  await other.query("begin");
  await other.query(LOCK_ONE_ROW);
  const indexed = migrations.up();
  await whenWaiting(reader, "create index");
  await readOnce(reader);
  await other.query("commit");
  expect(await indexed).toEqual(pending.slice(indexing));

  const [announced, took] = lines.filter(({ text }) => text.includes("0009-listing-dates"));
  expect(announced?.text).toMatch(/25060 listings, which takes about \d+ s; a running API keeps reading/);
  expect(took?.text).toMatch(/took \d+ s/);
});
