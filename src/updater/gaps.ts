import type { ChangesPage } from "../upstream/index.ts";
import type { FeedPosition } from "./position.ts";

/** Missing ranges up to this number of ids are only counted. */
export const DEFAULT_GAP_TOLERANCE = 20;
/** A numbering is sparse if, of at least so many pairs of neighbouring ids, more than this share have ids missing in between. */
const MIN_STEPS = 100;
const MAX_HOLE_SHARE = 0.01;
/** Counts are halved at this number, so that a numbering that becomes gapless or sparse is recognised. */
const MAX_STEPS = 100_000;
/** A gap concluded from time alone: the service keeps changes for about 7 days. */
const MIN_SILENCE_MS = 6 * 86_400_000;
const MIN_JUMP_MS = 6 * 3_600_000;

/** A range of missing ids, both included, and the times of the changes around it (ISO 8601) where known. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  readonly after: string | null;
  readonly before: string | null;
}

/** A change of a page, as far as gaps need it. */
export interface SeenChange {
  readonly changeId: number;
  /** In milliseconds since 1970; undefined without a date of its own. */
  readonly createdMs: number | undefined;
}

/** Pairs of neighbouring ids read so far, and those of them with missing ids in between. */
export interface IdSteps {
  readonly steps: number;
  readonly holes: number;
}

/** Missing changes found on a page. */
export interface GapFindings extends IdSteps {
  /** Gaps: changes that are missing. */
  readonly gaps: readonly Hole[];
  /** Missing ids that are only counted. */
  readonly skipped: number;
  /** Gaps of earlier pages of this run that are holes of a sparse numbering after all. */
  readonly withdrawn: readonly Hole[];
}

export const sizeOf = ({ from, to }: Pick<Hole, "from" | "to">): number => to - from + 1;

const isoOf = (ms: number | undefined): string | null =>
  ms !== undefined && Number.isFinite(ms) ? new Date(ms).toISOString() : null;

/**
 * The missing ranges of a page: between any two consecutive ids, from the position on, and up to the next position. Pure.
 *
 * @param newestMs time of the newest change received before
 */
export function findHoles(
  { changeId: position, nextChangeId }: Pick<ChangesPage, "changeId" | "nextChangeId">,
  changes: readonly SeenChange[],
  newestMs: number,
): { readonly holes: readonly Hole[]; readonly steps: number } {
  const sorted = [...changes].sort((a, b) => a.changeId - b.changeId);
  const holes: Hole[] = [];
  let expected = position;
  let steps = 0;
  let afterMs: number | undefined = newestMs;
  const passTo = (id: number, beforeMs: number | undefined) => {
    if (id > expected) {
      holes.push({ from: expected, to: id - 1, after: isoOf(afterMs), before: isoOf(beforeMs) });
    }
  };
  for (const { changeId, createdMs } of sorted) {
    if (changeId >= expected) {
      passTo(changeId, createdMs);
      expected = changeId + 1;
      steps += 1;
    }
    afterMs = createdMs ?? afterMs;
  }
  passTo(nextChangeId ?? expected, undefined);
  return { holes, steps };
}

/** Decides which missing ranges are gaps. */
export interface GapDetector {
  /** Call it for each page of a run, in order; with `reportedEnd` when the page at the position stayed empty. */
  findGaps(
    page: Pick<ChangesPage, "changeId" | "nextChangeId">,
    changes: readonly SeenChange[],
    reportedEnd?: number,
  ): GapFindings;
}

/**
 * Creates the detector of one run. Ids are consecutive, so a missing range is a gap. In a sparse numbering missing ids are
 * normal, and a gap is concluded from times alone.
 *
 * @param position at the start of the run
 */
export function createGapDetector(options: {
  readonly position: Pick<FeedPosition, "idSteps" | "idHoles" | "newestChangeMs" | "updatedMs">;
  readonly tolerance: number;
  readonly now: Date;
}): GapDetector {
  const { position, tolerance, now } = options;
  let { idSteps: steps, idHoles: holes, newestChangeMs: newest } = position;
  let isFirst = true;
  /** Gaps of this run that were concluded from the numbering alone. */
  let unproven: Hole[] = [];
  const isSparse = () => steps >= MIN_STEPS && holes / steps > MAX_HOLE_SHARE;

  /** True when the run starts so late that the service has dropped changes. */
  const hasDropped = (first: SeenChange | undefined) =>
    now.getTime() - position.updatedMs > MIN_SILENCE_MS &&
    first?.createdMs !== undefined &&
    first.createdMs - position.newestChangeMs > MIN_JUMP_MS;

  return {
    findGaps: (page, changes, reportedEnd) => {
      const found = findHoles(page, changes, newest);
      const isEmptyBeforeEnd = reportedEnd !== undefined && changes.length === 0;
      const ranges = isEmptyBeforeEnd
        ? [{ from: page.changeId, to: reportedEnd - 1, after: found.holes[0]?.after ?? null, before: null }]
        : found.holes;
      steps += found.steps;
      holes += found.holes.length;
      if (steps > MAX_STEPS) {
        [steps, holes] = [Math.floor(steps / 2), Math.floor(holes / 2)];
      }
      const [first] = [...changes].sort((a, b) => a.changeId - b.changeId);
      const proven = isFirst && hasDropped(first) ? ranges.filter(({ from }) => from === page.changeId) : [];
      isFirst &&= changes.length === 0;
      const large = ranges.filter((range) => sizeOf(range) > tolerance);
      const gaps = isSparse() && !isEmptyBeforeEnd ? large.filter((range) => proven.includes(range)) : large;
      const withdrawn = isSparse() ? unproven : [];
      unproven = isSparse()
        ? []
        : [...unproven, ...gaps.filter((gap) => !isEmptyBeforeEnd && !proven.includes(gap))];
      for (const { createdMs } of changes) {
        newest = Math.max(newest, createdMs ?? newest);
      }
      const skipped = ranges.filter((range) => !gaps.includes(range));
      return {
        steps,
        holes,
        gaps,
        withdrawn,
        skipped: [...skipped, ...withdrawn].reduce((sum, range) => sum + sizeOf(range), 0),
      };
    },
  };
}

/** The parameter of {@link gapsSql}. */
export const gapsParameter = (gaps: readonly Hole[]): string =>
  JSON.stringify(
    gaps.map(({ from, to, after, before }) => ({
      from_id: from,
      to_id: to,
      after_at: after,
      before_at: before,
    })),
  );

/**
 * Common table expressions that record gaps and withdraw others. A gap that was found before is not recorded again; an
 * open one grows. A gap below the position of a completed reconcile is repaired.
 *
 * @param parameters.gaps, withdrawn numbers of the parameters made by {@link gapsParameter}
 */
export const gapsSql = ({
  gaps,
  withdrawn,
  condition,
}: {
  readonly gaps: number;
  readonly withdrawn: number;
  readonly condition: string;
}): string => {
  const rows = (parameter: number) =>
    `jsonb_to_recordset($${parameter}::jsonb) as g(from_id bigint, to_id bigint, after_at timestamptz, before_at timestamptz)`;
  return `gaps as (select g.* from ${rows(gaps)} where ${condition}),
  grown as (
    update feed_gaps k set to_id = g.to_id, before_at = g.before_at
      from gaps g
     where k.repaired_at is null and k.from_id = g.from_id and k.to_id < g.to_id
    returning k.from_id),
  opened as (
    insert into feed_gaps (from_id, to_id, found_at, after_at, before_at, repaired_at)
    select g.from_id, g.to_id, clock_timestamp(), g.after_at, g.before_at,
           case when g.to_id < (select s.covered_to from reconcile_state s where s.id = 1) then clock_timestamp() end
      from gaps g
     where not exists (select from grown where grown.from_id = g.from_id)
       and not exists (
         select from feed_gaps k join sync_state f on f.id = 1
          where k.from_id <= g.from_id and k.to_id >= g.to_id
            and k.found_at >= coalesce(f.renumbered_at, '-infinity'))),
  withdrawn as (
    delete from feed_gaps k using ${rows(withdrawn)}
     where ${condition} and k.from_id = g.from_id and k.to_id = g.to_id and k.repaired_at is null)`;
};
