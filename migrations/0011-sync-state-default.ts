import { Migration } from "@mikro-orm/migrations";

/** The table has one row, whose id need not be named. */
export class SyncStateDefault extends Migration {
  override up(): void {
    this.addSql("set local lock_timeout = '2s'");
    this.addSql("alter table sync_state alter column id set default 1");
  }

  override down(): void {
    this.addSql("set local lock_timeout = '2s'");
    this.addSql("alter table sync_state alter column id drop default");
  }
}
