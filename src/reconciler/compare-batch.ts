import type { Database } from "../database/index.ts";
import {
  asyncCommit,
  type Rejection,
  type RunStatements,
  rejectedParameter,
  rejectedSql,
  storeOnce,
  storeRejecting,
  turnSql,
} from "../operations/index.ts";
import { BATCH_COUNTS, COMPARE, FIND_KNOWN } from "./compare-sql.ts";
import { decided, type Undecided, type Verdicts } from "./same-meaning.ts";
import type { SnapshotBatch, SnapshotRecord } from "./source.ts";
import { type ComparisonState, readState, writeCounts } from "./state.ts";
import type { ReconcileTotals } from "./types.ts";

const CLAIMED = "exists (select from claimed)";

/**
 * One statement, therefore one transaction: inserted, replaced and reactivated rows, which listings were seen, rejections,
 * the checkpoint, the counts. Equal rows are only read. Nothing is written while a record is undecided, or when the number
 * of stored batches is not $8: another run or an earlier attempt has stored the batch.
 * $1 to $4 as in {@link COMPARE}; $5 rejections, $6 counts before, $7 checkpoint, $8 batches before, $9 id of the run's
 * row, $10 key of the counts in it, $11 ids of rows that are known to be equal, $12 whether the listings were counted before.
 *
 * `synchronous_commit` is off: rows and checkpoint commit together; the run detects a loss, and ends with a synchronous
 * commit.
 */
const STORE_BATCH = `
  with ${turnSql(9)},
  ${COMPARE},
  found as (select ${BATCH_COUNTS}),
  counts as (
    select *, $6::jsonb || jsonb_build_object(
             'loaded', ($6::jsonb ->> 'loaded')::int + loaded,
             'updated', ($6::jsonb ->> 'updated')::int + updated,
             'reactivated', ($6::jsonb ->> 'reactivated')::int + reactivated,
             'unchanged', ($6::jsonb ->> 'unchanged')::int + case when $12 then 0 else unchanged end,
             'newer', ($6::jsonb ->> 'newer')::int + case when $12 then 0 else newer end) as totals
      from found),
  claimed as (
    update reconcile_state s
       set batches = s.batches + 1, checkpoint = $7::jsonb, counts = c.totals
      from counts c
     where s.id = 1 and s.batches = $8::int and c.undecided is null and exists (select from turn)
    returning 1),
  inserted as (
    insert into raw_data (inner_id, change_type, created_at, data, source, active_status)
    select j.inner_id, 'added', j.created_at, j.data, 'initial_load', 0
      from judged j where j.outcome = 'missing' and ${CLAIMED}
    on conflict (inner_id) do nothing
    returning id, inner_id, last_updated_at),
  replaced as (
    update raw_data r
       set data = case when j.outcome = 'equal' then r.data else j.stored || j.data end,
           change_type = case when j.active_status = 0 then 'changed' else 'added' end,
           created_at = case when j.active_status = 0 then r.created_at else j.created_at end,
           active_status = 0, completeness = 'complete', is_processed = false,
           last_updated_at = clock_timestamp()
      from judged j
     where r.id = j.id and (j.outcome = 'differs' or j.outcome = 'equal' and j.stale) and ${CLAIMED}
    returning r.id, r.last_updated_at),
  hashed as (
    insert into source_hashes (raw_id, hash, row_updated_at)
    select w.id, decode(w.hash, 'hex'), w.updated_at
      from (select coalesce(i.id, j.id) as id, j.hash,
                   coalesce(i.last_updated_at, r.last_updated_at, j.last_updated_at) as updated_at
              from judged j left join inserted i on i.inner_id = j.inner_id left join replaced r on r.id = j.id
             where j.hash is not null and j.outcome in ('missing', 'equal', 'differs') and ${CLAIMED}) as w
     where w.id is not null
    on conflict (raw_id) do update set hash = excluded.hash, row_updated_at = excluded.row_updated_at),
  seen as (
    insert into reconcile_seen (raw_id)
    select p.id from (
      select j.id from judged j where j.id is not null
      union select r.id from raw_data r
             where r.inner_id in (select x.inner_id from jsonb_to_recordset($5::jsonb) as x(inner_id text))
      union all select i.id from inserted i
      union all select k::int from jsonb_array_elements_text($11::jsonb) as k) as p
     where ${CLAIMED} and not exists (select from reconcile_seen s where s.raw_id = p.id)
    on conflict (raw_id) do nothing),
  rejected as (${rejectedSql(5, CLAIMED)}),
  recorded as (${writeCounts({ id: 9, key: 10, counts: "(select totals from counts)", condition: CLAIMED })})
  select totals, undecided, ${CLAIMED} as claimed, ${asyncCommit()}
    from counts`;

// Reads only.
const COUNT_BATCH = `
  with ${COMPARE}
  select ${BATCH_COUNTS}, (select jsonb_agg(j.id) from judged j where j.id is not null) as seen`;

interface ComparedRow {
  readonly totals: ReconcileTotals;
  readonly undecided: readonly Undecided[] | null;
  readonly claimed: boolean;
}

type Counted = Readonly<Record<"loaded" | "updated" | "reactivated" | "unchanged" | "newer", number>>;

interface CountedRow extends Counted {
  readonly undecided: readonly Undecided[] | null;
  readonly seen: readonly number[] | null;
}

/** The parameters $1 to $4. Of a listing that occurs twice, the last record counts. */
function compareParameters(
  records: readonly SnapshotRecord[],
  position: number | null,
  verdicts: Verdicts,
): unknown[] {
  const unique = [...new Map(records.map((record) => [record.innerId, record])).values()];
  const documents = unique.map(({ data }) => Buffer.from(data));
  let first = 1;
  const known = unique.map(({ innerId, createdAt, contentHash, ignoredKey }, index) => {
    const size = documents[index]?.length ?? 0;
    const place = first;
    first += size;
    const verdict = verdicts.get(innerId);
    return {
      ...{ inner_id: innerId, created_at: createdAt, first: place, size },
      ...{ hash: contentHash, verdict, ignored: ignoredKey },
    };
  });
  return [JSON.stringify(known), Buffer.concat(documents), unique.length, position];
}

/** The run that stores a batch. */
export interface CompareBatchOptions {
  readonly statements: RunStatements;
  readonly signal: AbortSignal;
  /** The run's row of `operations_log`, and the key of the counts in it; null: at its top level. */
  readonly operation: { readonly id: number; readonly key: string | null };
  /** A page of the source, one of its second pass (its listings were counted in the first), or a single listing. */
  readonly kind: "page" | "second" | "single";
}

/** A stored batch: the state after it, and its rejected records. */
export interface ComparedBatch {
  readonly state: ComparisonState;
  readonly rejections: readonly Rejection[];
}

/**
 * Compares and stores a batch together with its checkpoint.
 *
 * @returns undefined when the state has moved, and nothing was stored
 */
export async function compareBatch(
  database: Database,
  batch: SnapshotBatch,
  state: ComparisonState,
  options: CompareBatchOptions,
): Promise<ComparedBatch | undefined> {
  const { known, rest } = await split(database, batch, state.position, options.statements);
  const page = storable(rest, batch.rejections);
  return storeRejecting(
    database,
    page,
    storable,
    async ({ records, rejections }) => {
      const part = { records, rejections, known, checkpoint: batch.checkpoint };
      const stored = await store(database, part, state, options);
      return stored && { state: stored, rejections };
    },
    options.signal,
  );
}

/** The batch in the form in which unstorable records are found. */
const storable = <Record extends SnapshotRecord>(
  records: readonly Record[],
  rejections: readonly Rejection[],
) => ({
  records: records.map((record, index) => ({
    ...record,
    index,
    changeId: undefined,
    hasOwnDate: true,
    repaired: 0,
  })),
  rejections,
  documentOf: ({ data }: SnapshotRecord) => data,
  textOf: ({ index }: { readonly index: number }) => records[index]?.data ?? "",
});

async function store(
  database: Database,
  { records, rejections, known, checkpoint }: SnapshotBatch & { readonly known: readonly number[] },
  state: ComparisonState,
  { statements, operation, kind }: CompareBatchOptions,
): Promise<ComparisonState | undefined> {
  const { counts } = state;
  const before: ReconcileTotals = {
    ...counts,
    pages: counts.pages + (kind === "single" ? 0 : 1),
    records: counts.records + (kind === "page" ? known.length + records.length + rejections.length : 0),
    unchanged: counts.unchanged + (kind === "second" ? 0 : known.length),
    confirmed: counts.confirmed + (kind === "single" ? records.length : 0),
    rejected: counts.rejected + (kind === "second" ? 0 : rejections.length),
  };
  const others = [
    rejectedParameter(rejections, "initial_load"),
    JSON.stringify(before),
    JSON.stringify(checkpoint),
    state.batches,
    operation.id,
    operation.key,
    JSON.stringify(known),
    kind === "second",
  ];
  const after = { ...state, batches: state.batches + 1, checkpoint };
  const compareAndStore = async (): Promise<ComparisonState | undefined> => {
    const row = await decided(async (verdicts) => {
      const { rows } = await database.query<ComparedRow>(
        STORE_BATCH,
        [...compareParameters(records, state.position, verdicts), ...others],
        { name: "che168_reconcile_batch" },
      );
      return rows[0] as ComparedRow;
    });
    return row.claimed ? { ...after, counts: row.totals } : undefined;
  };
  const readStored = async (): Promise<ComparisonState | undefined> => {
    const stored = await readState(database);
    return stored?.batches === after.batches ? { ...after, counts: stored.counts } : undefined;
  };
  return storeOnce(statements, compareAndStore, readStored);
}

/** Splits off the records whose rows are known to be equal. @returns the ids of these rows, and the other records */
async function split(
  database: Database,
  { records }: SnapshotBatch,
  position: number | null,
  statements: RunStatements,
): Promise<{ readonly known: readonly number[]; readonly rest: readonly SnapshotRecord[] }> {
  const hashed = records.flatMap(({ innerId, contentHash }, place) =>
    contentHash === undefined ? [] : [{ inner_id: innerId, hash: contentHash, place }],
  );
  if (hashed.length === 0) {
    return { known: [], rest: records };
  }
  const { rows } = await statements.read(() =>
    database.query<{ id: number; place: number }>(
      FIND_KNOWN,
      [JSON.stringify(hashed), position, hashed.length],
      { name: "che168_find_known" },
    ),
  );
  const places = new Set(rows.map(({ place }) => place));
  const known = [...new Set(rows.map(({ id }) => id))];
  return { known, rest: records.filter((_record, place) => !places.has(place)) };
}

/** Compares a batch without writing. @returns its counts, and the rows that it contains */
export async function countBatch(
  database: Database,
  batch: SnapshotBatch,
  position: number | null,
  statements: RunStatements,
): Promise<Counted & { readonly seen: readonly number[] }> {
  const { known, rest } = await split(database, batch, position, statements);
  const { seen, ...counts } = await statements.read(() =>
    decided(async (verdicts) => {
      const { rows } = await database.query<CountedRow>(
        COUNT_BATCH,
        compareParameters(rest, position, verdicts),
        { name: "che168_reconcile_count" },
      );
      return rows[0] as CountedRow;
    }),
  );
  return { ...counts, unchanged: counts.unchanged + known.length, seen: [...known, ...(seen ?? [])] };
}
