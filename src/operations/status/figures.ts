import type { Database } from "../../database/index.ts";
import { readCounts, readRunsByCommand } from "./facts.ts";
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
  };
  readonly runs: readonly RunFigures[];
}

/** Reads the figures, with index-only counts. */
export async function readFigures(database: Database): Promise<Figures> {
  const running = await database.lockHolders();
  const { failedPages, position, lastDay, pending, ...rows } = await readCounts(database);
  const runs = await readRunsByCommand(database, running);
  return {
    rows: { ...rows, incomplete: pending },
    failedPages,
    feed: { position, lastDay },
    runs: runs
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
