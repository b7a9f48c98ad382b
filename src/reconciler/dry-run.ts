import type { Database } from "../database/index.ts";
import type { RunStatements } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import { type CompareDeps, type ComparisonOutcome, refusal } from "./compare.ts";
import { countBatch } from "./compare-batch.ts";
import type { SnapshotEnd, SnapshotSource } from "./source.ts";
import { type ComparisonState, ZERO_TOTALS } from "./state.ts";
import type { ReconcileRunOptions, ReconcileTotals } from "./types.ts";

/** Ids of rows as a bit map: 31 KB for 250,000 listings. */
function createIdSet() {
  let bits = new Uint8Array(65_536);
  let size = 0;
  const has = (id: number) => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  return {
    has,
    size: () => size,
    add: (id: number) => {
      if (id >> 3 >= bits.length) {
        const grown = new Uint8Array((id >> 2) + 1);
        grown.set(bits);
        bits = grown;
      }
      if (!has(id)) {
        bits[id >> 3] = (bits[id >> 3] ?? 0) | (1 << (id & 7));
        size += 1;
      }
    },
  };
}

const ACTIVE = `
  select id from raw_data
   where active_status = 0 and not coalesce(change_id >= $1::bigint, false) and id > $2
   order by id limit 10000`;

/** A run that only counts. */
interface DryRun {
  readonly source: SnapshotSource;
  readonly statements: RunStatements;
  readonly call: CallOptions;
  readonly options: ReconcileRunOptions;
}

/** Reads the source to its end. @returns the rows that it contains, the counts, and how it ended */
async function countSource(
  database: Database,
  { source, statements, call, options }: DryRun,
  position: number | null,
): Promise<{
  readonly seen: ReturnType<typeof createIdSet>;
  readonly counts: ReconcileTotals;
  readonly end: SnapshotEnd;
}> {
  const seen = createIdSet();
  let counts: ReconcileTotals = ZERO_TOTALS;
  const batches = source.read(null, call);
  let next = await batches.next();
  while (!next.done) {
    const { records, rejections } = next.value;
    const found = await countBatch(database, next.value, position, statements);
    for (const id of found.seen) {
      seen.add(id);
    }
    counts = {
      ...counts,
      pages: counts.pages + 1,
      records: counts.records + records.length + rejections.length,
      rejected: counts.rejected + rejections.length,
      loaded: counts.loaded + found.loaded,
      updated: counts.updated + found.updated,
      reactivated: counts.reactivated + found.reactivated,
      unchanged: counts.unchanged + found.unchanged,
      newer: counts.newer + found.newer,
    };
    const { records: done } = counts;
    options.onProgress?.({ phase: "read", unit: "records", done, before: 0, total: source.total });
    next = await batches.next();
  }
  return { seen, counts, end: next.value };
}

/**
 * Counts what a run would do, and writes nothing. `removed` is an upper bound over the API: listings that only moved across
 * a page border are not confirmed.
 */
export async function dryRun(deps: CompareDeps, run: DryRun): Promise<ComparisonOutcome> {
  const { database } = deps;
  const { source, statements, call, options } = run;
  const { position } = await source.findPosition(call);
  const { seen, counts, end } = await countSource(database, run, position);
  const { rows: active } = await statements.read(() =>
    database.query<{ count: number }>("select count(*)::int as count from raw_data where active_status = 0"),
  );
  const activeBefore = active[0]?.count ?? 0;
  const refused =
    options.force || !end.complete
      ? undefined
      : refusal(seen.size() + counts.loaded, activeBefore, deps.maxEndedShare);
  const removed =
    end.complete && refused === undefined ? await countAbsent(database, statements, position, seen) : 0;
  const state: ComparisonState = {
    source: source.id,
    phase: "read",
    position,
    gapsBelow: position,
    checkpoint: null,
    batches: 0,
    activeBefore,
    counts: { ...counts, removed },
    startedMs: 0,
  };
  const error = end.complete ? refused : `${end.error ?? "the source is incomplete"}; nothing would be ended`;
  return { state, complete: end.complete, deferred: 0, gapsRepaired: 0, error };
}

/** Active rows that were not seen. */
async function countAbsent(
  database: Database,
  statements: RunStatements,
  position: number | null,
  seen: Pick<ReturnType<typeof createIdSet>, "has">,
): Promise<number> {
  let absent = 0;
  for (let after = 0; ; ) {
    const { rows } = await statements.read(() => database.query<{ id: number }>(ACTIVE, [position, after]));
    absent += rows.filter(({ id }) => !seen.has(id)).length;
    const last = rows.at(-1);
    if (last === undefined) {
      return absent;
    }
    after = last.id;
  }
}
