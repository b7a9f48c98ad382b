import { Migration } from "@mikro-orm/migrations";

const LISTED = "active_status = 0 and not is_incomplete";

/** Indexes by name, with their columns and their condition. */
const INDEXES = {
  processed_data_salon_id: `(salon_id) where ${LISTED}`,
  processed_data_by_updated_at: `(updated_at, id) where ${LISTED}`,
  processed_data_by_price_drop: `(price_drop, id) where ${LISTED}`,
  processed_data_removed_at: "(removed_at) where active_status = 1",
};

/** Indexes for sorting and filtering. A build blocks writers of the table, not readers. */
export class ListingIndexes extends Migration {
  override up(): void {
    for (const [name, definition] of Object.entries(INDEXES)) {
      this.addSql(`create index ${name} on processed_data ${definition}`);
    }
  }

  override down(): void {
    // Dropping an index needs the lock that blocks readers too.
    this.addSql("set local lock_timeout = '2s'");
    this.addSql(`drop index ${Object.keys(INDEXES).join(", ")}`);
  }
}
