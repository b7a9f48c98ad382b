import type {
  Database,
  LockHolder,
  OperationStatus,
  OperationType,
  Queryable,
} from "../../database/index.ts";
import { findAttention } from "./attention.ts";

/** One run, as `operations_log` tells of it. */
export interface OperationReport {
  readonly id: number;
  readonly type: OperationType;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly status: OperationStatus;
  /** `running` while its lock is held, `interrupted` when the process ended without a word. */
  readonly state: "finished" | "running" | "interrupted";
  readonly details: Readonly<Record<string, unknown>>;
}

/** Something that a person should know, and what to do about it. */
export interface StatusIssue {
  readonly code:
    | "load_unfinished"
    | "load_missing"
    | "failed_pages"
    | "moved_past_reader"
    | "rejected_records"
    | "incomplete_listings"
    | "feed_behind"
    | "last_run_failed"
    | "unprocessed_rows"
    | "outdated_rules";
  readonly message: string;
  readonly remedy: string;
}

/** How the copy stands. */
export interface StatusReport {
  readonly database: string;
  readonly rows: {
    readonly raw: number;
    readonly active: number;
    readonly inactive: number;
    readonly unprocessed: number;
    /** Known only by a change: the whole listing is still to be fetched. */
    readonly pending: number;
    /** Known only by a change, and the service does not have the listing any more. */
    readonly unavailable: number;
    readonly processed: number;
    readonly rejected: number;
    /** Rows of `processed_data` that older rules made. */
    readonly outdated: number;
  };
  readonly load: {
    readonly state: "none" | "unfinished" | "finished";
    readonly walk: "load" | "verify" | null;
    readonly nextPage: number | null;
    readonly records: number;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    readonly failedPages: readonly {
      readonly page: number;
      readonly failedAt: string;
      readonly reason: string;
    }[];
    /** How many listings may have moved past the reader, as far as the feed has been read. */
    readonly mayBeMissing: number;
  };
  readonly feed: {
    readonly position: number | null;
    readonly lastSuccessfulDate: string | null;
    readonly updatedAt: string | null;
    /** Days of which not every change is stored; null before the feed has begun. */
    readonly daysBehind: number | null;
    /** Changes that wait, when the service could be asked. */
    readonly changesBehind: number | null;
  };
  readonly running: readonly LockHolder[];
  readonly operations: readonly OperationReport[];
  readonly attention: readonly StatusIssue[];
}

const COUNTS = `
  select count(*)::int as raw,
         count(*) filter (where active_status = 0)::int as active,
         count(*) filter (where active_status <> 0)::int as inactive,
         count(*) filter (where not is_processed)::int as unprocessed,
         count(*) filter (where completeness = 'pending')::int as pending,
         count(*) filter (where completeness = 'unavailable')::int as unavailable,
         (select count(*) from processed_data)::int as processed,
         (select count(*) from rejected_records where dismissed_at is null)::int as rejected,
         (select count(*) from processed_data where rules_version < $1)::int as outdated
    from raw_data`;

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const LOAD = `
  select walk, next_page, records, removed_meanwhile,
         ${iso("started_at")} as started_at, ${iso("finished_at")} as finished_at
    from load_state where id = 1`;

const FEED = `
  select last_change_id::text as position, last_successful_date::text as day, ${iso("updated_at")} as updated_at
    from sync_state where id = 1`;

const FAILED_PAGES = `select page, reason, ${iso("failed_at")} as "failedAt" from failed_pages order by page`;

const OPERATIONS = `
  select id, operation_type as type, ${iso("started_at")} as started_at, duration, status, details
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
    // Only the newest run of a kind can be the one that holds the lock.
    const isRunning = !seen.has(row.type) && running.some(({ kind }) => kind === row.type);
    seen.add(row.type);
    const state = interrupted !== true ? "finished" : isRunning ? "running" : "interrupted";
    return { ...row, startedAt: started_at, durationSeconds: duration ?? 0, state, details: facts };
  });
}

/**
 * How the copy stands, and what needs attention.
 *
 * @param options.today the day it is in the feed's time zone, `YYYY-MM-DD`
 * @param options.feedEnd the id behind the feed's last change, when the service was asked
 * @param options.rulesVersion version of the rules that normalise now
 */
export async function getStatus(options: {
  database: Database;
  today: string;
  rulesVersion: number;
  feedEnd?: number | null;
  operations?: number;
}): Promise<StatusReport> {
  const { database } = options;
  const running = await database.lockHolders();
  const { rows: counts } = await database.query<StatusReport["rows"]>(COUNTS, [options.rulesVersion]);
  const { rows: loads } = await database.query<{
    walk: "load" | "verify";
    next_page: number | null;
    records: number;
    removed_meanwhile: number;
    started_at: string;
    finished_at: string | null;
  }>(LOAD);
  const { rows: feeds } = await database.query<{
    position: string | null;
    day: string | null;
    updated_at: string;
  }>(FEED);
  const { rows: failedPages } =
    await database.query<StatusReport["load"]["failedPages"][number]>(FAILED_PAGES);
  const operations = await readOperations(database, running, options.operations);
  const [rows] = counts;
  if (rows === undefined) {
    throw new Error("A count without a row");
  }
  const [load] = loads;
  const [feed] = feeds;
  const position = feed?.position == null ? null : Number(feed.position);
  const elapsed = feed?.day == null ? null : Date.parse(options.today) - Date.parse(feed.day);
  const report = {
    database: database.description,
    rows,
    load: {
      state: load === undefined ? "none" : load.next_page === null ? "finished" : "unfinished",
      walk: load?.walk ?? null,
      nextPage: load?.next_page ?? null,
      records: load?.records ?? 0,
      startedAt: load?.started_at ?? null,
      finishedAt: load?.finished_at ?? null,
      failedPages,
      mayBeMissing: load?.removed_meanwhile ?? 0,
    },
    feed: {
      position,
      lastSuccessfulDate: feed?.day ?? null,
      updatedAt: feed?.updated_at ?? null,
      daysBehind: elapsed === null ? null : Math.max(0, Math.round(elapsed / 86_400_000)),
      changesBehind:
        options.feedEnd == null || position === null ? null : Math.max(0, options.feedEnd - position),
    },
    running,
    operations,
  } as const;
  return { ...report, attention: findAttention(report) };
}

/** When the last daily run began that succeeded; null when none has. */
export async function getLastDailyRun(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ at: string | null }>(
    `select ${iso("max(started_at)")} as at from operations_log
      where operation_type = 'data_fetch' and status = 'OK' and details::jsonb ->> 'command' = 'daily'`,
  );
  const at = rows[0]?.at;
  return at == null ? null : new Date(at);
}
