import type { Queryable } from "../database/types.ts";
import { LISTING_COLUMNS, type ProcessedRow } from "./columns.ts";

/** A row of `raw_data` that waits for normalisation. */
export interface RawRow {
  readonly id: number;
  readonly inner_id: string;
  readonly active_status: number;
  readonly is_incomplete: boolean;
  readonly created_at: string;
  /** Changes with every change of the row: what was read is marked processed only while it is still what is there. */
  readonly version: string;
  /** Null for a removed listing whose canonical form is there: it only becomes inactive. */
  readonly data: unknown;
}

/** $1 the id behind which to read, $2 how many, $3 version of the rules. */
const TAKE = `
  select r.id, r.inner_id, r.active_status, r.completeness <> 'complete' as is_incomplete,
         r.created_at::text as created_at, r.xmin::text as version,
         case when r.active_status = 1 and r.change_type = 'removed'
               and exists (select from processed_data p where p.inner_id = r.inner_id and p.rules_version = $3::int)
              then null else r.data end as data
    from raw_data r
   where not r.is_processed and r.id > $1::int
   order by r.id
   limit $2::int`;

/** The next unprocessed rows behind an id, oldest first. */
export async function takeBatch(
  db: Queryable,
  options: { after: number; size: number; rulesVersion: number },
): Promise<RawRow[]> {
  const { rows } = await db.query<RawRow>(TAKE, [options.after, options.size, options.rulesVersion]);
  return rows;
}

const columns = Object.entries(LISTING_COLUMNS);
const names = columns.map(([name]) => name);
const always = ["inner_id", "active_status", "is_incomplete", "created_at"];
/** Stands between the rows' texts: a control character, which JSON has only as an escape. */
const SEPARATOR = "\u001e";

/**
 * One statement, and so one transaction. $1 canonical rows (each parsed alone, as in the loader), $2 what was read of each raw row, $3 version of the rules,
 * $4 the run's row in operations_log, $5 its counts.
 *
 * Raw rows are locked and compared with what was read: one that has changed meanwhile keeps its mark, and its listing,
 * for the next run.
 */
const STORE = `
  with taken as (
    select r.id, r.inner_id, b.flips
      from jsonb_to_recordset($2::jsonb) as b(id int, version text, flips boolean)
      join raw_data r on r.id = b.id and r.xmin::text = b.version
     order by r.id
       for update of r),
  items as materialized (
    select i.*
      from string_to_table(nullif($1, ''), e'\\x1e') as e(item)
     cross join lateral jsonb_to_record(e.item::jsonb) as i(
             inner_id text, active_status int, is_incomplete boolean, created_at timestamptz, search_words text[],
             listing jsonb)),
  written as (
    insert into processed_data (
           ${[...always, ...names].join(", ")}, normalized_data, search, rules_version, updated_at)
    select ${[...always.map((name) => `i.${name}`), ...names.map((name) => `c.${name}`)].join(", ")},
           i.listing, array_to_tsvector(i.search_words), $3::int, clock_timestamp()
      from items i
      join taken t on t.inner_id = i.inner_id
     cross join lateral jsonb_to_record(i.listing) as c(${columns.map(([name, type]) => `${name} ${type}`).join(", ")})
    on conflict (inner_id) do update set
           ${[...always.slice(1), ...names, "normalized_data", "search", "rules_version", "updated_at"]
             .map((name) => `${name} = excluded.${name}`)
             .join(", ")}
    returning 1),
  flipped as (
    update processed_data p set active_status = 1, updated_at = clock_timestamp()
      from taken t
     where t.flips and p.inner_id = t.inner_id
    returning 1),
  marked as (
    update raw_data r set is_processed = true from taken t where r.id = t.id returning 1),
  versioned as (
    update data_version set version = version + 1
     where id = 1 and (exists (select from written) or exists (select from flipped))),
  counts as (
    select (select count(*) from written)::int as processed,
           (select count(*) from flipped)::int as deactivated,
           (jsonb_array_length($2::jsonb) - (select count(*) from marked))::int as changed_meanwhile),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $5::jsonb || jsonb_build_object(
             'processed', ($5::jsonb ->> 'processed')::int + counts.processed,
             'deactivated', ($5::jsonb ->> 'deactivated')::int + counts.deactivated))::text
      from counts
     where id = $4::int)
  select * from counts`;

/** What became of a batch. */
export interface StoredBatch {
  readonly processed: number;
  /** Removed listings that became inactive without being read again. */
  readonly deactivated: number;
  /** Rows that changed while the batch was at work; they stay unprocessed. */
  readonly changed_meanwhile: number;
}

/** A raw row, and what was made of it; no canonical row for a listing that only becomes inactive. */
export interface BatchItem {
  readonly raw: RawRow;
  readonly row: ProcessedRow | undefined;
}

/** Stores a batch: the listings, the marks on the raw rows, the version of the data and the run's counts. */
export async function storeBatch(
  db: Queryable,
  items: readonly BatchItem[],
  run: { rulesVersion: number; operationId: number; counts: Readonly<Record<string, number>> },
): Promise<StoredBatch> {
  const { rows } = await db.query<StoredBatch>(STORE, [
    items.flatMap(({ row }) => (row === undefined ? [] : [JSON.stringify(row)])).join(SEPARATOR),
    JSON.stringify(
      items.map(({ raw, row }) => ({ id: raw.id, version: raw.version, flips: row === undefined })),
    ),
    run.rulesVersion,
    run.operationId,
    JSON.stringify(run.counts),
  ]);
  const [counts] = rows;
  if (counts === undefined) {
    throw new Error("A count without a row");
  }
  return counts;
}
