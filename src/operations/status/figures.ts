import { sizeOfGap } from "../feed-gaps.ts";
import type { CheckReason } from "./check-reason.ts";
import type { DayStats } from "./days.ts";
import { type CheckOptions, readCheckWithFacts } from "./read-check.ts";
import type { RunState } from "./types.ts";

/** The last run of a command, in numbers. Times are seconds since 1970. */
export interface RunFigures {
  readonly command: string;
  readonly state: RunState;
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** End of the last successful run of this command; null without one. */
  readonly succeededAt: number | null;
}

/** The state of the copy in numbers, for monitoring. */
export interface Figures {
  readonly rows: {
    readonly raw: number;
    readonly unprocessed: number;
    /** Known only from a change; the whole listing is to be fetched. */
    readonly incomplete: number;
    /** Known only from a change, and the service no longer has the listing. */
    readonly unavailable: number;
    readonly processed: number;
    readonly rejected: number;
  };
  readonly failedPages: number;
  readonly feed: {
    /** The id after the last stored change. */
    readonly position: number | null;
    /** The last complete day, `YYYY-MM-DD`. */
    readonly lastDay: string | null;
    /** Time of the newest change received, in seconds since 1970. */
    readonly newestChangeAt: number | null;
    /** Every change before this time is stored, in seconds since 1970. */
    readonly dataAsOf: number | null;
    /** Changes that the service no longer had, and that no reconcile has made up for. */
    readonly missing: number;
  };
  /** The reasons of `status --check`. */
  readonly reasons: readonly CheckReason[];
  /** The newest feed day; undefined before the first one. */
  readonly today: DayStats | undefined;
  readonly runs: readonly RunFigures[];
}

const secondsOf = (date: Date | null) => (date === null ? null : date.getTime() / 1_000);

/** Reads the figures, with index-only counts. */
export async function readFigures(options: CheckOptions): Promise<Figures> {
  const { check, facts, counts } = await readCheckWithFacts(options);
  const { failedPages, position, lastDay, pending, ...rows } = counts;
  return {
    rows: { ...rows, incomplete: pending },
    failedPages,
    feed: {
      position,
      lastDay,
      newestChangeAt: secondsOf(facts.newestChangeAt),
      dataAsOf: secondsOf(facts.dataAsOf),
      missing: facts.gaps.reduce((sum, gap) => sum + sizeOfGap(gap), 0),
    },
    reasons: check.reasons,
    today: facts.days[0],
    runs: facts.runs
      .filter(({ place }) => place === 1)
      .sort((a, b) => (a.command < b.command ? -1 : 1))
      .map((run) => ({
        command: run.command,
        state: run.state,
        startedAt: run.started,
        durationSeconds: run.duration,
        succeededAt: run.succeeded,
      })),
  };
}
