import type { Queryable } from "../database/index.ts";
import { ARRAY_COLUMNS, ARRAY_NAMES, DOCUMENT_COLUMNS, type ProcessedRow, type RawRow } from "./row.ts";

/** $1 id after which to read, $2 number of rows, $3 version of the rules. */
const TAKE = `
  select r.id, r.inner_id, r.active_status, r.completeness <> 'complete' as is_incomplete,
         r.created_at::text as created_at, r.xmin::text as version,
         case when r.active_status = 1 and r.change_type = 'removed'
               and exists (select from processed_data p where p.inner_id = r.inner_id and p.rules_version = $3::int)
              then null else r.data::text end as data
    from raw_data r
   where not r.is_processed and r.id > $1::int
   order by r.id
   limit $2::int`;

/** The next unprocessed rows after an id, oldest first. */
export async function takeBatch(
  db: Queryable,
  options: { after: number; size: number; rulesVersion: number },
): Promise<RawRow[]> {
  const values = [options.after, options.size, options.rulesVersion];
  const { rows } = await db.query<RawRow>(TAKE, values, { name: "che168_take_batch" });
  return rows;
}

/** Every column except the key, with the expression of its value. */
const FILLED: readonly (readonly [column: string, value: string])[] = [
  ...ARRAY_NAMES.slice(1).map((name) => [name, `i.${name}`] as const),
  ...DOCUMENT_COLUMNS.map((name) => [name, `nullif(i.listing -> '${name}', 'null')`] as const),
  ["normalized_data", "i.listing"],
  ["search", "array_to_tsvector(string_to_array(i.words, ' '))"],
  ["rules_version", "$3::int"],
  ["updated_at", "clock_timestamp()"],
];
/** Separates the documents: a control character, which JSON only contains as an escape. */
const SEPARATOR = "\u001e";

/**
 * One statement, and so one transaction. $1 documents (each parsed alone, as in the loader), $2 ids and versions of the raw
 * rows, $3 version of the rules, $4 id of the run in operations_log, $5 its counts, $6 words, $7 and up: the columns.
 *
 * Idempotent: it first locks the run's row, whose `batches` shows whether the batch is already stored. The statement of a cut
 * connection may still be running on the server, or start later; of two attempts one does nothing.
 *
 * An existing row keeps its id: the column's default would draw a number from the sequence before `on conflict` finds the row.
 *
 * Compare-and-set: a raw row is marked only if it still has the version that was read. A row that changed in between stays
 * unprocessed, and its listing unchanged, until the next run.
 */
const STORE = `
  with turn as (
    select from operations_log
     where id = $4::int and (details::jsonb ->> 'batches')::int < ($5::jsonb ->> 'batches')::int
       for update),
  marked as (
    update raw_data r set is_processed = true
      from jsonb_to_recordset($2::jsonb) as b(id int, version text, flips boolean)
     where exists (select from turn) and r.id = b.id and r.xmin::text = b.version
    returning r.inner_id, b.flips),
  items as materialized (
    select i.*, i.document::jsonb as listing
      from rows from (
             string_to_table(nullif($1, ''), e'\\x1e'), unnest($6::text[]),
             ${Object.values(ARRAY_COLUMNS)
               .map((type, index) => `unnest($${index + 7}::${type}[])`)
               .join(", ")}
           ) as i(document, words, ${ARRAY_NAMES.join(", ")})),
  written as (
    insert into processed_data (id, inner_id, ${FILLED.map(([column]) => column).join(", ")})
    select coalesce((select p.id from processed_data p where p.inner_id = i.inner_id),
                    nextval((select pg_get_serial_sequence('processed_data', 'id')))),
           i.inner_id, ${FILLED.map(([, value]) => value).join(", ")}
      from items i
      join marked m on m.inner_id = i.inner_id
    on conflict (inner_id) do update set
           ${FILLED.map(([column]) => `${column} = excluded.${column}`).join(", ")}
    returning 1),
  flipped as (
    update processed_data p set active_status = 1, updated_at = clock_timestamp()
      from marked m
     where m.flips and p.inner_id = m.inner_id
    returning 1),
  versioned as (
    -- By the clock: a standby that is promoted without the last changes must not reuse their versions.
    update data_version set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
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
             'deactivated', ($5::jsonb ->> 'deactivated')::int + counts.deactivated,
             'changedMeanwhile', ($5::jsonb ->> 'changedMeanwhile')::int + counts.changed_meanwhile))::text
      from counts
     where id = $4::int and exists (select from turn))
  select counts.*, exists (select from turn) as is_first from counts`;

/** Result of a batch. */
export interface StoredBatch {
  readonly processed: number;
  /** Removed listings that became inactive without being normalised again. */
  readonly deactivated: number;
  /** Rows that changed while the batch was computed; they stay unprocessed. */
  readonly changed_meanwhile: number;
}

/** A raw row with its canonical row; without one for a listing that only becomes inactive. */
export interface BatchItem {
  readonly raw: Pick<RawRow, "id" | "inner_id" | "version">;
  readonly row: ProcessedRow | undefined;
}

/**
 * Stores a batch: the listings, the marks on the raw rows, the version of the data and the run's counts.
 *
 * @param run.counts with this batch in `batches`
 * @returns undefined when an earlier attempt has stored it
 */
export async function storeBatch(
  db: Queryable,
  items: readonly BatchItem[],
  run: {
    readonly rulesVersion: number;
    readonly operationId: number;
    readonly counts: Readonly<Record<string, number>>;
  },
): Promise<StoredBatch | undefined> {
  const written = items.flatMap(({ row }) => (row === undefined ? [] : [row]));
  const values = [
    written.map(({ document }) => document).join(SEPARATOR),
    JSON.stringify(
      items.map(({ raw, row }) => ({ id: raw.id, version: raw.version, flips: row === undefined })),
    ),
    run.rulesVersion,
    run.operationId,
    JSON.stringify(run.counts),
    written.map(({ words }) => words),
    ...ARRAY_NAMES.map((_name, index) => written.map(({ columns }) => columns[index])),
  ];
  const { rows } = await db.query<StoredBatch & { is_first: boolean }>(STORE, values, {
    name: "che168_store_batch",
  });
  const [counts] = rows;
  if (counts === undefined) {
    throw new Error("A count without a row");
  }
  const { is_first, ...stored } = counts;
  return is_first ? stored : undefined;
}
