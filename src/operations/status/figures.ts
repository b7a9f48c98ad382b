import type { Database, LockHolder } from "../../database/index.ts";

/** How a run stands; `interrupted` when its process ended without a word. */
export const RUN_STATES = ["ok", "error", "running", "interrupted"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The last run of a command, in numbers. Times are seconds since 1970. */
export interface RunFigures {
  readonly command: string;
  readonly state: RunState;
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** When the last run of this command ended that succeeded; null when none has. */
  readonly succeededAt: number | null;
}

/** How the copy stands, in numbers that a monitor draws. */
export interface Figures {
  readonly rows: {
    readonly raw: number;
    readonly unprocessed: number;
    /** Known only by a change: the whole listing is still to be fetched. */
    readonly incomplete: number;
    /** Known only by a change, and the service does not have the listing any more. */
    readonly unavailable: number;
    readonly processed: number;
    readonly rejected: number;
  };
  readonly failedPages: number;
  readonly feed: {
    /** The id behind the last change that is stored. */
    readonly position: number | null;
    /** The last day of which every change is stored, `YYYY-MM-DD`. */
    readonly lastDay: string | null;
  };
  readonly runs: readonly RunFigures[];
}

// Counts that an index answers alone: asked every few seconds, also of a table that does not fit into memory.
const COUNTS = `
  select (select count(*) from raw_data)::int as raw,
         (select count(*) from raw_data where not is_processed)::int as unprocessed,
         (select count(*) from raw_data where completeness <> 'complete' and completeness = 'pending')::int as incomplete,
         (select count(*) from raw_data where completeness <> 'complete' and completeness = 'unavailable')::int
           as unavailable,
         (select count(*) from processed_data)::int as processed,
         (select count(*) from rejected_records where dismissed_at is null)::int as rejected,
         (select count(*) from failed_pages)::int as "failedPages",
         (select last_change_id::float8 from sync_state where id = 1) as position,
         (select last_successful_date::text from sync_state where id = 1) as "lastDay"`;

const RUNS = `
  with runs as (
    select id, coalesce(d ->> 'command', operation_type) as command, operation_type as type, status = 'OK' as ok,
           coalesce((d ->> 'interrupted')::boolean, false) as open,
           extract(epoch from started_at)::float8 as started, coalesce(duration, 0) as duration
      from (select *, details::jsonb as d from operations_log) as log)
  select distinct on (command) command, ok, open, started, duration,
         id = (select max(id) from runs as others where others.type = last.type) as newest, type,
         (select max(started + duration) from runs as good where good.ok and good.command = last.command) as succeeded
    from runs as last
   order by command, id desc`;

interface RunRow {
  readonly command: string;
  readonly type: LockHolder["kind"];
  readonly ok: boolean;
  readonly open: boolean;
  readonly newest: boolean;
  readonly started: number;
  readonly duration: number;
  readonly succeeded: number | null;
}

function stateOf({ ok, open, newest, type }: RunRow, running: readonly LockHolder[]): RunState {
  if (!open) {
    return ok ? "ok" : "error";
  }
  // Only the newest run of a kind can be the one that holds the lock.
  return newest && running.some(({ kind }) => kind === type) ? "running" : "interrupted";
}

/** Reads the numbers. */
export async function readFigures(database: Database): Promise<Figures> {
  const running = await database.lockHolders();
  const { rows: counts } = await database.query<
    Figures["rows"] & Figures["feed"] & Pick<Figures, "failedPages">
  >(COUNTS);
  const { rows: runs } = await database.query<RunRow>(RUNS);
  const [found] = counts;
  if (found === undefined) {
    throw new Error("A count without a row");
  }
  const { failedPages, position, lastDay, ...rows } = found;
  return {
    rows,
    failedPages,
    feed: { position, lastDay },
    runs: runs.map((run) => ({
      command: run.command,
      state: stateOf(run, running),
      startedAt: run.started,
      durationSeconds: run.duration,
      succeededAt: run.succeeded,
    })),
  };
}
