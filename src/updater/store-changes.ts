import type { Database } from "../database/index.ts";
import {
  asyncCommit,
  changeCounts,
  countChangesSql,
  countPage,
  countsWithBatch,
  type Rejection,
  type RunStatements,
  rejectedSql,
  storeOnce,
  storeRejecting,
  turnSql,
} from "../operations/index.ts";
import { type GapFindings, gapsParameter, gapsSql, type Hole, sizeOf } from "./gaps.ts";
import { type PreparedChanges, withChangeParameters } from "./prepare-changes.ts";

/** Outcome of the changes of a page. */
export interface StoredChanges {
  /** New rows. */
  readonly loaded: number;
  readonly updated: number;
  /** Rows whose last change is a removal, new ones included. */
  readonly removed: number;
  /** Changes that were applied before, or that are older than the row. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Characters that were replaced because PostgreSQL cannot store them. */
  readonly repaired: number;
  /** Changes without a usable date, which got the arrival time. */
  readonly undated: number;
}

/** Counts of a run. */
export interface UpdateTotals extends StoredChanges {
  readonly pages: number;
  readonly changes: number;
  /** Missing change ids that are only counted: small ranges, or a numbering with many holes. */
  readonly skipped: number;
  /** Missing change ids in larger ranges, which make the copy incomplete. */
  readonly missing: number;
}

/**
 * Common table expressions that apply folds to `raw_data`: `updated` and `inserted` rows, and `made`, the folds that
 * were inserted.
 *
 * A listing without a row is inserted from the fold of all its changes: complete when there was an `added`, else pending
 * until the backfill has fetched it, or unavailable when it is removed. A change makes an unavailable listing pending.
 * The limit gives the planner a small row estimate, so that it uses the index instead of a sequential scan.
 *
 * @param parameters.folds number of the parameter with the folds
 * @param parameters.count number of the parameter with how many there are
 */
export const applyFolds = ({
  folds,
  count,
  condition,
}: {
  readonly folds: number;
  readonly count: number;
  readonly condition: string;
}): string => `folds as (
    select * from jsonb_to_recordset($${folds}::jsonb) as f(
      inner_id text, after_id bigint, before_id bigint, change_id bigint, change_type text, replaces boolean, data jsonb,
      active_status int, created_at timestamptz, first_created_at timestamptz,
      removed_at jsonb, record_count int)
     where ${condition}
     limit $${count}::int),
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
     where exists (select from removals))`;

/**
 * One statement, therefore one transaction: updated rows, new rows, rejections, the position, the run's counts.
 * $1 rejections, $2 position before, $3 position after, $4 id of the run's row, $5 its counts, $6 number of changes,
 * $7 number of folds, $8 the folds, $9 time of the newest change, $10 changes per day,
 * $11 gaps, $12 withdrawn gaps, $13 and $14 id steps and holes.
 *
 * `synchronous_commit` is off: rows and position commit together, so a crash of the server loses at most the last few
 * pages; the run detects that, and completing a day is synchronous.
 */
const STORE_CHANGES = `
  with ${turnSql(4)},
  moved as (
    update sync_state
       set last_change_id = $3::bigint, updated_at = clock_timestamp(),
           newest_change_at = greatest(newest_change_at, $9::timestamptz),
           id_steps = $13::bigint, id_holes = $14::bigint
     where id = 1 and last_change_id = $2::bigint and exists (select from turn)
    returning 1),
  ${applyFolds({ folds: 8, count: 7, condition: "exists (select from moved)" })},
  rejected as (${rejectedSql(1, "exists (select from moved)")}),
  ${gapsSql({ gaps: 11, withdrawn: 12, condition: "exists (select from moved)" })},
  days as (${countChangesSql(10, "exists (select from moved)")}),
  counts as (
    select (select count(*) from inserted)::int as loaded,
           (select count(*) from updated where change_type <> 'removed')::int as updated,
           ((select count(*) from updated where change_type = 'removed')
             + (select count(*) from inserted where change_type = 'removed'))::int as removed,
           ($6::int - (select coalesce(sum(record_count), 0) from updated)
                    - (select coalesce(sum(record_count), 0) from made))::int as duplicates),
  recorded as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $5::jsonb || jsonb_build_object(
             'loaded', ($5::jsonb ->> 'loaded')::int + counts.loaded,
             'updated', ($5::jsonb ->> 'updated')::int + counts.updated,
             'removed', ($5::jsonb ->> 'removed')::int + counts.removed,
             'duplicates', ($5::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $4::int and exists (select from moved))
  select counts.*, exists (select from moved) as moved, ${asyncCommit()}
    from counts`;

interface StoredChangesRow extends Readonly<Record<"loaded" | "updated" | "removed" | "duplicates", number>> {
  readonly moved: boolean;
}

/** The run that stores a page. */
export interface StoreChangesOptions {
  readonly statements: RunStatements;
  readonly operationId: number;
  readonly totals: UpdateTotals;
  /** The feed day of a change, by its time. */
  readonly dayOfChange: (createdAt: string) => string;
  readonly findings: GapFindings;
  readonly signal: AbortSignal | undefined;
}

const sizeOfAll = (holes: readonly Hole[]) => holes.reduce((sum, hole) => sum + sizeOf(hole), 0);

async function store(
  database: Database,
  page: PreparedChanges,
  position: { readonly before: number; readonly after: number },
  { statements, operationId, totals, dayOfChange, findings }: StoreChangesOptions,
): Promise<UpdateTotals | undefined> {
  const counts = {
    ...countPage(totals, page.records, page.rejections),
    changes: totals.changes + page.records.length + page.rejections.length,
    skipped: totals.skipped + findings.skipped,
    missing: totals.missing + sizeOfAll(findings.gaps) - sizeOfAll(findings.withdrawn),
  };
  const parameters = [
    page.rejected,
    position.before,
    position.after,
    operationId,
    JSON.stringify(counts),
    page.records.length,
    page.foldCount,
    page.folds,
    page.newestChangeAt,
    changeCounts(page.records, dayOfChange),
    gapsParameter(findings.gaps),
    gapsParameter(findings.withdrawn),
    findings.steps,
    findings.holes,
  ];
  return storeOnce(
    statements,
    async () => {
      const { rows } = await database.query<StoredChangesRow>(STORE_CHANGES, parameters, {
        name: "che168_store_changes",
      });
      const row = rows[0];
      if (!row?.moved) {
        return undefined;
      }
      const loaded = totals.loaded + row.loaded;
      const updated = totals.updated + row.updated;
      const removed = totals.removed + row.removed;
      const duplicates = totals.duplicates + row.duplicates;
      return { ...counts, loaded, updated, removed, duplicates };
    },
    () => countsWithBatch(database, operationId, counts),
  );
}

/** A stored page: the run's counts with it, the position after it, and its rejected records. */
export interface StoredChangesPage {
  readonly totals: UpdateTotals;
  readonly position: number;
  readonly rejections: readonly Rejection[];
}

/**
 * Stores a page of the feed together with the position after it.
 *
 * @param position.before where the page was read, compared with `sync_state` before anything is written
 * @param position.after where to continue; null at the end of the feed, which means after the page's last change
 * @returns undefined when the position has been moved, and nothing was stored
 */
export async function storeChanges(
  database: Database,
  prepared: PreparedChanges,
  position: { readonly before: number; readonly after: number | null },
  options: StoreChangesOptions,
): Promise<StoredChangesPage | undefined> {
  // Ids of rejected records do not count: they may be wrong, and reading them again is harmless.
  const last = prepared.records.reduce((highest, { changeId }) => Math.max(highest, changeId), -1);
  const after = position.after ?? Math.max(position.before, Math.min(last + 1, Number.MAX_SAFE_INTEGER));
  return storeRejecting(
    database,
    prepared,
    (records, rejections) => withChangeParameters({ ...prepared, records, rejections }),
    async (page): Promise<StoredChangesPage | undefined> => {
      const totals = await store(database, page, { before: position.before, after }, options);
      return totals && { totals, position: after, rejections: page.rejections };
    },
    options.signal,
  );
}
