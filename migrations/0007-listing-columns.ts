import { Migration } from "@mikro-orm/migrations";

/** Columns added to `processed_data`: name and type. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  // A listing with the same hash is not written again; null in rows written before.
  ["content_hash", "uuid"],
  ["passable_from", "date"],
  ["passable_until", "date"],
  ["customs_power_kw", "numeric(6,2)"],
  ["transfers", "int"],
  ["battery_kwh", "numeric(6,3)"],
  ["ev_range_km", "int"],
  ["consumption_l", "numeric(5,2)"],
  ["first_seen_at", "timestamptz"],
  ["removed_at", "timestamptz"],
  // By how much the last price event lowered the price.
  ["price_drop", "int"],
];

/** Columns added to `raw_data`. */
const RAW_COLUMNS: typeof COLUMNS = [
  // The rules by which the row was last normalised, also when its listing stayed the same; null in rows processed before.
  ["rules_version", "int"],
];

/** Longest wait for the lock that ALTER TABLE needs: while it waits, it also blocks later readers. */
const LOCK_TIMEOUT = "set local lock_timeout = '2s'";

const added = (columns: typeof COLUMNS) =>
  columns.map(([name, type]) => `add column ${name} ${type}`).join(", ");
const dropped = (columns: typeof COLUMNS) => columns.map(([name]) => `drop column ${name}`).join(", ");

/**
 * Further columns of listings, the key of picture addresses, and exchange rates. Only changes the catalogue, in
 * milliseconds: the following migrations fill and index the columns without blocking readers.
 */
export class ListingColumns extends Migration {
  override up(): void {
    this.addSql(LOCK_TIMEOUT);
    this.addSql(`
      create table exchange_rates (
        source varchar(16) primary key,
        day date not null,
        rates jsonb not null,
        fetched_at timestamptz not null
      )`);
    this.addSql(`alter table raw_data ${added(RAW_COLUMNS)}`);
    this.addSql(`alter table processed_data ${added(COLUMNS)}`);
    // A volatile default: each database gets its own key.
    this.addSql("alter table data_version add column image_key uuid not null default gen_random_uuid()");
  }

  override down(): void {
    this.addSql(LOCK_TIMEOUT);
    this.addSql("alter table data_version drop column image_key");
    this.addSql(`alter table processed_data ${dropped(COLUMNS)}`);
    this.addSql(`alter table raw_data ${dropped(RAW_COLUMNS)}`);
    this.addSql("drop table exchange_rates");
  }
}
