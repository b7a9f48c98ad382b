import { Migration } from "@mikro-orm/migrations";

/**
 * How far a run over every row has come, and the keys of the parts that documents share. A trigger forgets the keys with the
 * document that they belong to, so that no writer of `raw_data` is forgotten, not even manual SQL.
 */
export class NormalizeStates extends Migration {
  override up(): void {
    this.addSql("set local lock_timeout = '2s'");
    this.addSql(`
      create table normalize_state (
        id int primary key, after_id int not null, started_at timestamptz not null,
        constraint normalize_state_one_row check (id = 1)
      )`);
    this.addSql("alter table raw_data add column part_keys uuid[]");
    this.addSql(`
      create function che168_forget_part_keys() returns trigger language plpgsql as $$
      begin
        new.part_keys := null;
        return new;
      end $$`);
    this.addSql(`
      create trigger raw_data_part_keys before update of data on raw_data
      for each row when (new.part_keys is not null) execute function che168_forget_part_keys()`);
  }

  override down(): void {
    this.addSql("set local lock_timeout = '2s'");
    this.addSql("drop trigger raw_data_part_keys on raw_data");
    this.addSql("drop function che168_forget_part_keys");
    this.addSql("alter table raw_data drop column part_keys");
    // The rows that an unfinished run has not reached.
    this.addSql(`
      update raw_data r set is_processed = false from normalize_state s where r.id > s.after_id and r.is_processed`);
    this.addSql("drop table normalize_state");
  }
}
