import { type Database, isUnstorable, type Lock } from "../database/index.ts";
import { withoutWaitingForDisk } from "../operations/commit.ts";
import { type Rejection, rejectedSql } from "../operations/rejected.ts";
import type { OffersPage } from "../upstream/index.ts";
import { documentOf, type PreparedPage, rejectRecords } from "./prepare-records.ts";

/** Counts of a run: pages read, and what became of their records. */
export interface LoadTotals {
  readonly pages: number;
  readonly loaded: number;
  /** Listings that were there already. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Characters that were replaced because PostgreSQL cannot hold them. */
  readonly repaired: number;
  /** Records that came without a usable date and got the time of arrival. */
  readonly undated: number;
}

/**
 * One statement, and so one transaction: the rows, what was rejected, the checkpoint and the run's counts.
 * $1 what is known of the records, $2 rejections, $3 page, $4 next page, $5 run's row, $6 its counts, $7 whether the walk
 * stands at the page (a page tried again does not move it), $8 records of the page, $9 the answer.
 *
 * Each document is cut out of the answer and parsed on its own: as one document, a page costs PostgreSQL half as much
 * again, for memory that it asks for and gives back. The long text comes last: the driver copies what it has written whenever more follows. The
 * checkpoint is compared before it is moved: a second writer, or a commit whose answer was lost, changes nothing.
 *
 * Existing rows are filtered out before `on conflict` sees them, because a default draws from the sequence first. As a scalar
 * subquery, so that it stays one index lookup per record and never becomes a join that reads the table.
 *
 * Nobody waits for the disk: rows and checkpoint are one transaction, so a server that crashes stands a few pages back
 * and no more (the walk notices it), and what closes the run does wait, for all that came before it.
 */
const STORE_PAGE = `
  with moved as (
    update load_state
       set next_page = case when $7 then $4::int else next_page end,
           records = records + $8::int,
           finished_at = case when $7 and $4::int is null then clock_timestamp() else finished_at end,
           last_pages = case when $7 and $4::int is null then $3::int else last_pages end,
           last_records = case when case when $7 then $4::int else next_page end is null then records + $8::int
                               else last_records end
     where id = 1 and case when $7 then next_page = $3::int
                           else exists (select from failed_pages where page = $3::int) end
    returning 1),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status)
    select a.inner_id, a.change_type, a.created_at,
           coalesce(a.document, convert_from(substr($9::bytea, a.first, a.size), 'UTF8'))::jsonb, 'initial_load',
           case a.change_type when 'removed' then 1 else 0 end
      from jsonb_to_recordset($1::jsonb) as a(
             inner_id text, change_type text, created_at timestamptz, first int, size int, document text)
     where exists (select from moved) and (select r.id from raw_data r where r.inner_id = a.inner_id) is null
    on conflict (inner_id) do nothing
    returning 1),
  rejected as (${rejectedSql(2, "exists (select from moved)")}),
  retried as (delete from failed_pages where page = $3::int and exists (select from moved)),
  counts as (
    select (select count(*) from inserted)::int as loaded,
           (jsonb_array_length($1::jsonb) - (select count(*) from inserted))::int as duplicates,
           (select count(*) from rejected)::int as rejected),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $6::jsonb || jsonb_build_object(
             'loaded', ($6::jsonb ->> 'loaded')::int + counts.loaded,
             'duplicates', ($6::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $5::int and exists (select from moved))
  select counts.*, exists (select from moved) as moved,
         (select details::jsonb from operations_log where id = $5::int) as noted,
         ${withoutWaitingForDisk("$7")}
    from counts`;

interface StoredRow {
  readonly loaded: number;
  readonly duplicates: number;
  readonly moved: boolean;
  /** The run's counts as they were before the statement. */
  readonly noted: LoadTotals | null;
}

/** What a page is stored for: the run with its lock and its counts so far. */
export interface StoreOptions {
  readonly lock: Lock;
  readonly operationId: number;
  readonly totals: LoadTotals;
  /** A page that failed earlier: the checkpoint stays, the page is no longer remembered as failed. */
  readonly isRetry: boolean;
  readonly signal: AbortSignal;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The run's counts with the page's own, except for those that only the statement knows. */
const countsWith = ({ records, rejections }: PreparedPage, totals: LoadTotals): LoadTotals => ({
  ...totals,
  pages: totals.pages + 1,
  rejected: totals.rejected + rejections.length,
  repaired: totals.repaired + sum(records.map(({ repaired }) => repaired)),
  undated: totals.undated + records.filter(({ hasOwnDate }) => !hasOwnDate).length,
});

async function store(
  database: Database,
  page: PreparedPage,
  options: StoreOptions,
): Promise<LoadTotals | undefined> {
  const { totals, isRetry } = options;
  const counts = countsWith(page, totals);
  const parameters = [
    ...[page.known, page.rejected, page.page, page.nextPage, options.operationId, JSON.stringify(counts)],
    ...[!isRetry, page.size, page.body],
  ];
  return database.retrying(
    async (attempt) => {
      await options.lock.ensure();
      const { rows } = await database.query<StoredRow>(STORE_PAGE, parameters, { name: "che168_store_page" });
      const row = rows[0];
      if (row?.moved) {
        const { loaded, duplicates } = row;
        return {
          ...counts,
          loaded: totals.loaded + loaded,
          duplicates: totals.duplicates + duplicates,
        };
      }
      // The commit of an earlier attempt may have succeeded though its answer was lost: the page is in, and counted.
      if (attempt > 1 && row?.noted?.pages === counts.pages) {
        return { ...counts, loaded: row.noted.loaded, duplicates: row.noted.duplicates };
      }
      return undefined;
    },
    { signal: options.signal },
  );
}

/**
 * Finds the records that PostgreSQL refuses (a number of 200,000 digits, say) by asking it for each alone.
 * Only for a page that failed as a whole.
 */
async function findUnstorable(
  database: Database,
  { records, body }: PreparedPage,
  signal: AbortSignal,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  for (const record of records) {
    try {
      await database.retrying(
        () =>
          database.query("select $1::jsonb is null, $2::timestamptz is null", [
            documentOf(record, body),
            record.createdAt,
          ]),
        { signal },
      );
    } catch (error) {
      if (!isUnstorable(error)) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      reasons.set(record.index, `PostgreSQL cannot store it: ${message}`);
    }
  }
  return reasons;
}

/** What a page left: the run's counts with it, and its records that were set aside. */
export interface StoredPage {
  readonly totals: LoadTotals;
  readonly rejections: readonly Rejection[];
}

/**
 * Stores a page of the catalogue together with the checkpoint.
 *
 * @param answer what the page was made of
 * @returns nothing when the checkpoint does not stand at the page, and it was not stored
 */
export async function storePage(
  database: Database,
  page: PreparedPage,
  answer: OffersPage,
  options: StoreOptions,
): Promise<StoredPage | undefined> {
  const storeAs = async (prepared: PreparedPage): Promise<StoredPage | undefined> => {
    const totals = await store(database, prepared, options);
    return totals && { totals, rejections: prepared.rejections };
  };
  try {
    return await storeAs(page);
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    const reasons = await findUnstorable(database, page, options.signal);
    return storeAs(rejectRecords(page, answer, reasons));
  }
}
