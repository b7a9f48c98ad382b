import { Migration } from "@mikro-orm/migrations";

/** Gaps of the change feed, and the checkpoints of `reconcile` and of daily files. */
export class FeedGaps extends Migration {
  override up(): void {
    this.addSql(`
      create table feed_gaps (
        id serial primary key,
        from_id bigint not null,
        to_id bigint not null,
        found_at timestamptz not null default now(),
        repaired_at timestamptz null,
        after_at timestamptz null,
        before_at timestamptz null
      )`);
    this.addSql("create index feed_gaps_open on feed_gaps (id) where repaired_at is null");
    this.addSql(`
      alter table sync_state
        add column id_steps bigint not null default 0,
        add column id_holes bigint not null default 0,
        add column renumbered_at timestamptz null`);
    this.addSql(`
      create table reconcile_state (
        id int primary key,
        source text not null,
        phase varchar(16) not null,
        position bigint null,
        gaps_below bigint null,
        checkpoint jsonb null,
        batches int not null default 0,
        active_before int not null default 0,
        counts jsonb not null default '{}',
        started_at timestamptz not null,
        finished_at timestamptz null,
        covered_to bigint null,
        repair_started_at timestamptz null,
        constraint reconcile_state_one_row check (id = 1)
      )`);
    this.addSql("create table reconcile_seen (raw_id int primary key)");
    this.addSql(`
      create table export_state (
        id int primary key,
        file text not null,
        version text not null,
        columns jsonb not null,
        position bigint null,
        records int not null default 0,
        started_at timestamptz not null,
        finished_at timestamptz null,
        constraint export_state_one_row check (id = 1)
      )`);
    this.addSql(`
      create table source_hashes (
        raw_id int primary key,
        hash bytea not null,
        row_updated_at timestamptz not null
      )`);
  }

  override down(): void {
    this.addSql("drop table source_hashes");
    this.addSql("drop table export_state");
    this.addSql("drop table reconcile_seen");
    this.addSql("drop table reconcile_state");
    this.addSql(
      "alter table sync_state drop column renumbered_at, drop column id_holes, drop column id_steps",
    );
    this.addSql("drop table feed_gaps");
  }
}
