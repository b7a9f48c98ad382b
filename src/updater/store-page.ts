import type { Lock } from "../database/lock.ts";
import { type Rejection, rejectedParameter, rejectedSql } from "../database/rejected.ts";
import { isUnstorable } from "../database/retry.ts";
import type { Database } from "../database/types.ts";
import { Che168Error } from "../errors.ts";
import { parseExactly, repairJsonText, sliceRecords } from "../upstream/json-text.ts";
import { readRecords } from "../upstream/records.ts";
import { type Change, type FoldedChange, foldChanges } from "./change.ts";

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
  readonly repaired: number;
  readonly undated: number;
}

/** Counts of a run before this page. */
export type Totals = Readonly<Record<keyof StoredChanges | "pages" | "changes", number>>;

/**
 * One statement, and so one transaction: changed rows, new rows, what was rejected, the position, the run's counts.
 * $1 folded changes, $2 rejections, $3 position before (null: none yet), $4 position behind, $5 run's row, $6 its counts,
 * $7 changes of the page.
 *
 * Without a row, the fold of all changes makes one: from `added` a whole listing; from `changed` what is known, to be
 * completed; once it is removed, nothing more is to be had of it. A listing that the service did not have is asked for
 * again when it changes.
 */
const STORE_CHANGES = `
  with moved as (
    update sync_state set last_change_id = $4::bigint, updated_at = clock_timestamp()
     where id = 1 and last_change_id is not distinct from $3::bigint
    returning 1),
  folds as (
    select * from jsonb_to_recordset($1::jsonb) as f(
      inner_id text, after_id bigint, before_id bigint, change_id bigint, change_type text, replaces boolean, data jsonb,
      active_status int, created_at timestamptz, first_created_at timestamptz,
      removed_at jsonb, record_count int)
     where exists (select from moved)),
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
  rejected as (${rejectedSql(2, "exists (select from moved)")}),
  counts as (
    select (select count(*) from inserted)::int as loaded,
           (select count(*) from updated where change_type <> 'removed')::int as updated,
           ((select count(*) from updated where change_type = 'removed')
             + (select count(*) from inserted where change_type = 'removed'))::int as removed,
           ($7::int - (select coalesce(sum(record_count), 0) from updated)
                    - (select coalesce(sum(record_count), 0) from made))::int as duplicates),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $6::jsonb || jsonb_build_object(
             'loaded', ($6::jsonb ->> 'loaded')::int + counts.loaded,
             'updated', ($6::jsonb ->> 'updated')::int + counts.updated,
             'removed', ($6::jsonb ->> 'removed')::int + counts.removed,
             'duplicates', ($6::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $5::int and exists (select from moved))
  select counts.*, exists (select from moved) as moved,
         (select details::jsonb from operations_log where id = $5::int) as noted
    from counts`;

interface StoredRow extends Readonly<Record<"loaded" | "updated" | "removed" | "duplicates", number>> {
  readonly moved: boolean;
  /** The run's counts as they were before the statement. */
  readonly noted: Totals | null;
}

/** A page of the feed, ready to be stored. */
export interface PreparedChanges {
  readonly changes: readonly Change[];
  readonly rejections: readonly Rejection[];
  readonly repaired: number;
  /** A change's record as it came. */
  readonly textOf: (change: Change) => string;
}

const NO_ID = "the change's id is not a whole number from 0 to 2^53 - 1";

/**
 * Parts the records of a page into changes and rejections, with numbers exactly as the text has them.
 *
 * @param page the answer's text, and its `result` as parsed
 */
export function prepareChanges(
  page: { text: string; records: readonly unknown[] },
  now: Date,
): PreparedChanges {
  const slices = sliceRecords(page.text);
  const read = readRecords(page.records, slices, now);
  const sliceOf = (index: number) => slices[index]?.text ?? "";
  const nameless = read.records.filter(({ changeId }) => changeId === undefined);
  const rejections = [...read.rejected, ...nameless.map((one) => ({ ...one, reason: NO_ID }))]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, innerId, changeId }) => ({ reason, innerId, changeId, text: sliceOf(index) }));
  let repaired = 0;
  const changes = read.records.flatMap((record): Change[] => {
    if (record.changeId === undefined) {
      return [];
    }
    const repair = repairJsonText(sliceOf(record.index));
    repaired += repair.repaired;
    const { data } = parseExactly(repair.text) as { data?: unknown };
    // A removal may come with an empty list or nothing at all; whatever else is no object was rejected.
    const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
    return [{ ...record, changeId: record.changeId, data: isObject ? (data as Change["data"]) : {} }];
  });
  return { changes, rejections, repaired, textOf: ({ index }) => sliceOf(index) };
}

function foldsParameter(folds: readonly FoldedChange[]): string {
  return JSON.stringify(
    folds.map((fold) => ({
      inner_id: fold.innerId,
      after_id: fold.afterId,
      before_id: fold.beforeId,
      change_id: fold.changeId,
      change_type: fold.changeType,
      replaces: fold.replaces,
      data: fold.data,
      active_status: fold.activeStatus,
      created_at: fold.createdAt,
      first_created_at: fold.firstCreatedAt,
      removed_at: fold.removedAt,
      record_count: fold.count,
    })),
  );
}

/** Finds the changes that PostgreSQL refuses by asking it for each alone; only for a page that failed as a whole. */
async function setAsideUnstorable(
  database: Database,
  prepared: PreparedChanges,
  signal: AbortSignal | undefined,
): Promise<PreparedChanges> {
  const changes: Change[] = [];
  const rejections = [...prepared.rejections];
  let { repaired } = prepared;
  for (const change of prepared.changes) {
    const values = [JSON.stringify(change.data), change.createdAt];
    try {
      await database.retrying(
        () => database.query("select $1::jsonb is null, $2::timestamptz is null", values),
        signal ? { signal } : {},
      );
      changes.push(change);
    } catch (error) {
      if (!isUnstorable(error)) {
        throw error;
      }
      const text = prepared.textOf(change);
      const reason = `PostgreSQL cannot store it: ${error instanceof Error ? error.message : String(error)}`;
      rejections.push({ reason, innerId: change.innerId, changeId: change.changeId, text });
      repaired -= repairJsonText(text).repaired;
    }
  }
  return { ...prepared, changes, rejections, repaired };
}

/** The run that a page is stored for: its lock, its row and its counts so far. */
export interface StoreOptions {
  readonly lock: Lock;
  readonly operationId: number;
  readonly totals: Totals;
  readonly signal: AbortSignal | undefined;
}

/** The run's counts with the page's own, except for those that only the statement knows. */
function countsWith({ changes, rejections, repaired }: PreparedChanges, totals: Totals): Totals {
  return {
    ...totals,
    pages: totals.pages + 1,
    changes: totals.changes + changes.length + rejections.length,
    rejected: totals.rejected + rejections.length,
    repaired: totals.repaired + repaired,
    undated: totals.undated + changes.filter(({ hasOwnDate }) => !hasOwnDate).length,
  };
}

async function store(
  database: Database,
  page: PreparedChanges,
  position: { before: number; behind: number },
  { lock, operationId, totals, signal }: StoreOptions,
): Promise<Totals> {
  const counts = countsWith(page, totals);
  const parameters = [
    foldsParameter(foldChanges(page.changes)),
    rejectedParameter(page.rejections, "daily_update"),
    position.before,
    position.behind,
    operationId,
    JSON.stringify(counts),
    page.changes.length,
  ];
  return database.retrying(
    async (attempt) => {
      await lock.ensure();
      const { rows } = await database.query<StoredRow>(STORE_CHANGES, parameters);
      const row = rows[0];
      if (row?.moved) {
        return {
          ...counts,
          loaded: totals.loaded + row.loaded,
          updated: totals.updated + row.updated,
          removed: totals.removed + row.removed,
          duplicates: totals.duplicates + row.duplicates,
        };
      }
      // The commit of an earlier attempt may have succeeded though its answer was lost: the page is in, and counted.
      if (attempt === 1 || row?.noted?.pages !== counts.pages) {
        throw new Che168Error(
          "POSITION_MOVED",
          `The feed's position is no longer ${position.before}: another run has moved it.`,
        );
      }
      const { loaded, updated, removed, duplicates } = row.noted;
      return { ...counts, loaded, updated, removed, duplicates };
    },
    signal ? { signal } : {},
  );
}

/**
 * Stores a page of the feed together with the position behind it.
 *
 * @param position.before where the feed was read from, compared with `sync_state` before anything is written
 * @param position.behind where to read on; null at the feed's end: behind the last change of the page
 * @returns the run's counts with this page, and the new position
 * @throws Che168Error `POSITION_MOVED` when another writer has moved the position
 */
export async function storeChanges(
  database: Database,
  page: { text: string; records: readonly unknown[] },
  position: { before: number; behind: number | null },
  options: StoreOptions & { now: Date },
): Promise<{ totals: Totals; position: number }> {
  const prepared = prepareChanges(page, options.now);
  // Ids of rejected records do not count: nobody knows what they are worth, and to read them again does no harm.
  const last = prepared.changes.reduce((highest, { changeId }) => Math.max(highest, changeId), -1);
  const behind = position.behind ?? Math.max(position.before, Math.min(last + 1, Number.MAX_SAFE_INTEGER));
  const moves = { before: position.before, behind };
  const attempt = (changes: PreparedChanges) => store(database, changes, moves, options);
  try {
    return { totals: await attempt(prepared), position: behind };
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    const storable = await setAsideUnstorable(database, prepared, options.signal);
    return { totals: await attempt(storable), position: behind };
  }
}
