import type { RunStatements } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import { type CompareBatchOptions, compareBatch } from "./compare-batch.ts";
import type { FeedDeps } from "./feed-position.ts";
import type { SnapshotEnd, SnapshotSource } from "./source.ts";
import { type ComparisonState, flushState, positionMoved, readState } from "./state.ts";
import type { ReconcileRunOptions } from "./types.ts";

type ReadDeps = Pick<FeedDeps, "database" | "logger">;

/** One run. */
export interface ComparisonRun {
  readonly source: SnapshotSource;
  readonly statements: RunStatements;
  readonly options: ReconcileRunOptions;
  readonly call: CallOptions & { readonly signal: AbortSignal };
  readonly operation: CompareBatchOptions["operation"];
}

/** The stored state; undefined before the first reconcile. */
export const readStored = (
  { database }: ReadDeps,
  { statements }: ComparisonRun,
): Promise<ComparisonState | undefined> => statements.read(() => readState(database));

/**
 * The stored state, from which reading continues after a crash of the server lost the last batches.
 *
 * @param batches number of batches that the run has stored
 * @throws Che168Error `POSITION_MOVED` when none is lost: another run has moved the checkpoint
 */
export async function goBack(deps: ReadDeps, run: ComparisonRun, batches: number): Promise<ComparisonState> {
  const found = await readStored(deps, run);
  if (found === undefined || found.batches >= batches) {
    throw positionMoved();
  }
  deps.logger.warn("The database has lost its last batches; comparing them again");
  return found;
}

/** Reads the source to its end, and compares and stores each batch. */
export async function readSource(
  deps: ReadDeps,
  run: ComparisonRun,
  from: ComparisonState,
): Promise<{ readonly state: ComparisonState; readonly end: SnapshotEnd }> {
  const isSecond = from.phase === "reread";
  const before = isSecond ? 0 : from.counts.records;
  // The first pass has counted the records; one that was interrupted does not know where it was.
  const total = isSecond ? (from.checkpoint === null ? from.counts.records : null) : run.source.total;
  let read = 0;
  const report = (records: number) => {
    read += records;
    const phase = isSecond ? "reread" : "read";
    run.options.onProgress?.({ phase, unit: "records", done: before + read, before, total });
  };
  for (let state = from; ; ) {
    const reached = await readOn(deps, run, state, report);
    if (reached.end !== undefined) {
      return { state: reached.state, end: reached.end };
    }
    state = await goBack(deps, run, reached.state.batches);
  }
}

/** Reads the source from its checkpoint on. @returns without an end when the stored state has lost batches */
async function readOn(
  { database }: ReadDeps,
  { source, statements, options, call, operation }: ComparisonRun,
  from: ComparisonState,
  report: (records: number) => void,
): Promise<{ readonly state: ComparisonState; readonly end?: SnapshotEnd }> {
  const kind = from.phase === "reread" ? "second" : "page";
  const store = { statements, operation, signal: call.signal, kind } as const;
  const batches = source.read(from.checkpoint, call);
  let state = from;
  let next = await batches.next();
  while (!next.done) {
    call.signal.throwIfAborted();
    const stored = await compareBatch(database, next.value, state, store);
    if (stored === undefined) {
      await batches.return({ complete: false });
      return { state };
    }
    state = stored.state;
    for (const rejection of stored.rejections) {
      await options.onRejected?.(rejection);
    }
    report(next.value.records.length + next.value.rejections.length);
    next = await batches.next();
  }
  const flushed = await statements.read(() => flushState(database, state.batches));
  return flushed ? { state, end: next.value } : { state };
}
