import { Readable, Writable } from "node:stream";
import { afterAll, onTestFinished } from "vitest";
import { createDatabase, type Database, type DatabaseEngine } from "../../../src/database/index.ts";
import { dumpDatabase, type RestoreOptions, restoreDatabase } from "../../../src/dump/index.ts";
import { nextValue } from "../../../src/dump/tables.ts";
import { emptyTables, freshServerDatabase } from "./databases.ts";

/** Both engines, in each direction of a dump. */
export const ENGINES = ["postgresql", "pglite"] as const satisfies DatabaseEngine[];

/** Embedded databases for reuse: creating one takes seconds. */
const idle: Database[] = [];
afterAll(async () => {
  for (const database of idle.splice(0)) {
    await database.close();
  }
});

/** A migrated, empty database for one test. `changesSchema`: not reused, because the test changes the schema. */
export async function databaseOf(engine: DatabaseEngine, { changesSchema = false } = {}): Promise<Database> {
  if (engine === "postgresql") {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    const database = await createDatabase({ url });
    onTestFinished(() => database.close());
    return database;
  }
  const database =
    (changesSchema ? undefined : idle.pop()) ?? (await createDatabase({ dataDir: "memory://" }));
  onTestFinished(async () => {
    if (changesSchema) {
      await database.close();
    } else {
      await emptyTables(database);
      idle.push(database);
    }
  });
  return database;
}

/** Values that are hard to represent in a text format. */
const AWKWARD = [
  "奔驰 E级 2019款 改款 E 300 L 运动时尚型",
  "a\tb\nc\r\nd\\e\\n\\N\\.",
  "\\N",
  "\\.",
  "",
  " ' \" ; -- {} [] , $1 \u2028 \ufffd 😀 \u{10ffff}",
];

const FILL = `
  with texts as (select value, ordinality::int as n from jsonb_array_elements_text($1::jsonb) with ordinality),
  raw as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status, is_processed, change_id)
    select 'listing-' || n, 'added', timestamptz '2025-04-29T05:15:22.345678Z' - n * interval '17 minutes',
           jsonb_build_object('description', value, value, n, 'big', 12345678901234567890123.5, 'none', null),
           'initial_load', n % 2, n % 3 = 0, case when n % 2 = 0 then 9007199254740993 + n end
      from texts),
  processed as (
    insert into processed_data (inner_id, created_at, updated_at, mark, price, displacement, is_dealer, offer_created,
                                images, normalized_data, search, rules_version)
    select 'listing-' || n, timestamptz '2025-04-29 05:15:22.3+00', now(), value, n, 1.5 + n, n % 2 = 0,
           date '2025-04-29', jsonb_build_array(value), jsonb_build_object('title', value),
           array_to_tsvector(array['kia', 'обивка''кожа', 'k' || n]), 3
      from texts),
  tokens as (insert into api_tokens (token, description) select 'token-' || n, value from texts),
  operations as (
    insert into operations_log (operation_type, status, duration, details)
    select 'data_fetch', 'OK', n, jsonb_build_object('text', value)::text from texts),
  sync as (insert into sync_state (id, last_successful_date, last_change_id) values (1, '2025-06-15', 892145)),
  load as (insert into load_state (id, next_page, started_at) values (1, 17, now())),
  events as (
    insert into listing_events (inner_id, kind, old_price, new_price)
    select 'listing-' || n, 'price', n, n + 1 from texts),
  kept as (insert into event_state (id, oldest_id) values (1, 3)),
  hooks as (
    insert into webhook_endpoints (url, position, failures, last_error)
    select 'https://hooks.example/' || n, n, n, value from texts),
  mirrored as (
    insert into mirror_changes (id, inner_id) select n, 'listing-' || n from texts on conflict do nothing),
  mirror as (
    insert into mirror_state (id, last_id) select 1, max(n) from texts
    on conflict (id) do update set last_id = greatest(mirror_state.last_id, excluded.last_id)),
  failed as (insert into failed_pages (page, reason) select n * 3, value from texts),
  gaps as (
    insert into feed_gaps (from_id, to_id, after_at)
    select n, 9007199254740991, timestamptz '2025-04-29 05:15:22.3+00' from texts),
  compared as (
    insert into reconcile_state (id, source, phase, position, checkpoint, started_at)
    values (1, 'api', 'read', 892145, jsonb_build_object('page', 17), now())),
  seen as (insert into reconcile_seen (raw_id) select n from texts),
  loaded as (
    insert into export_state (id, file, version, columns, position, started_at)
    select 1, 'all_active.csv of 2025-06-15', '"etag"', jsonb_agg(value), 9007199254740991, now() from texts),
  hashes as (
    insert into source_hashes (raw_id, hash, row_updated_at)
    select n, sha256(convert_to(value, 'UTF8')), timestamptz '2025-04-29 05:15:22.345678+00' from texts),
  rejected as (
    insert into rejected_records (source, reason, record, fingerprint)
    select 'daily_update', value, value, md5(value) from texts),
  stats as (
    insert into daily_stats (day, added, active, filled, filled_at)
    select date '2025-06-15' - n::int, n, 7, jsonb_build_object('price', 0.9812, value, n), now() from texts),
  again as (insert into normalize_state (id, after_id, started_at) values (1, 3, now())),
  sent as (
    insert into notifications (target, reason, day, sent_at) select 'target-' || n, 'stale', '2025-06-15', now() from texts)
  update data_version set version = 41`;

/** Fills every table with awkward values, and moves a sequence ahead of its rows. */
export async function fillAwkwardly(database: Database): Promise<void> {
  await database.query(FILL, [JSON.stringify(AWKWARD)]);
  await database.query("select nextval('raw_data_id_seq'), nextval('raw_data_id_seq')");
}

/** `count` listings of about `size` bytes. */
export async function fillWith(database: Database, count: number, size: number): Promise<void> {
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     select 'bulk-' || n, 'added', now(), jsonb_build_object('text', repeat(md5(n::text), $2::int / 32)),
            'initial_load'
       from generate_series(1, $1::int) as n`,
    [count, size],
  );
}

const TABLES = [
  "api_tokens",
  "daily_stats",
  "event_state",
  "export_state",
  "failed_pages",
  "feed_gaps",
  "listing_events",
  "load_state",
  "mirror_changes",
  "mirror_state",
  "normalize_state",
  "notifications",
  "operations_log",
  "processed_data",
  "raw_data",
  "reconcile_seen",
  "reconcile_state",
  "rejected_records",
  "source_hashes",
  "sync_state",
  "webhook_endpoints",
];

/** Primary keys that are not named `id`. */
const KEYS: Readonly<Record<string, string>> = {
  failed_pages: "page",
  reconcile_seen: "raw_id",
  source_hashes: "raw_id",
  daily_stats: "day",
};

/** Everything that a dump must contain, as one comparable object. */
export async function contentsOf(database: Database): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const table of TABLES) {
    const key = KEYS[table] ?? "id";
    const { rows } = await database.query<{ rows: string[] }>(
      `select coalesce(array_agg(case when length(t::text) < 2000 then t::text else md5(t::text) end order by ${key}), '{}')
              as rows
         from ${table} as t`,
    );
    contents[table] = rows[0]?.rows;
  }
  const sequences: Record<string, string> = {};
  for (const table of TABLES) {
    const { rows } = await database.query<{ name: string | null }>(
      "select case when $2 = 'id' then pg_get_serial_sequence($1, 'id') end as name",
      [table, KEYS[table] ?? "id"],
    );
    const name = rows[0]?.name;
    sequences[table] = name ? await nextValue(database, name) : "";
  }
  const { rows: indexes } = await database.query(
    `select indexdef from pg_indexes where tablename in (select jsonb_array_elements_text($1::jsonb)) order by 1`,
    [JSON.stringify(TABLES)],
  );
  return { ...contents, sequences, indexes };
}

/** The dump of a database, in memory. */
export async function dumpOf(database: Database): Promise<Buffer> {
  const parts: Buffer[] = [];
  const output = new Writable({
    write: (part: Buffer, _encoding, done) => {
      parts.push(part);
      done();
    },
  });
  await dumpDatabase({ database, output });
  return Buffer.concat(parts);
}

/** Restores a dump from memory, in chunks of the size that a file or a pipe delivers. */
export const restoreFrom = (
  dump: Buffer,
  database: Database,
  options: Partial<RestoreOptions> = {},
): ReturnType<typeof restoreDatabase> => {
  const part = 65_536;
  const parts = Array.from({ length: Math.ceil(dump.length / part) }, (_, index) =>
    dump.subarray(index * part, (index + 1) * part),
  );
  return restoreDatabase({ database, input: Readable.from(parts), name: "test.dump", ...options });
};
