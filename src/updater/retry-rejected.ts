import type { Database, Lock, Queryable, RawSource } from "../database/index.ts";
import { createRunStatements, findUnstorable, MAX_NESTING, readRecords } from "../operations/index.ts";
import { type PageRecord, parseExactly, repairJsonText, scanResponse } from "../upstream/internal.ts";
import { type FeedChange, foldChanges } from "./fold.ts";
import { foldsParameter, INVALID_CHANGE_ID } from "./prepare-changes.ts";
import { applyFolds } from "./store-changes.ts";

/** Outcome of a retry. */
export interface RetryRejectedResult {
  /** Records that are now stored, or superseded by newer data; they leave `rejected_records`. */
  readonly stored: number;
  /** Records that are still invalid; their reasons are current. */
  readonly rejected: number;
}

const OPEN = `
  select id, source, inner_id, record, (extract(epoch from rejected_at) * 1000)::float8 as rejected_ms
    from rejected_records where dismissed_at is null
   order by change_id nulls first, id`;

interface OpenRow {
  readonly id: number;
  readonly source: RawSource;
  readonly inner_id: string | null;
  readonly record: string;
  readonly rejected_ms: number;
}

/** A record that is valid now. */
interface ValidRecord extends Omit<FeedChange, "changeId"> {
  readonly rowId: number;
  readonly source: RawSource;
  readonly changeId: number | undefined;
  /** True for a listing that was fetched to complete a row. */
  readonly isListing: boolean;
  /** Its data as JSON, repaired for PostgreSQL. */
  readonly document: string;
}

function scanRecord(text: string): { readonly body: Buffer; readonly part: PageRecord } {
  const body = Buffer.from(`{"result":[${text}]}`);
  const { records, outline } = scanResponse(body);
  const [span] = records;
  const [parsed] = (JSON.parse(outline) as { readonly result: readonly unknown[] }).result;
  if (span === undefined || records.length !== 1) {
    throw new SyntaxError("not one JSON value");
  }
  return { body, part: { ...span, outline: parsed } };
}

/** Validates a rejected record by the present rules. @returns the reason when it is still invalid */
function readRejected(row: OpenRow): ValidRecord | string {
  let scanned: ReturnType<typeof scanRecord>;
  try {
    scanned = scanRecord(row.record);
  } catch {
    return "the record is not JSON";
  }
  const { body, part } = scanned;
  const base = { rowId: row.id, source: row.source };
  const fields = Object(part.outline) as Readonly<Record<string, unknown>>;
  if (row.source === "daily_update" && row.inner_id !== null && fields.change_type === undefined) {
    if (part.depth > MAX_NESTING) {
      return `the listing is nested deeper than ${MAX_NESTING} levels`;
    }
    const { text, repaired } = repairJsonText(row.record);
    return {
      ...base,
      index: row.id,
      innerId: row.inner_id,
      changeType: "added",
      createdAt: new Date(row.rejected_ms).toISOString(),
      hasOwnDate: false,
      changeId: undefined,
      data: {},
      repaired,
      isListing: true,
      document: text,
    };
  }
  const { records, invalid } = readRecords([part], new Date(row.rejected_ms));
  const [record] = records;
  if (record === undefined) {
    return invalid[0]?.reason ?? "the record is invalid";
  }
  if (row.source === "daily_update" && record.changeId === undefined) {
    return INVALID_CHANGE_ID;
  }
  const span = record.data;
  const { text, repaired } = repairJsonText(span ? body.toString("utf8", span.start, span.end) : "{}");
  const data = parseExactly(text) as FeedChange["data"];
  return { ...base, ...record, index: row.id, data, repaired, isListing: false, document: text };
}

const INSERT_LOADED = `
  insert into raw_data (inner_id, change_type, created_at, data, source, active_status)
  select r.inner_id, r.change_type, r.created_at, r.document::jsonb, 'initial_load',
         case r.change_type when 'removed' then 1 else 0 end
    from jsonb_to_recordset($1::jsonb)
      as r(inner_id text, change_type text, created_at timestamptz, document text)
   where (select known.id from raw_data known where known.inner_id = r.inner_id) is null
  on conflict (inner_id) do nothing`;

const APPLY_CHANGES = `
  with ${applyFolds({ folds: 1, count: 2, condition: "true" })}
  select count(*) from updated`;

// As in the backfill, fields of the change win.
const COMPLETE_LISTINGS = `
  update raw_data r
     set data = l.document::jsonb || r.data, completeness = 'complete', is_processed = false,
         last_updated_at = clock_timestamp()
    from jsonb_to_recordset($1::jsonb) as l(inner_id text, document text)
   where r.inner_id = l.inner_id and r.completeness <> 'complete'`;

const DELETE_STORED =
  "delete from rejected_records where id in (select jsonb_array_elements_text($1::jsonb)::int)";

const UPDATE_REASONS = `
  update rejected_records r set reason = n.reason
    from jsonb_to_recordset($1::jsonb) as n(id int, reason text)
   where r.id = n.id and r.reason <> n.reason`;

async function storeRecords(tx: Queryable, records: readonly ValidRecord[]): Promise<void> {
  const loaded = records.filter(({ source, isListing }) => source === "initial_load" && !isListing);
  const changes = records.flatMap((record): FeedChange[] =>
    record.source === "daily_update" && record.changeId !== undefined
      ? [{ ...record, changeId: record.changeId }]
      : [],
  );
  const listings = records.filter(({ isListing }) => isListing);
  const folds = foldChanges(changes);
  const documents = (of: readonly ValidRecord[]) =>
    JSON.stringify(
      of.map(({ innerId, changeType, createdAt, document }) => ({
        inner_id: innerId,
        change_type: changeType,
        created_at: createdAt,
        document,
      })),
    );
  await tx.query(INSERT_LOADED, [documents(loaded)]);
  await tx.query(APPLY_CHANGES, [foldsParameter(folds), folds.length]);
  await tx.query(COMPLETE_LISTINGS, [documents(listings)]);
  await tx.query(DELETE_STORED, [JSON.stringify(records.map(({ rowId }) => rowId))]);
}

/**
 * Stores the rejected records that are valid by the present rules, in one transaction: catalogue records as the loader
 * does, changes in feed order as the updater does (one older than its row is a no-op). Stored records leave
 * `rejected_records`; the others stay with their current reason; dismissed ones are left alone. Idempotent.
 *
 * @param options.lock `data_fetch`, held by the caller
 */
export async function retryRejected(
  database: Database,
  options: { readonly lock: Lock; readonly signal?: AbortSignal | undefined },
): Promise<RetryRejectedResult> {
  const { lock, signal } = options;
  const statements = createRunStatements(database, lock, signal);
  const { rows } = await statements.read(() => database.query<OpenRow>(OPEN));
  const read = rows.map((row) => ({ id: row.id, outcome: readRejected(row) }));
  const valid = read.flatMap(({ outcome }) => (typeof outcome === "string" ? [] : [outcome]));
  const unstorable = await findUnstorable(database, valid, ({ document }) => document, signal);
  const stored = valid.filter(({ index }) => !unstorable.has(index));
  const reasons = [
    ...read.flatMap(({ id, outcome }) => (typeof outcome === "string" ? [{ id, reason: outcome }] : [])),
    ...[...unstorable].map(([id, reason]) => ({ id, reason })),
  ];
  await statements.write(() =>
    database.transaction(async (tx) => {
      await storeRecords(tx, stored);
      await tx.query(UPDATE_REASONS, [JSON.stringify(reasons)]);
    }),
  );
  return { stored: stored.length, rejected: reasons.length };
}
