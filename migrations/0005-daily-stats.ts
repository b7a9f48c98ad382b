import { Migration } from "@mikro-orm/migrations";

/** Statistics per feed day, and the notifications that were sent. */
export class DailyStatistics extends Migration {
  override up(): void {
    this.addSql(`
      create table daily_stats (
        day date primary key,
        added int not null default 0,
        changed int not null default 0,
        removed int not null default 0,
        lost int not null default 0,
        active int null,
        active_at timestamptz null,
        filled jsonb null,
        filled_at timestamptz null
      )`);
    this.addSql(`
      create table notifications (
        id serial primary key,
        target varchar(64) not null,
        reason varchar(32) not null,
        day date not null,
        is_resolved boolean not null default false,
        claimed_at timestamptz not null default now(),
        sent_at timestamptz null,
        constraint notifications_once_a_day unique (target, reason, day, is_resolved)
      )`);
  }

  override down(): void {
    this.addSql("drop table notifications");
    this.addSql("drop table daily_stats");
  }
}
