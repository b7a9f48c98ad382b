import type { Queryable } from "../database/index.ts";
import { turnSql } from "../operations/index.ts";
import { encodeUtf8 } from "../util/utf8.ts";
import { EVENTS_SQL, IS_PRICE_EVENT, PRICE_DROP } from "./event-sql.ts";
import {
  ARRAY_COLUMNS,
  ARRAY_NAMES,
  DOCUMENT_COLUMNS,
  type ProcessedRow,
  type RawRow,
  type StoredContent,
} from "./row.ts";

/** Columns that follow the raw row; `content_hash` does not cover them. */
const FACTS = ["active_status", "is_incomplete", "created_at"] as const;

/** Every column except the key, with the expression of its value: `i` is the item, `c` the comparison with the stored row. */
const FILLED: readonly (readonly [column: string, value: string])[] = [
  ...FACTS.map((name) => [name, `c.${name}`] as const),
  ...ARRAY_NAMES.slice(1).map((name) => [name, `i.${name}`] as const),
  ...DOCUMENT_COLUMNS.map((name) => [name, `nullif(i.listing -> '${name}', 'null')`] as const),
  ["normalized_data", "i.listing"],
  ["search", "array_to_tsvector(string_to_array(coalesce(i.words, ''), ' '))"],
  ["rules_version", "$3::int"],
  ["updated_at", "case when c.is_changed then clock_timestamp() else c.updated_at end"],
  ["first_seen_at", "coalesce(c.first_seen_at, c.first_loaded_at)"],
  ["removed_at", "c.removed_at"],
  ["price_drop", "c.price_drop"],
];
/** Separates documents, and lists of words: a control character, which JSON only contains as an escape and words do not. */
const SEPARATOR = "\u001e";

/** Texts as one parameter; the driver encodes a text in twice the time. */
const separated = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((text, index) => encodeUtf8(index === 0 ? [text] : [SEPARATOR, text])));

/**
 * One statement, and so one transaction. $1 documents (each parsed alone, as in the loader), $2 ids and versions of the raw
 * rows, $3 version of the rules, $4 id of the run in operations_log, $5 its counts, $6 words, $7 id up to which rows are done,
 * $8 and up: the columns.
 *
 * Idempotent: it first locks the run's row, whose `batches` shows whether the batch is already stored. The statement of a cut
 * connection may still be running on the server, or start later; of two attempts one does nothing.
 *
 * An existing row keeps its id: the column's default would draw a number from the sequence before `on conflict` finds the row.
 *
 * Compare-and-set: a raw row is marked only if it still has the version that was read, and, where the listing is kept as
 * stored, if that still has the hash that was read. Otherwise it is unprocessed until the next run.
 *
 * `compared` has a row per marked listing with its state before (`old_*`, null for a new one) and after: what happened to it.
 * `content_changed` disregards the price and the columns of the raw row; it compares documents, because the hash also changes
 * with the set of columns and the words of the search.
 */
const storeStatement = (withEvents: boolean) => `
  with ${turnSql(4, "(details::jsonb ->> 'batches')::int < ($5::jsonb ->> 'batches')::int")},
  marked as (
    update raw_data r
       set is_processed = true, rules_version = case when b.flips then r.rules_version else $3::int end,
           part_keys = coalesce(b.keys, r.part_keys)
      from jsonb_to_recordset($2::jsonb) as b(id int, version text, flips boolean, hash uuid, keys uuid[])
     where exists (select from turn) and r.id = b.id and r.xmin::text = b.version
       and (b.hash is null or exists (
             select from processed_data p where p.inner_id = r.inner_id and p.content_hash = b.hash))
    returning r.id as raw_id, r.inner_id, r.active_status, r.completeness <> 'complete' as is_incomplete, r.created_at,
              r.first_loaded_at, r.last_updated_at, b.flips, b.hash is not null as is_same),
  missed as (
    update raw_data r set is_processed = false
      from jsonb_to_recordset($2::jsonb) as b(id int)
     where exists (select from turn) and r.id = b.id and r.is_processed
       and not exists (select from marked m where m.raw_id = r.id)),
  advanced as (
    update normalize_state set after_id = greatest(after_id, $7::int) where id = 1 and exists (select from turn)),
  items as materialized (
    select i.*, i.document::jsonb as listing
      from rows from (
             string_to_table(nullif(convert_from($1::bytea, 'UTF8'), ''), e'\\x1e'),
             string_to_table(nullif(convert_from($6::bytea, 'UTF8'), ''), e'\\x1e'),
             ${Object.values(ARRAY_COLUMNS)
               .map((type, index) => `unnest($${index + 8}::${type}[])`)
               .join(", ")}
           ) as i(document, words, ${ARRAY_NAMES.join(", ")})),
  states as (
    select m.*, p.id, p.updated_at, p.active_status as old_active_status, p.is_incomplete as old_is_incomplete,
           p.created_at as old_created_at, p.price as old_price, p.rules_version as old_rules_version,
           p.first_seen_at, p.price_drop as old_price_drop,
           case when m.active_status = 1 then coalesce(p.removed_at, m.last_updated_at) end as removed_at,
           case when m.flips or m.is_same then p.price else i.price end as new_price,
           case when m.flips or m.is_same or p.id is null then false
                else p.normalized_data - 'price' <> i.listing - 'price' end as content_changed
      from marked m
      left join items i on i.inner_id = m.inner_id
      left join processed_data p on p.inner_id = m.inner_id),
  with_price_events as (select s.*, ${IS_PRICE_EVENT} as is_price_event from states s),
  compared as materialized (
    select s.*, ${withEvents ? PRICE_DROP : "null::int"} as price_drop,
           s.id is null or s.content_changed
             or (s.new_price, s.active_status, s.is_incomplete)
                is distinct from (s.old_price, s.old_active_status, s.old_is_incomplete) as is_changed
      from with_price_events s),
  written as (
    insert into processed_data (id, inner_id, ${FILLED.map(([column]) => column).join(", ")})
    select coalesce(c.id, nextval((select pg_get_serial_sequence('processed_data', 'id')))),
           i.inner_id, ${FILLED.map(([, value]) => value).join(", ")}
      from items i
      join compared c on c.inner_id = i.inner_id
    on conflict (inner_id) do update set
           ${FILLED.map(([column]) => `${column} = excluded.${column}`).join(", ")}
    returning 1),
  -- Kept as stored, except for the columns of the raw row.
  kept as (
    update processed_data p
       set ${FACTS.map((name) => `${name} = c.${name}`).join(", ")}, removed_at = c.removed_at,
           updated_at = case when c.is_changed then clock_timestamp() else p.updated_at end
      from compared c
     where (c.flips or c.is_same) and p.inner_id = c.inner_id
       and (${FACTS.map((name) => `c.${name}`).join(", ")}) is distinct from (${FACTS.map((name) => `c.old_${name}`).join(", ")})
    returning 1),
  versioned as (
    -- By the clock: a standby that is promoted without the last changes must not reuse their versions.
    update data_version set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
     where id = 1 and (exists (select from written) or exists (select from kept))
    returning id),
  ${withEvents ? EVENTS_SQL : ""}
  counts as (
    select (select count(*) from compared where not flips)::int as processed,
           (select count(*) from compared where is_same)::int as unchanged,
           (select count(*) from compared where flips)::int as deactivated,
           (jsonb_array_length($2::jsonb) - (select count(*) from marked))::int as changed_meanwhile),
  noted as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $5::jsonb || jsonb_build_object(
             'processed', ($5::jsonb ->> 'processed')::int + counts.processed,
             'unchanged', ($5::jsonb ->> 'unchanged')::int + counts.unchanged,
             'deactivated', ($5::jsonb ->> 'deactivated')::int + counts.deactivated,
             'changedMeanwhile', ($5::jsonb ->> 'changedMeanwhile')::int + counts.changed_meanwhile))::text
      from counts
     where id = $4::int and exists (select from turn))
  select counts.*, exists (select from turn) as is_first from counts`;

const STORE = storeStatement(true);
const STORE_SILENTLY = storeStatement(false);

interface Counts {
  readonly processed: number;
  /** Of these, the listings whose stored content is the same, so that it was not written again. */
  readonly unchanged: number;
  /** Removed listings that became inactive without being normalised again. */
  readonly deactivated: number;
}

/** Result of a batch. */
export interface BatchCounts extends Counts {
  /** Rows that changed while the batch was computed; they stay unprocessed. */
  readonly changed_meanwhile: number;
}

/** A raw row and what is to be stored. */
export interface BatchItem {
  readonly raw: Pick<RawRow, "id" | "inner_id" | "version" | "is_current"> & {
    /** Keys of the shared parts. */
    readonly keys: readonly (string | null)[] | null;
  };
  /**
   * The canonical row; the hash of the stored one if it has the same content; undefined for a listing that only becomes
   * inactive.
   */
  readonly row: ProcessedRow | StoredContent | undefined;
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
    readonly counts: Counts & { readonly batches: number };
    /** Whether events are written. */
    readonly withEvents: boolean;
  },
): Promise<BatchCounts | undefined> {
  const changed = items.filter((item) => !isUpToDate(item));
  const upToDate = countKept(items.filter(isUpToDate));
  const written = items.flatMap(({ row }) => (row !== undefined && "document" in row ? [row] : []));
  const values = [
    separated(written.map(({ document }) => document)),
    JSON.stringify(
      changed.map(({ raw: { id, version, keys }, row }) => ({
        id,
        version,
        keys,
        flips: row === undefined,
        hash: row !== undefined && "sameAs" in row ? row.sameAs : null,
      })),
    ),
    run.rulesVersion,
    run.operationId,
    JSON.stringify(sumOf(run.counts, upToDate)),
    separated(written.map(({ words }) => words)),
    items.at(-1)?.raw.id,
    ...ARRAY_NAMES.map((_name, index) => written.map(({ columns }) => columns[index])),
  ];
  const { rows } = await db.query<BatchCounts & { is_first: boolean }>(
    run.withEvents ? STORE : STORE_SILENTLY,
    values,
    { name: run.withEvents ? "che168_store_batch" : "che168_store_batch_silently" },
  );
  const [counts] = rows;
  if (counts === undefined) {
    throw new Error("A count without a row");
  }
  const { is_first, ...stored } = counts;
  return is_first ? sumOf(stored, upToDate) : undefined;
}

/** Whether nothing is to be written for a row: it is processed, and the listing is kept as stored. */
const isUpToDate = ({ raw, row }: BatchItem): boolean =>
  raw.is_current && (row === undefined || "sameAs" in row);

/** Counts of rows for which nothing is written. */
function countKept(items: readonly BatchItem[]) {
  const unchanged = items.filter(({ row }) => row !== undefined).length;
  return { processed: unchanged, unchanged, deactivated: items.length - unchanged };
}

/** Counts plus further ones. */
const sumOf = <T extends Counts>(counts: T, more: Counts): T => ({
  ...counts,
  processed: counts.processed + more.processed,
  unchanged: counts.unchanged + more.unchanged,
  deactivated: counts.deactivated + more.deactivated,
});
