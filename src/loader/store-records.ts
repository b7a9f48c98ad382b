import type { Database } from "../database/index.ts";
import {
  asyncCommit,
  countPage,
  countsWithBatch,
  type Rejection,
  type RunStatements,
  rejectedSql,
  storeOnce,
  storeRejecting,
  turnSql,
} from "../operations/index.ts";
import { type PreparedPage, withParameters } from "./prepare-records.ts";
import {
  COUNT_STORED,
  type LoadTotals,
  STORED_COUNTS,
  type StoredRow,
  totalsAfter,
} from "./stored-counts.ts";

/**
 * One statement, therefore one transaction: rows, rejections, the checkpoint, the run's counts.
 * $1 metadata of the records, $2 rejections, $3 page, $4 next page, $5 id of the run's row, $6 its counts, $7 whether the
 * checkpoint is at the page (a retried page does not move it), $8 number of records, $9 the response.
 *
 * PostgreSQL cuts each document out of the response and parses it separately: parsing the page as one document takes
 * 1.5 times as long, because of memory allocations. The longest parameter is last, because the driver copies everything
 * written so far whenever its buffer grows. The checkpoint is compared before it is moved, so that a second writer, or the
 * retry of a commit whose response was lost, is a no-op. For a failed page, deleting it from `failed_pages` is the claim: a
 * condition that only reads the table would see it as it was before the earlier attempt, which may still be running.
 *
 * `synchronous_commit` is off: rows and checkpoint commit together, so a crash of the server loses at most the last few
 * pages; the walk detects that, and the run ends with a synchronous commit.
 */
const STORE_PAGE = `
  with ${turnSql(5)},
  retried as (
    delete from failed_pages where page = $3::int and not $7 and exists (select from turn) returning 1),
  moved as (
    update load_state
       set next_page = case when $7 then $4::int else next_page end,
           records = records + $8::int,
           finished_at = case when $7 and $4::int is null then clock_timestamp() else finished_at end,
           last_pages = case when $7 and $4::int is null then $3::int else last_pages end,
           last_records = case when case when $7 then $4::int else next_page end is null then records + $8::int
                               else last_records end
     where id = 1 and exists (select from turn)
       and case when $7 then next_page = $3::int
                else exists (select from retried) end
    returning 1),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status, part_keys)
    select a.inner_id, a.change_type, a.created_at,
           coalesce(a.document, convert_from(substr($9::bytea, a.first, a.size), 'UTF8'))::jsonb, 'initial_load',
           case a.change_type when 'removed' then 1 else 0 end, a.keys
      from jsonb_to_recordset($1::jsonb) as a(
             inner_id text, change_type text, created_at timestamptz, first int, size int, document text, keys uuid[])
     where exists (select from moved) and (select r.id from raw_data r where r.inner_id = a.inner_id) is null
    on conflict (inner_id) do nothing
    returning 1),
  rejected as (${rejectedSql(2, "exists (select from moved)")}),
  passed as (delete from failed_pages where page = $3::int and $7 and exists (select from moved)),
  ${COUNT_STORED}
  select ${STORED_COUNTS},
         ${asyncCommit("$7")}
    from counts`;

/** The run that stores a page. */
export interface StorePageOptions {
  readonly statements: RunStatements;
  readonly operationId: number;
  readonly totals: LoadTotals;
  /** A retry of a failed page: keeps the checkpoint, and deletes the page from `failed_pages`. */
  readonly isRetry: boolean;
  readonly signal: AbortSignal;
}

async function store(
  database: Database,
  page: PreparedPage,
  { statements, operationId, totals, isRetry }: StorePageOptions,
): Promise<LoadTotals | undefined> {
  const counts = countPage(totals, page.records, page.rejections);
  const parameters = [
    page.known,
    page.rejected,
    page.page,
    page.nextPage,
    operationId,
    JSON.stringify(counts),
    !isRetry,
    page.size,
    page.body,
  ];
  return storeOnce(
    statements,
    async () => {
      const { rows } = await database.query<StoredRow>(STORE_PAGE, parameters, { name: "che168_store_page" });
      return totalsAfter(rows[0], totals, counts);
    },
    () => countsWithBatch(database, operationId, counts),
  );
}

/** A stored page: the run's counts with it, and its rejected records. */
export interface StoredPage {
  readonly totals: LoadTotals;
  readonly rejections: readonly Rejection[];
}

/**
 * Stores a page of the catalogue together with the checkpoint.
 *
 * @returns undefined when the checkpoint is not at the page, and nothing was stored
 */
export const storePage = (
  database: Database,
  prepared: PreparedPage,
  options: StorePageOptions,
): Promise<StoredPage | undefined> =>
  storeRejecting(
    database,
    prepared,
    (records, rejections) => withParameters({ ...prepared, records, rejections }),
    async (page): Promise<StoredPage | undefined> => {
      const totals = await store(database, page, options);
      return totals && { totals, rejections: page.rejections };
    },
    options.signal,
  );
