import { Migration } from "@mikro-orm/migrations";

/**
 * The mirror's change feed. A trigger writes it, so that no writer of `raw_data` is forgotten, not even manual SQL. Each
 * statement takes its ids from one row, whose lock makes them consecutive in commit order.
 *
 * `last_updated_at` distinguishes a change of the listing from one of `is_processed`, without reading the documents.
 */
export class MirrorFeed extends Migration {
  override up(): void {
    this.addSql(`
      create index raw_data_catalogue on raw_data (length(inner_id), inner_id)
       where active_status = 0 and completeness = 'complete'`);
    this.addSql(`
      create function che168_append_mirror_changes(ids text[]) returns void language plpgsql
      set search_path from current as $$
      declare
        first bigint;
      begin
        if cardinality(ids) is null or cardinality(ids) = 0 then
          return;
        end if;
        insert into mirror_state as s (id, last_id) values (1, cardinality(ids))
        on conflict (id) do update set last_id = s.last_id + cardinality(ids)
        returning last_id - cardinality(ids) + 1 into first;
        insert into mirror_changes (id, inner_id)
        select first + place - 1, inner_id from unnest(ids) with ordinality as u(inner_id, place);
      end $$`);
    this.addSql(`
      create function che168_mirror_inserted() returns trigger language plpgsql set search_path from current as $$
      begin
        perform che168_append_mirror_changes((select array_agg(inner_id order by id) from inserted));
        return null;
      end $$`);
    this.addSql(`
      create function che168_mirror_updated() returns trigger language plpgsql set search_path from current as $$
      begin
        perform che168_append_mirror_changes((
          select array_agg(n.inner_id order by n.id) from updated n join replaced o using (id)
           where n.last_updated_at is distinct from o.last_updated_at));
        return null;
      end $$`);
    this.addSql(`
      create trigger raw_data_mirror_inserted after insert on raw_data
      referencing new table as inserted for each statement execute function che168_mirror_inserted()`);
    this.addSql(`
      create trigger raw_data_mirror_updated after update on raw_data
      referencing old table as replaced new table as updated for each statement execute function che168_mirror_updated()`);
  }

  override down(): void {
    this.addSql("set local lock_timeout = '2s'");
    this.addSql("drop trigger raw_data_mirror_updated on raw_data");
    this.addSql("drop trigger raw_data_mirror_inserted on raw_data");
    this.addSql("drop function che168_mirror_updated, che168_mirror_inserted, che168_append_mirror_changes");
    this.addSql("drop index raw_data_catalogue");
  }
}
