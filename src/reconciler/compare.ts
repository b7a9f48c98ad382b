import type { ReconcilePhase } from "../database/index.ts";
import { type RunStatements, readOpenGaps } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import { dayOf } from "../util/days.ts";
import { type CompareBatchOptions, compareBatch } from "./compare-batch.ts";
import { ensureFeedStart, type FeedDeps, followRenumberedFeed } from "./feed-position.ts";
import type { SnapshotEnd, SnapshotSource } from "./source.ts";
import {
  type ComparisonState,
  finishState,
  flushState,
  positionMoved,
  readState,
  setPhase,
  startState,
} from "./state.ts";
import type { ReconcileRunOptions } from "./types.ts";
import { confirmUnseen, countUnseen, endUnseen, MAX_SINGLE_REQUESTS } from "./unseen.ts";

/** An interrupted comparison is resumed within this time; later, reading anew costs less than its age. */
const MAX_RESUME_MS = 48 * 3_600_000;

/** Dependencies and limits of all runs. */
export interface CompareDeps extends FeedDeps {
  readonly maxEndedShare: number;
  /** Consecutive failed requests for single listings, after which the rest is deferred. */
  readonly maxFailures: number;
}

/** One run. */
export interface ComparisonRun {
  readonly source: SnapshotSource;
  readonly statements: RunStatements;
  readonly options: ReconcileRunOptions;
  readonly call: CallOptions & { readonly signal: AbortSignal };
  readonly operation: CompareBatchOptions["operation"];
}

/** How a run ended. */
export interface ComparisonOutcome {
  readonly state: ComparisonState;
  readonly complete: boolean;
  readonly deferred: number;
  readonly gapsRepaired: number;
  readonly error?: string | undefined;
}

/**
 * Why ending the unseen listings is refused: the catalogue is smaller than the active listings allow.
 *
 * @param seen listings of the catalogue
 */
export function refusal(seen: number, activeBefore: number, maxEndedShare: number): string | undefined {
  const minimum = (1 - maxEndedShare) * activeBefore;
  return seen < minimum
    ? `The catalogue has ${seen} listings, the copy had ${activeBefore} active ones: a loss of more than ${Math.round(maxEndedShare * 100)}% ends nothing. If it is real, run che168-sync reconcile --force`
    : undefined;
}

/** Compares the copy with the source: from where an interrupted run stopped, else from the start. */
export async function compare(deps: CompareDeps, run: ComparisonRun): Promise<ComparisonOutcome> {
  const { database, logger } = deps;
  const { source, statements, options, call } = run;
  const store = { statements, operation: run.operation, signal: call.signal };

  const readStored = () => statements.read(() => readState(database));

  /** The stored state; reading continues there after a crash of the server lost the last batches. */
  async function goBack(batches: number): Promise<ComparisonState> {
    const found = await readStored();
    if (found === undefined || found.batches >= batches) {
      throw positionMoved();
    }
    logger.warn("The database has lost its last batches; comparing them again");
    return found;
  }

  async function canResume(found: ComparisonState): Promise<boolean> {
    const isUnfinished = found.phase !== "done" && (found.phase !== "refused" || options.force === true);
    const isRecent = deps.now().getTime() - found.startedMs < MAX_RESUME_MS;
    if (!isUnfinished || !isRecent || found.source !== source.id) {
      return false;
    }
    const gaps = await statements.read(() => readOpenGaps(database));
    // A newer gap needs a newer snapshot.
    return gaps.every(({ toId }) => found.gapsBelow !== null && toId < found.gapsBelow);
  }

  async function begin(): Promise<ComparisonState> {
    const found = await readStored();
    // A repair follows a feed that has just been read to its end.
    const isRenumbered = options.operationId === undefined && (await followRenumberedFeed(deps, call));
    if (!isRenumbered && found !== undefined && (await canResume(found))) {
      logger.info(`Resuming the comparison after ${found.counts.records} records`);
      return found;
    }
    const position = await source.findPosition(call);
    await statements.write(() => ensureFeedStart(deps, position));
    await statements.write(() => startState(database, source.id, position, deps.now()));
    const started = await readStored();
    if (started === undefined) {
      throw new Error("The state is missing although it was just written");
    }
    return started;
  }

  /** Reads the source from its checkpoint on. @returns without an end when the stored state has lost batches */
  async function readOn(
    from: ComparisonState,
    report: (records: number) => void,
  ): Promise<{ readonly state: ComparisonState; readonly end?: SnapshotEnd }> {
    const kind = from.phase === "reread" ? "second" : "page";
    const batches = source.read(from.checkpoint, call);
    let state = from;
    let next = await batches.next();
    while (!next.done) {
      call.signal.throwIfAborted();
      const stored = await compareBatch(database, next.value, state, { ...store, kind });
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

  /** Reads the source to its end. */
  async function readAll(
    from: ComparisonState,
  ): Promise<{ readonly state: ComparisonState; readonly end: SnapshotEnd }> {
    const isSecond = from.phase === "reread";
    const before = isSecond ? 0 : from.counts.records;
    // The first pass has counted the records; one that was interrupted does not know where it was.
    const total = isSecond ? (from.checkpoint === null ? from.counts.records : null) : source.total;
    let read = 0;
    const report = (records: number) => {
      read += records;
      const phase = isSecond ? "reread" : "read";
      options.onProgress?.({ phase, unit: "records", done: before + read, before, total });
    };
    for (let state = from; ; ) {
      const reached = await readOn(state, report);
      if (reached.end !== undefined) {
        return { state: reached.state, end: reached.end };
      }
      state = await goBack(reached.state.batches);
    }
  }

  async function moveTo(phase: ReconcilePhase): Promise<ComparisonState> {
    await statements.write(() => setPhase(database, phase));
    const state = await readStored();
    if (state === undefined) {
      throw new Error("The state is missing");
    }
    return state;
  }

  const failed = (
    state: ComparisonState,
    error: string,
    complete: boolean,
    deferred = 0,
  ): ComparisonOutcome => {
    logger.error(`The copy may still differ from the catalogue: ${error}`);
    return { state, complete, deferred, gapsRepaired: 0, error };
  };

  async function readSource(from: ComparisonState): Promise<ComparisonState | ComparisonOutcome> {
    const { state, end } = await readAll(from);
    if (!end.complete) {
      const why = end.error ?? "the source is incomplete";
      return failed(state, `${why}; nothing was ended, and the next run continues`, false);
    }
    return chooseEnding(state);
  }

  /** Refuses to end too many listings, or moves to the phase in which the unseen ones are ended or confirmed. */
  async function chooseEnding({
    phase,
    position,
    activeBefore,
  }: ComparisonState): Promise<ComparisonState | ComparisonOutcome> {
    const { seen, unseen } = await statements.read(() => countUnseen(database, position));
    const refused = options.force ? undefined : refusal(seen, activeBefore, deps.maxEndedShare);
    if (refused !== undefined) {
      return failed(await moveTo("refused"), refused, true);
    }
    if (phase === "reread" || source.absentIsGone || unseen === 0) {
      return moveTo("end");
    }
    if (unseen <= MAX_SINGLE_REQUESTS) {
      return moveTo("confirm");
    }
    logger.info(
      `${unseen} listings were not in the catalogue; reading it again to confirm that they are gone`,
    );
    return moveTo("reread");
  }

  async function confirm(state: ComparisonState): Promise<ComparisonState | ComparisonOutcome> {
    const confirmed = await confirmUnseen(database, state, {
      ...store,
      client: deps.client,
      logger,
      maxFailures: deps.maxFailures,
      call,
      now: deps.now,
      onListing: (done, total) =>
        options.onProgress?.({ phase: "confirm", unit: "listings", done, before: 0, total }),
    });
    if (confirmed === undefined) {
      return goBack(state.batches);
    }
    const { deferred } = confirmed;
    return deferred > 0
      ? failed(
          confirmed.state,
          `whether ${deferred} listings are gone could not be confirmed; the next run requests them again`,
          true,
          deferred,
        )
      : finish(confirmed.state);
  }

  async function finish(state: ComparisonState): Promise<ComparisonOutcome> {
    const today = dayOf(deps.now(), deps.timezone);
    const gapsRepaired = await statements.write(() => finishState(database, today));
    return { state, complete: true, deferred: 0, gapsRepaired };
  }

  const endAll = async (state: ComparisonState): Promise<ComparisonOutcome> =>
    finish(await endUnseen(database, state, null, store));
  /** Each phase returns the state to continue with, or the outcome. */
  const phases: Readonly<
    Record<ReconcilePhase, (state: ComparisonState) => Promise<ComparisonState | ComparisonOutcome>>
  > = {
    read: readSource,
    reread: readSource,
    refused: chooseEnding,
    confirm,
    end: endAll,
    done: endAll,
  };
  let reached: ComparisonState | ComparisonOutcome = await begin();
  while (!("gapsRepaired" in reached)) {
    reached = await phases[reached.phase](reached);
  }
  return reached;
}
