import { Migration } from "@mikro-orm/migrations";

/** What restarted change ids are detected by, and which rejected records a person has dealt with. */
export class JobState extends Migration {
  override up(): void {
    this.addSql("alter table sync_state add column newest_change_at timestamptz null");
    // The arrival of the last change that was applied: at or after the time of every change received.
    this.addSql(`
      update sync_state
         set newest_change_at = (select greatest(max(created_at), max(last_updated_at))
                                   from raw_data where change_id is not null)`);
    this.addSql("alter table rejected_records add column dismissed_at timestamptz null");
    this.addSql(
      "create index rejected_records_open_index on rejected_records (id) where dismissed_at is null",
    );
  }

  override down(): void {
    this.addSql("drop index rejected_records_open_index");
    this.addSql("alter table rejected_records drop column dismissed_at");
    this.addSql("alter table sync_state drop column newest_change_at");
  }
}
