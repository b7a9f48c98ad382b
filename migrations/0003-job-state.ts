import { Migration } from "@mikro-orm/migrations";

/** The newest change time, which detects restarted change ids, and the dismissal of rejected records. */
export class JobState extends Migration {
  override up(): void {
    this.addSql("alter table sync_state add column newest_change_at timestamptz null");
    // The arrival time of the last applied change: an upper bound of the times of all received changes.
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
