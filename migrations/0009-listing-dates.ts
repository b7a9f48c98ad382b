import { Migration } from "@mikro-orm/migrations";

/**
 * When the copy first received each listing, and its removal. Rewrites every row, in a transaction of its own that blocks no
 * reader.
 */
export class ListingDates extends Migration {
  override up(): void {
    this.addSql(`
      update processed_data p
         set first_seen_at = r.first_loaded_at,
             removed_at = case when p.active_status = 1 then r.last_updated_at end
        from raw_data r
       where r.inner_id = p.inner_id and p.first_seen_at is null`);
  }

  /** The columns are dropped with the migration that added them. */
  override down(): void {}
}
