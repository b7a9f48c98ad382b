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

const LISTED = "active_status = 0 and not is_incomplete";

/** Further columns of listings, and the indexes over them; the key of picture addresses; exchange rates. */
export class ListingColumns extends Migration {
  override up(): void {
    for (const [name, type] of COLUMNS) {
      this.addSql(`alter table processed_data add column ${name} ${type}`);
    }
    for (const [name, type] of RAW_COLUMNS) {
      this.addSql(`alter table raw_data add column ${name} ${type}`);
    }
    this.addSql(`create index processed_data_salon_id on processed_data (salon_id) where ${LISTED}`);
    for (const key of ["updated_at", "price_drop"]) {
      this.addSql(`create index processed_data_by_${key} on processed_data (${key}, id) where ${LISTED}`);
    }
    this.addSql(
      "create index processed_data_removed_at on processed_data (removed_at) where active_status = 1",
    );
    this.addSql(`
      create table exchange_rates (
        source varchar(16) primary key,
        day date not null,
        rates jsonb not null,
        fetched_at timestamptz not null
      )`);
    // A volatile default: each database gets its own key.
    this.addSql("alter table data_version add column image_key uuid not null default gen_random_uuid()");
    this.addSql(`
      update processed_data p
         set first_seen_at = r.first_loaded_at,
             removed_at = case when p.active_status = 1 then r.last_updated_at end
        from raw_data r
       where r.inner_id = p.inner_id`);
  }

  override down(): void {
    this.addSql("drop table exchange_rates");
    this.addSql("alter table data_version drop column image_key");
    for (const name of ["salon_id", "by_updated_at", "by_price_drop", "removed_at"]) {
      this.addSql(`drop index processed_data_${name}`);
    }
    for (const [name] of COLUMNS) {
      this.addSql(`alter table processed_data drop column ${name}`);
    }
    for (const [name] of RAW_COLUMNS) {
      this.addSql(`alter table raw_data drop column ${name}`);
    }
  }
}
