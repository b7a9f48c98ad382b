/** Reads the facts that `status`, `status --check`, `/stats` and `/metrics` report. */
import {
  isoTime,
  type LockHolder,
  type OperationStatus,
  type OperationType,
  type Queryable,
} from "../../database/index.ts";
import { requireDependencies } from "../../util/dependencies.ts";
import { UNPROCESSED } from "../unprocessed.ts";
import type { OperationReport, RunState, StatusReport } from "./types.ts";

/**
 * The state of a run. A row that was never closed belongs to a running process only if it is the newest of its type and
 * the type's lock is held.
 */
function runStateOf(
  run: {
    readonly type: OperationType;
    readonly ok: boolean;
    readonly open: boolean;
    readonly newest: boolean;
  },
  running: readonly LockHolder[],
): RunState {
  if (!run.open) {
    return run.ok ? "ok" : "error";
  }
  return run.newest && running.some(({ kind }) => kind === run.type) ? "running" : "interrupted";
}

// Index-only counts: they are polled every few seconds, also when the table does not fit into memory.
const COUNTS = `
  select (select count(*) from raw_data)::int as raw,
         ${UNPROCESSED}::int as unprocessed,
         (select count(*) from raw_data where completeness <> 'complete' and completeness = 'pending')::int as pending,
         (select count(*) from raw_data where completeness <> 'complete' and completeness = 'unavailable')::int
           as unavailable,
         (select count(*) from processed_data)::int as processed,
         (select count(*) from rejected_records where dismissed_at is null)::int as rejected,
         (select count(*) from failed_pages)::int as "failedPages",
         (select last_change_id::float8 from sync_state where id = 1) as position,
         (select to_char(last_successful_date, 'YYYY-MM-DD') from sync_state where id = 1) as "lastDay"`;

/** Counts of rows, and how far the feed has been read. */
export interface RowCounts {
  readonly raw: number;
  readonly unprocessed: number;
  readonly pending: number;
  readonly unavailable: number;
  readonly processed: number;
  readonly rejected: number;
  readonly failedPages: number;
  readonly position: number | null;
  readonly lastDay: string | null;
}

/** The row of a statement that always returns one. */
async function one<Row>(db: Queryable, sql: string, values: readonly unknown[] = []): Promise<Row> {
  const { rows } = await db.query<Row>(sql, values);
  const [row] = rows;
  if (row === undefined) {
    throw new Error("The statement returned no row");
  }
  return row;
}

export const readRowCounts = (db: Queryable): Promise<RowCounts> => one(db, COUNTS);

// These are not index-only.
const DETAILED_COUNTS = `
  select count(*) filter (where active_status = 0)::int as active,
         count(*) filter (where active_status <> 0)::int as inactive,
         (select count(*) from processed_data p join raw_data r on r.inner_id = p.inner_id
           where p.rules_version < $1 and coalesce(r.rules_version, 0) < $1)::int as outdated
    from raw_data`;

/** @param rulesVersion listings last normalised by older rules are outdated */
export const readDetailedCounts = (
  db: Queryable,
  rulesVersion: number,
): Promise<Pick<StatusReport["rows"], "active" | "inactive" | "outdated">> =>
  one(db, DETAILED_COUNTS, [rulesVersion]);

const LOAD = `
  select next_page, records, removed_meanwhile,
         ${isoTime("started_at")} as started_at, ${isoTime("finished_at")} as finished_at
    from load_state where id = 1`;

const FEED = `
  select ${isoTime("updated_at")} as updated_at
    from sync_state where id = 1`;

const FAILED_PAGES = `select page, reason, ${isoTime("failed_at")} as "failedAt" from failed_pages order by page`;

/** State of the load and the feed that {@link readRowCounts} does not return. */
export async function readProgress(db: Queryable) {
  const { rows: loads } = await db.query<{
    readonly next_page: number | null;
    readonly records: number;
    readonly removed_meanwhile: number;
    readonly started_at: string;
    readonly finished_at: string | null;
  }>(LOAD);
  const { rows: feeds } = await db.query<{ readonly updated_at: string }>(FEED);
  const { rows: failedPages } = await db.query<StatusReport["load"]["failedPages"][number]>(FAILED_PAGES);
  return { load: loads[0], updatedAt: feeds[0]?.updated_at ?? null, failedPages };
}

const OPERATIONS = `
  select id, operation_type as type, ${isoTime("started_at")} as started_at, duration, status, details
    from operations_log order by id desc limit $1`;

interface OperationRow {
  readonly id: number;
  readonly type: OperationType;
  readonly started_at: string;
  readonly duration: number | null;
  readonly status: OperationStatus;
  readonly details: string | null;
}

function parseDetails(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The last runs, newest first. */
export async function readOperations(
  db: Queryable,
  running: readonly LockHolder[],
  limit = 10,
): Promise<OperationReport[]> {
  const { rows } = await db.query<OperationRow>(OPERATIONS, [limit]);
  const seen = new Set<OperationType>();
  return rows.map(({ started_at, duration, details, ...row }) => {
    const { interrupted, ...facts } = parseDetails(details);
    const newest = !seen.has(row.type);
    seen.add(row.type);
    const open = interrupted === true;
    const state = runStateOf({ type: row.type, ok: row.status === "OK", open, newest }, running);
    return {
      ...row,
      startedAt: started_at,
      durationSeconds: duration ?? 0,
      state: state === "ok" || state === "error" ? "finished" : state,
      details: facts,
    };
  });
}

const RUNS = `
  select * from (
    select id, command, type, ok, open, ${isoTime("started_at")} as "startedAt",
           extract(epoch from started_at)::float8 as started, coalesce(duration, 0) as duration, problem, code,
           id = max(id) over (partition by type) as newest,
           max(extract(epoch from started_at) + coalesce(duration, 0)) filter (where ok)
             over (partition by command)::float8 as succeeded,
           row_number() over (partition by command order by id desc)::int as place
      from (select id, coalesce(d ->> 'command', operation_type) as command, operation_type as type, status = 'OK' as ok,
                   coalesce((d ->> 'interrupted')::boolean, false) as open, started_at, duration,
                   coalesce(d ->> 'error', d ->> 'stopped') as problem, d ->> 'code' as code
              from (select *, details::jsonb as d from operations_log) as log) as runs) as ranked
   where place <= 2
   order by id desc`;

/** A run, with its place among those of its command. */
export interface CommandRun {
  readonly command: string;
  readonly type: OperationType;
  readonly state: RunState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Seconds since 1970. */
  readonly started: number;
  /** Seconds. */
  readonly duration: number;
  /** Message and code of the error that ended it. */
  readonly problem: string | null;
  readonly code: string | null;
  /** End of the command's last successful run, in seconds since 1970. */
  readonly succeeded: number | null;
  /** 1 for the last run of its command, 2 for the one before. */
  readonly place: number;
}

/** The last two runs of each command, newest first. */
export async function readRunsByCommand(
  db: Queryable,
  running: readonly LockHolder[],
): Promise<CommandRun[]> {
  const { rows } = await db.query<
    Omit<CommandRun, "state"> & { readonly ok: boolean; readonly open: boolean; readonly newest: boolean }
  >(RUNS);
  return rows.map(({ ok, open, newest, ...run }) => ({
    ...run,
    state: runStateOf({ type: run.type, ok, open, newest }, running),
  }));
}

const LAST_DAILY = `
  select ${isoTime("started_at")} as "startedAt",
         ${isoTime("started_at + coalesce(duration, 0) * interval '1 second'")} as "endedAt"
    from operations_log
   where operation_type = 'data_fetch' and status = 'OK' and details::jsonb ->> 'command' = 'daily'
   order by started_at desc limit 1`;

/**
 * Age of the data: the time of the newest change received. For a finished load its start counts as well, because later
 * changes are read by the first daily run.
 */
const AS_OF = `
  select ${isoTime("newest")} as "newestChangeAt", ${isoTime("greatest(newest, loaded)")} as "dataAsOf",
         exists (select from raw_data) as "hasData"
    from (select (select newest_change_at from sync_state where id = 1) as newest,
                 (select started_at from load_state where id = 1 and next_page is null) as loaded) as times`;

const STUCK = `
  select ((select count(*) from raw_data where not is_processed and last_updated_at < $1::timestamptz)
          + (select count(*) from normalize_state s join raw_data r on r.id > s.after_id and r.is_processed
              where s.started_at < $1::timestamptz))::int as unprocessed,
         (select count(*) from raw_data
           where completeness <> 'complete' and completeness = 'pending' and last_updated_at < $1::timestamptz)::int
           as pending`;

const dateOf = (text: string | null | undefined) => (text == null ? null : new Date(text));

/** Age of the data and the last successful daily run. */
export async function readAge(db: Queryable) {
  const age = await one<{
    readonly newestChangeAt: string | null;
    readonly dataAsOf: string | null;
    readonly hasData: boolean;
  }>(db, AS_OF);
  const { rows } = await db.query<{ readonly startedAt: string; readonly endedAt: string }>(LAST_DAILY);
  const [daily] = rows;
  return {
    hasData: age.hasData,
    newestChangeAt: dateOf(age.newestChangeAt),
    dataAsOf: dateOf(age.dataAsOf),
    lastDaily:
      daily === undefined ? null : { startedAt: new Date(daily.startedAt), endedAt: new Date(daily.endedAt) },
  };
}

/** Facts for `status --check` besides counts and runs. @param since rows that wait longer are stuck */
export async function readFreshness(db: Queryable, since: Date) {
  const stuck = await one<{ readonly unprocessed: number; readonly pending: number }>(db, STUCK, [
    since.toISOString(),
  ]);
  return { ...stuck, ...(await readAge(db)) };
}

/**
 * Start of the last successful daily run; null without one.
 *
 * @throws ConfigError when `db` is missing or not a database
 */
export async function getLastDailyRun(db: Queryable): Promise<Date | null> {
  requireDependencies("getLastDailyRun", { database: db }, ["database"]);
  return (await readAge(db)).lastDaily?.startedAt ?? null;
}
