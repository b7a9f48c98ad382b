import { type Database, isUnstorable } from "../database/index.ts";
import type { ExportBatch } from "../export-file/index.ts";
import {
  countPage,
  countsWithBatch,
  findUnstorable,
  type Rejection,
  type RunStatements,
  rejectedParameter,
  rejectedSql,
  storeOnce,
  turnSql,
} from "../operations/index.ts";
import {
  COUNT_STORED,
  type LoadTotals,
  STORED_COUNTS,
  type StoredRow,
  totalsAfter,
} from "./stored-counts.ts";

/**
 * One statement, therefore one transaction: rows, their hashes, rejections, the checkpoint, the run's counts.
 * $1 metadata of the rows, $2 rejections, $3 position before, $4 position after, $5 id of the run's row, $6 its counts, $7
 * version of the file, $8 number of rows, $9 their documents. See STORE_PAGE for their order. Commits are
 * synchronous: a batch is 50 times as long as a page.
 */
const STORE_EXPORT = `
  with ${turnSql(5)},
  moved as (
    update export_state set position = $4::bigint, records = records + $8::int
     where id = 1 and version = $7 and position is not distinct from $3::bigint
       and exists (select from turn)
    returning 1),
  listed as materialized (
    select * from jsonb_to_recordset($1::jsonb) as a(
      inner_id text, created_at timestamptz, hash text, first int, size int, document text)),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status)
    select a.inner_id, 'added', a.created_at,
           coalesce(a.document, convert_from(substr($9::bytea, a.first, a.size), 'UTF8'))::jsonb, 'initial_load', 0
      from listed a
     where exists (select from moved) and (select r.id from raw_data r where r.inner_id = a.inner_id) is null
    on conflict (inner_id) do nothing
    returning id, inner_id, last_updated_at),
  hashed as (
    insert into source_hashes (raw_id, hash, row_updated_at)
    select i.id, decode((select a.hash from listed a where a.inner_id = i.inner_id limit 1), 'hex'), i.last_updated_at
      from inserted i
    on conflict (raw_id) do update set hash = excluded.hash, row_updated_at = excluded.row_updated_at),
  rejected as (${rejectedSql(2, "exists (select from moved)")}),
  ${COUNT_STORED}
  select ${STORED_COUNTS}
    from counts`;

/** The run that stores a batch. */
export interface StoreExportOptions {
  readonly statements: RunStatements;
  readonly operationId: number;
  readonly totals: LoadTotals;
  readonly version: string;
  /** Where the batch starts; null for the first row. */
  readonly position: number | null;
  readonly signal: AbortSignal;
}

/** A row of a batch that is ready to be stored. */
interface ExportRecord {
  readonly index: number;
  readonly innerId: string;
  readonly createdAt: string;
  readonly hasOwnDate: boolean;
  readonly repaired: number;
  readonly changeId: undefined;
  /** Replaces the rendered document. */
  readonly document?: string;
}

interface PreparedBatch {
  readonly records: readonly ExportRecord[];
  readonly rejections: readonly Rejection[];
}

function prepare(batch: ExportBatch): PreparedBatch {
  const { repaired } = batch.documents();
  const records = batch.rows.map((row, index) => ({
    ...row,
    index,
    changeId: undefined,
    repaired: repaired[index] ?? 0,
  }));
  return { records, rejections: batch.rejections };
}

function documentOf(batch: ExportBatch, { index, document }: ExportRecord): string {
  const { bytes, spans } = batch.documents();
  const [start, end] = spans[index] ?? [0, 0];
  return document ?? bytes.toString("utf8", start, end);
}

async function store(
  database: Database,
  batch: ExportBatch,
  { records, rejections }: PreparedBatch,
  { statements, operationId, totals, version, position }: StoreExportOptions,
): Promise<LoadTotals | undefined> {
  const { bytes, spans } = batch.documents();
  const known = records.map(({ index, innerId, createdAt, document }) => {
    const [start, end] = spans[index] ?? [0, 0];
    return {
      inner_id: innerId,
      created_at: createdAt,
      hash: batch.hash(index),
      // PostgreSQL counts bytes from 1.
      ...(document === undefined ? { first: start + 1, size: end - start } : { document }),
    };
  });
  const counts = countPage(totals, records, rejections);
  const parameters = [
    JSON.stringify(known),
    rejectedParameter(rejections, "initial_load"),
    position,
    batch.position,
    operationId,
    JSON.stringify(counts),
    version,
    records.length + rejections.length,
    bytes,
  ];
  return storeOnce(
    statements,
    async () => {
      const { rows } = await database.query<StoredRow>(STORE_EXPORT, parameters, {
        name: "che168_store_export",
      });
      return totalsAfter(rows[0], totals, counts);
    },
    () => countsWithBatch(database, operationId, counts),
  );
}

/**
 * Finds the rows that PostgreSQL refuses: their JSON cells are kept as text, and rows that it still refuses are rejected.
 * Only for a batch that failed as a whole.
 */
async function withoutUnstorable(
  database: Database,
  batch: ExportBatch,
  { records, rejections }: PreparedBatch,
  signal: AbortSignal,
): Promise<PreparedBatch> {
  const find = (list: readonly ExportRecord[]) =>
    findUnstorable(database, list, (record) => documentOf(batch, record), signal);
  const refused = await find(records);
  const asText = batch.documents(true);
  const rewritten = records.map((record) => {
    const [start, end] = asText.spans[record.index] ?? [0, 0];
    return refused.has(record.index)
      ? { ...record, document: asText.bytes.toString("utf8", start, end) }
      : record;
  });
  const still = await find(rewritten.filter(({ index }) => refused.has(index)));
  const more = rewritten.flatMap((record): Rejection[] => {
    const reason = still.get(record.index);
    const { innerId, createdAt } = record;
    const head = { inner_id: innerId, change_type: "added", created_at: createdAt };
    const text = `${JSON.stringify(head).slice(0, -1)},"data":${documentOf(batch, record)}}`;
    return reason === undefined ? [] : [{ reason, innerId, changeId: undefined, text }];
  });
  return {
    records: rewritten.filter(({ index }) => !still.has(index)),
    rejections: [...rejections, ...more],
  };
}

/** A stored batch: the run's counts with it, and its rejected rows. */
export interface StoredExportBatch {
  readonly totals: LoadTotals;
  readonly rejections: readonly Rejection[];
}

/**
 * Stores a batch of a daily file together with the checkpoint.
 *
 * @returns undefined when the checkpoint is not at the batch, and nothing was stored
 */
export async function storeExportBatch(
  database: Database,
  batch: ExportBatch,
  options: StoreExportOptions,
): Promise<StoredExportBatch | undefined> {
  let prepared = prepare(batch);
  let totals: LoadTotals | undefined;
  try {
    totals = await store(database, batch, prepared, options);
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
    prepared = await withoutUnstorable(database, batch, prepared, options.signal);
    totals = await store(database, batch, prepared, options);
  }
  return totals && { totals, rejections: prepared.rejections };
}
