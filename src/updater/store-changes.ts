import { type Database, isUnstorable, type Lock } from "../database/index.ts";
import { withoutWaitingForDisk } from "../operations/commit.ts";
import { type Rejection, rejectedSql } from "../operations/rejected.ts";
import { type PreparedChanges, rejectRecords } from "./prepare-changes.ts";

/** What became of the changes of a page. */
export interface StoredChanges {
  /** New rows. */
  readonly loaded: number;
  readonly updated: number;
  /** Rows whose last change is a removal, new ones included. */
  readonly removed: number;
  /** Changes that were applied before, or are older than what is stored. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Characters that were replaced because PostgreSQL cannot hold them. */
  readonly repaired: number;
  /** Changes that came without a usable date and got the time of arrival. */
  readonly undated: number;
}

/** Counts of a run: pages read, their changes, and what became of those. */
export interface UpdateTotals extends StoredChanges {
  readonly pages: number;
  readonly changes: number;
}

/**
 * One statement, and so one transaction: changed rows, new rows, what was rejected, the position, the run's counts.
 * $1 rejections, $2 position before, $3 position behind, $4 run's row, $5 its counts, $6 changes of the page, $7 how many
 * folds there are, $8 the folds.
 *
 * Without a row, the fold of all changes makes one: from `added` a whole listing; from `changed` what is known, to be
 * completed; once it is removed, nothing more is to be had of it. A listing that the service did not have is asked for
 * again when it changes.
 *
 * The limit tells PostgreSQL that the folds are few, so that it looks the rows up instead of reading all of them. Nobody
 * waits for the disk: rows and position are one transaction, so a server that crashes stands a few pages back and no more
 * (the run notices it), and what closes a day does wait, for all that came before it.
 */
const STORE_CHANGES = `
  with moved as (
    update sync_state set last_change_id = $3::bigint, updated_at = clock_timestamp()
     where id = 1 and last_change_id = $2::bigint
    returning 1),
  folds as (
    select * from jsonb_to_recordset($8::jsonb) as f(
      inner_id text, after_id bigint, before_id bigint, change_id bigint, change_type text, replaces boolean, data jsonb,
      active_status int, created_at timestamptz, first_created_at timestamptz,
      removed_at jsonb, record_count int)
     where exists (select from moved)
     limit $7::int),
  updated as (
    update raw_data r
       set data = case when f.replaces then f.data else r.data || f.data end,
           active_status = coalesce(f.active_status, r.active_status),
           change_type = f.change_type,
           created_at = coalesce(f.created_at, r.created_at),
           last_updated_at = clock_timestamp(),
           is_processed = false,
           change_id = f.change_id,
           completeness = case when f.replaces or r.completeness = 'complete' then 'complete'
                               when coalesce(f.active_status, r.active_status) = 1 then 'unavailable'
                               else 'pending' end
      from folds f
     where r.inner_id = f.inner_id
       and coalesce(r.change_id, -1) >= f.after_id and coalesce(r.change_id, -1) < f.before_id
    returning f.change_type, f.record_count, f.removed_at),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status, change_id, completeness)
    select f.inner_id, f.change_type, f.first_created_at, f.data, 'daily_update', coalesce(f.active_status, 0),
           f.change_id,
           case when f.replaces then 'complete' when f.active_status = 1 then 'unavailable' else 'pending' end
      from folds f
     where f.after_id = -1 and not exists (select from raw_data r where r.inner_id = f.inner_id)
     order by f.change_id
    on conflict (inner_id) do nothing
    returning change_type, inner_id),
  made as (select f.* from folds f join inserted i using (inner_id) where f.after_id = -1),
  removals as (
    select jsonb_array_elements_text(removed_at)::timestamptz as at from updated
    union all select jsonb_array_elements_text(removed_at)::timestamptz from made),
  overtaken as (
    update load_state l
       set removed_meanwhile = removed_meanwhile
         + (select count(*) from removals r where r.at >= l.started_at and r.at <= coalesce(l.finished_at, r.at))
     where exists (select from removals)),
  rejected as (${rejectedSql(1, "exists (select from moved)")}),
  counts as (
    select (select count(*) from inserted)::int as loaded,
           (select count(*) from updated where change_type <> 'removed')::int as updated,
           ((select count(*) from updated where change_type = 'removed')
             + (select count(*) from inserted where change_type = 'removed'))::int as removed,
           ($6::int - (select coalesce(sum(record_count), 0) from updated)
                    - (select coalesce(sum(record_count), 0) from made))::int as duplicates),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $5::jsonb || jsonb_build_object(
             'loaded', ($5::jsonb ->> 'loaded')::int + counts.loaded,
             'updated', ($5::jsonb ->> 'updated')::int + counts.updated,
             'removed', ($5::jsonb ->> 'removed')::int + counts.removed,
             'duplicates', ($5::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $4::int and exists (select from moved))
  select counts.*, exists (select from moved) as moved,
         (select details::jsonb from operations_log where id = $4::int) as noted,
         ${withoutWaitingForDisk()}
    from counts`;

interface StoredRow extends Readonly<Record<"loaded" | "updated" | "removed" | "duplicates", number>> {
  readonly moved: boolean;
  /** The run's counts as they were before the statement. */
  readonly noted: UpdateTotals | null;
}

/** The run that a page is stored for: its lock, its row and its counts so far. */
export interface StoreOptions {
  readonly lock: Lock;
  readonly operationId: number;
  readonly totals: UpdateTotals;
  readonly signal: AbortSignal | undefined;
}

/** The run's counts with the page's own, except for those that only the statement knows. */
const countsWith = (
  { changes, rejections, repaired }: PreparedChanges,
  totals: UpdateTotals,
): UpdateTotals => ({
  ...totals,
  pages: totals.pages + 1,
  changes: totals.changes + changes.length + rejections.length,
  rejected: totals.rejected + rejections.length,
  repaired: totals.repaired + repaired,
  undated: totals.undated + changes.filter(({ hasOwnDate }) => !hasOwnDate).length,
});

async function store(
  database: Database,
  page: PreparedChanges,
  position: { before: number; behind: number },
  { lock, operationId, totals, signal }: StoreOptions,
): Promise<UpdateTotals | undefined> {
  const counts = countsWith(page, totals);
  const parameters = [
    ...[page.rejected, position.before, position.behind, operationId, JSON.stringify(counts)],
    ...[page.changes.length, page.foldCount, page.folds],
  ];
  return database.retrying(
    async (attempt) => {
      await lock.ensure();
      const { rows } = await database.query<StoredRow>(STORE_CHANGES, parameters, {
        name: "che168_store_changes",
      });
      const row = rows[0];
      if (row?.moved) {
        const loaded = totals.loaded + row.loaded;
        const updated = totals.updated + row.updated;
        const removed = totals.removed + row.removed;
        const duplicates = totals.duplicates + row.duplicates;
        return { ...counts, loaded, updated, removed, duplicates };
      }
      // The commit of an earlier attempt may have succeeded though its answer was lost: the page is in, and counted.
      if (attempt > 1 && row?.noted?.pages === counts.pages) {
        const { loaded, updated, removed, duplicates } = row.noted;
        return { ...counts, loaded, updated, removed, duplicates };
      }
      return undefined;
    },
    signal ? { signal } : {},
  );
}

/** Finds the changes that PostgreSQL refuses by asking it for each alone; only for a page that failed as a whole. */
async function findUnstorable(
  database: Database,
  { changes }: PreparedChanges,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  for (const { index, data, createdAt } of changes) {
    const values = [JSON.stringify(data), createdAt];
    try {
      await database.retrying(
        () => database.query("select $1::jsonb is null, $2::timestamptz is null", values),
        signal ? { signal } : {},
      );
    } catch (error) {
      if (!isUnstorable(error)) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      reasons.set(index, `PostgreSQL cannot store it: ${message}`);
    }
  }
  return reasons;
}

/** What a page left: the run's counts with it, the position behind it, and its records that were set aside. */
export interface StoredPage {
  readonly totals: UpdateTotals;
  readonly position: number;
  readonly rejections: readonly Rejection[];
}

/**
 * Stores a page of the feed together with the position behind it.
 *
 * @param position.before where the feed was read from, compared with `sync_state` before anything is written
 * @param position.behind where to read on; null at the feed's end: behind the last change of the page
 * @returns nothing when the position is not where it was left, and nothing was stored
 */
export async function storeChanges(
  database: Database,
  prepared: PreparedChanges,
  position: { before: number; behind: number | null },
  options: StoreOptions,
): Promise<StoredPage | undefined> {
  // Ids of rejected records do not count: nobody knows what they are worth, and to read them again does no harm.
  const last = prepared.changes.reduce((highest, { changeId }) => Math.max(highest, changeId), -1);
  const behind = position.behind ?? Math.max(position.before, Math.min(last + 1, Number.MAX_SAFE_INTEGER));
  const moves = { before: position.before, behind };
  const storeAs = async (page: PreparedChanges): Promise<StoredPage | undefined> => {
    const totals = await store(database, page, moves, options);
    return totals && { totals, position: behind, rejections: page.rejections };
  };
  try {
    return await storeAs(prepared);
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    return storeAs(rejectRecords(prepared, await findUnstorable(database, prepared, options.signal)));
  }
}
