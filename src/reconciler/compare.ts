import type { ReconcilePhase } from "../database/index.ts";
import { readOpenGaps, writeCheckpoint } from "../operations/index.ts";
import { dayOf } from "../util/days.ts";
import { ensureFeedStart, type FeedDeps, followRenumberedFeed } from "./feed-position.ts";
import { type ComparisonRun, goBack, readSource, readStored } from "./read-source.ts";
import { type ComparisonState, finishState, readState, setPhase, startState } from "./state.ts";
import { confirmUnseen, countUnseen, endUnseen, MAX_SINGLE_REQUESTS } from "./unseen.ts";

/** An interrupted comparison is resumed within this time; later, reading anew costs less than its age. */
const MAX_RESUME_MS = 48 * 3_600_000;

/** Dependencies and limits of all runs. */
export interface CompareDeps extends FeedDeps {
  readonly maxEndedShare: number;
  /** Consecutive failed requests for single listings, after which the rest is deferred. */
  readonly maxFailures: number;
}

/** How a run ended. */
export interface ComparisonOutcome {
  readonly state: ComparisonState;
  readonly complete: boolean;
  readonly deferred: number;
  readonly gapsRepaired: number;
  readonly error?: string | undefined;
}

/** Runs a phase. @returns the state to continue with, or the outcome */
type Phase = (
  deps: CompareDeps,
  run: ComparisonRun,
  state: ComparisonState,
) => Promise<ComparisonState | ComparisonOutcome>;

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
  let reached: ComparisonState | ComparisonOutcome = await begin(deps, run);
  while (!("gapsRepaired" in reached)) {
    reached = await PHASES[reached.phase](deps, run, reached);
  }
  return reached;
}

async function begin(deps: CompareDeps, run: ComparisonRun): Promise<ComparisonState> {
  const { database, logger } = deps;
  const { source, statements, options, call } = run;
  const found = await readStored(deps, run);
  // A repair follows a feed that has just been read to its end.
  const isRenumbered = options.operationId === undefined && (await followRenumberedFeed(deps, call));
  if (!isRenumbered && found !== undefined && (await canResume(deps, run, found))) {
    logger.info(`Resuming the comparison after ${found.counts.records} records`);
    return found;
  }
  const position = await source.findPosition(call);
  await statements.write(() => ensureFeedStart(deps, position));
  return writeCheckpoint(
    statements,
    () => startState(database, source.id, position, deps.now()),
    () => readState(database),
  );
}

async function canResume(
  { database, now }: CompareDeps,
  { source, statements, options }: ComparisonRun,
  found: ComparisonState,
): Promise<boolean> {
  const isUnfinished = found.phase !== "done" && (found.phase !== "refused" || options.force === true);
  const isRecent = now().getTime() - found.startedMs < MAX_RESUME_MS;
  if (!isUnfinished || !isRecent || found.source !== source.id) {
    return false;
  }
  const gaps = await statements.read(() => readOpenGaps(database));
  // A newer gap needs a newer snapshot.
  return gaps.every(({ toId }) => found.gapsBelow !== null && toId < found.gapsBelow);
}

async function moveTo(
  deps: CompareDeps,
  run: ComparisonRun,
  phase: ReconcilePhase,
): Promise<ComparisonState> {
  return writeCheckpoint(
    run.statements,
    () => setPhase(deps.database, phase),
    () => readState(deps.database),
  );
}

function failed(
  { logger }: CompareDeps,
  error: string,
  outcome: Pick<ComparisonOutcome, "state" | "complete" | "deferred">,
): ComparisonOutcome {
  logger.error(`The copy may still differ from the catalogue: ${error}`);
  return { ...outcome, gapsRepaired: 0, error };
}

const read: Phase = async (deps, run, from) => {
  const { state, end } = await readSource(deps, run, from);
  if (!end.complete) {
    const why = end.error ?? "the source is incomplete";
    const error = `${why}; nothing was ended, and the next run continues`;
    return failed(deps, error, { state, complete: false, deferred: 0 });
  }
  return chooseEnding(deps, run, state);
};

/** Refuses to end too many listings, or moves to the phase in which the unseen ones are ended or confirmed. */
const chooseEnding: Phase = async (deps, run, { phase, position, activeBefore }) => {
  const { source, statements, options } = run;
  const { seen, unseen } = await statements.read(() => countUnseen(deps.database, position));
  const refused = options.force ? undefined : refusal(seen, activeBefore, deps.maxEndedShare);
  if (refused !== undefined) {
    const state = await moveTo(deps, run, "refused");
    return failed(deps, refused, { state, complete: true, deferred: 0 });
  }
  if (phase === "reread" || source.absentIsGone || unseen === 0) {
    return moveTo(deps, run, "end");
  }
  if (unseen <= MAX_SINGLE_REQUESTS) {
    return moveTo(deps, run, "confirm");
  }
  deps.logger.info(
    `${unseen} listings were not in the catalogue; reading it again to confirm that they are gone`,
  );
  return moveTo(deps, run, "reread");
};

const confirm: Phase = async (deps, run, state) => {
  const { statements, operation, call, options } = run;
  const confirmed = await confirmUnseen(deps.database, state, {
    statements,
    operation,
    signal: call.signal,
    client: deps.client,
    logger: deps.logger,
    maxFailures: deps.maxFailures,
    call,
    now: deps.now,
    onListing: (done, total) =>
      options.onProgress?.({ phase: "confirm", unit: "listings", done, before: 0, total }),
  });
  if (confirmed === undefined) {
    return goBack(deps, run, state.batches);
  }
  const { deferred } = confirmed;
  return deferred === 0
    ? finish(deps, run, confirmed.state)
    : failed(
        deps,
        `whether ${deferred} listings are gone could not be confirmed; the next run requests them again`,
        { state: confirmed.state, complete: true, deferred },
      );
};

const endAll: Phase = async (deps, run, state) => {
  const { statements, operation, call } = run;
  const ended = await endUnseen(deps.database, state, null, { statements, operation, signal: call.signal });
  return finish(deps, run, ended);
};

async function finish(
  { database, now, timezone }: CompareDeps,
  { statements }: ComparisonRun,
  state: ComparisonState,
): Promise<ComparisonOutcome> {
  const today = dayOf(now(), timezone);
  const gapsRepaired = await statements.write(() => finishState(database, today));
  return { state, complete: true, deferred: 0, gapsRepaired };
}

const PHASES: Readonly<Record<ReconcilePhase, Phase>> = {
  read,
  reread: read,
  refused: chooseEnding,
  confirm,
  end: endAll,
  done: endAll,
};
