import type { Lock } from "../database/lock.ts";
import { type Rejection, rejectedParameter, rejectedSql } from "../database/rejected.ts";
import { isUnstorable } from "../database/retry.ts";
import type { Database } from "../database/types.ts";
import { Che168Error } from "../errors.ts";
import { repairJsonText, sliceRecords } from "../upstream/json-text.ts";
import { type ListingRecord, readRecords } from "../upstream/records.ts";

/** A page of the catalogue on its way into the table. */
export interface PageToStore {
  readonly page: number;
  /** The page behind it, or null at the end of the catalogue. */
  readonly nextPage: number | null;
  readonly text: string;
  readonly records: readonly unknown[];
}

/** What became of the records of a page. */
export interface StoredPage {
  readonly loaded: number;
  /** Listings that were there already. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Characters that were replaced because PostgreSQL cannot hold them. */
  readonly repaired: number;
  /** Records that came without a usable date and got the time of arrival. */
  readonly undated: number;
}

/** Counts that a run has reached before this page; the statement adds the page's own. */
export type Totals = Readonly<Record<keyof StoredPage | "pages", number>>;

/** Stands between the texts of records: a control character, which JSON has only as an escape. */
const SEPARATOR = "\u001e";

/**
 * One statement, and so one transaction: the rows, what was rejected, the checkpoint and the run's counts.
 * $1 the records' own texts, $2 what is known of them, $3 rejections, $4 page, $5 next page,
 * $6 run's row, $7 its counts, $8 whether the walk stands at the page (a page tried again does not move it), $9 records
 * of the page.
 *
 * Each record is parsed on its own: as one document, a page costs PostgreSQL half as much again, for memory that it asks
 * for and gives back. The checkpoint is compared before it is moved: a second writer, or a commit whose answer was lost, changes nothing.
 */
const STORE_PAGE = `
  with moved as (
    update load_state
       set next_page = case when $8 then $5::int else next_page end,
           records = records + $9::int,
           finished_at = case when $8 and $5::int is null then clock_timestamp() else finished_at end,
           last_pages = case when $8 and $5::int is null then $4::int else last_pages end,
           last_records = case when case when $8 then $5::int else next_page end is null then records + $9::int
                               else last_records end
     where id = 1 and case when $8 then next_page = $4::int
                           else exists (select from failed_pages where page = $4::int) end
    returning 1),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status)
    select a.inner_id, a.change_type, a.created_at,
           case when a.has_data then e.record::jsonb -> 'data' else '{}' end, 'initial_load',
           case a.change_type when 'removed' then 1 else 0 end
      from string_to_table($1, e'\\x1e') with ordinality as e(record, n)
      join jsonb_to_recordset($2::jsonb) as a(
             n int, inner_id text, change_type text, created_at timestamptz, has_data boolean)
        on a.n = e.n
     where exists (select from moved)
     order by e.n
    on conflict (inner_id) do nothing
    returning 1),
  rejected as (${rejectedSql(3, "exists (select from moved)")}),
  retried as (delete from failed_pages where page = $4::int and exists (select from moved)),
  counts as (
    select (select count(*) from inserted)::int as loaded,
           (jsonb_array_length($2::jsonb) - (select count(*) from inserted))::int as duplicates,
           (select count(*) from rejected)::int as rejected),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $7::jsonb || jsonb_build_object(
             'loaded', ($7::jsonb ->> 'loaded')::int + counts.loaded,
             'duplicates', ($7::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $6::int and exists (select from moved))
  select counts.*, exists (select from moved) as moved,
         (select details::jsonb from operations_log where id = $6::int) as noted
    from counts`;

interface StoredRow {
  readonly loaded: number;
  readonly duplicates: number;
  readonly moved: boolean;
  /** The run's counts as they were before the statement. */
  readonly noted: Totals | null;
}

/** A page whose records are parted into what can be stored and what cannot. */
export interface PreparedPage {
  readonly page: number;
  readonly nextPage: number | null;
  /** The whole answer. */
  readonly text: string;
  /** How many records it has. */
  readonly size: number;
  readonly records: readonly ListingRecord[];
  /** The records' texts, in the same order. */
  readonly texts: readonly string[];
  readonly rejections: readonly Rejection[];
  readonly repaired: number;
}

/** Parts a page into what can be stored and what cannot. */
export function preparePage({ page, nextPage, text, records }: PageToStore, now: Date): PreparedPage {
  const slices = sliceRecords(text);
  const read = readRecords(records, slices, now);
  const sliceOf = (index: number) => slices[index]?.text ?? "";
  const repairs = read.records.map(({ index }) => repairJsonText(sliceOf(index)));
  return {
    page,
    nextPage,
    text,
    size: records.length,
    records: read.records,
    texts: repairs.map((one) => one.text),
    rejections: read.rejected.map(({ index, ...why }) => ({ ...why, text: sliceOf(index) })),
    repaired: repairs.reduce((sum, one) => sum + one.repaired, 0),
  };
}

/**
 * Finds the records that PostgreSQL refuses (a number of 200,000 digits, say) by asking it for each alone.
 * Only for a page that failed as a whole.
 */
async function setAsideUnstorable(
  database: Database,
  prepared: PreparedPage,
  signal: AbortSignal,
): Promise<PreparedPage> {
  const slices = sliceRecords(prepared.text);
  const records: ListingRecord[] = [];
  const texts: string[] = [];
  const rejections = [...prepared.rejections];
  let { repaired } = prepared;
  for (const [index, record] of prepared.records.entries()) {
    const text = prepared.texts[index] ?? "";
    try {
      await database.retrying(
        () => database.query("select $1::jsonb is null, $2::timestamptz is null", [text, record.createdAt]),
        { signal },
      );
      records.push(record);
      texts.push(text);
    } catch (error) {
      if (!isUnstorable(error)) {
        throw error;
      }
      const original = slices[record.index]?.text ?? text;
      const reason = `PostgreSQL cannot store it: ${error instanceof Error ? error.message : String(error)}`;
      rejections.push({ reason, innerId: record.innerId, changeId: record.changeId, text: original });
      repaired -= repairJsonText(original).repaired;
    }
  }
  return { ...prepared, records, texts, rejections, repaired };
}

/** What a page is stored for: the run with its lock and its counts so far. */
export interface StoreOptions {
  readonly lock: Lock;
  readonly operationId: number;
  readonly totals: Totals;
  /** A page that failed earlier: the checkpoint stays, the page is no longer remembered as failed. */
  readonly isRetry: boolean;
  readonly signal: AbortSignal;
}

/** The run's counts with the page's own, except for those that only the statement knows. */
function countsWith({ records, rejections, repaired }: PreparedPage, totals: Totals): Totals {
  const undated = records.filter(({ hasOwnDate }) => !hasOwnDate).length;
  return {
    ...totals,
    pages: totals.pages + 1,
    rejected: totals.rejected + rejections.length,
    repaired: totals.repaired + repaired,
    undated: totals.undated + undated,
  };
}

const parametersOf = (page: PreparedPage, counts: Totals, options: StoreOptions): readonly unknown[] => [
  page.texts.join(SEPARATOR),
  JSON.stringify(
    page.records.map(({ innerId, changeType, createdAt, hasData }, index) => ({
      n: index + 1,
      inner_id: innerId,
      change_type: changeType,
      created_at: createdAt,
      has_data: hasData,
    })),
  ),
  rejectedParameter(page.rejections, "initial_load"),
  page.page,
  page.nextPage,
  options.operationId,
  JSON.stringify(counts),
  !options.isRetry,
  page.size,
];

async function store(database: Database, page: PreparedPage, options: StoreOptions): Promise<Totals> {
  const { totals } = options;
  const counts = countsWith(page, totals);
  const parameters = parametersOf(page, counts, options);
  return database.retrying(
    async (attempt) => {
      await options.lock.ensure();
      const { rows } = await database.query<StoredRow>(STORE_PAGE, parameters);
      const row = rows[0];
      if (row?.moved) {
        return {
          ...counts,
          loaded: totals.loaded + row.loaded,
          duplicates: totals.duplicates + row.duplicates,
        };
      }
      // The commit of an earlier attempt may have succeeded though its answer was lost: the page is in, and counted.
      const isIn = attempt > 1 && row?.noted?.pages === counts.pages;
      if (!isIn) {
        throw new Che168Error(
          "POSITION_MOVED",
          `The initial load no longer stands at page ${page.page}: another run has moved it.`,
        );
      }
      return { ...counts, loaded: row.noted.loaded, duplicates: row.noted.duplicates };
    },
    { signal: options.signal },
  );
}

/**
 * Stores a page of the catalogue together with the checkpoint.
 *
 * @returns the run's counts with this page
 * @throws Che168Error `POSITION_MOVED` when another writer has moved the checkpoint
 */
export async function storePage(
  database: Database,
  page: PreparedPage,
  options: StoreOptions,
): Promise<Totals> {
  try {
    return await store(database, page, options);
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    return store(database, await setAsideUnstorable(database, page, options.signal), options);
  }
}
