import type { Database, LockHolder, OperationStatus, OperationType } from "../../database/index.ts";

/** Why a monitor should call someone. */
export interface CheckReason {
  readonly code: "failed" | "stale" | "stuck" | "rejected" | "feed_restarted";
  readonly message: string;
}

/** Whether the copy is in order. */
export interface HealthCheck {
  readonly ok: boolean;
  readonly reasons: readonly CheckReason[];
  /** Every change before this moment is stored; ISO 8601 in UTC, null when nothing is known. */
  readonly dataAsOf: string | null;
  readonly maxAgeSeconds: number;
}

/** A run as far as the check looks at it. */
export interface CheckedRun {
  readonly command: string;
  readonly type: OperationType;
  readonly status: OperationStatus;
  /** The row was never closed: the run is at work, or its process is gone. */
  readonly isOpen: boolean;
  readonly startedAt: string;
  readonly problem: string | null;
  /** Code of the error that ended it, if it was one of this package. */
  readonly code?: string | null;
}

/** What {@link evaluateHealth} looks at. */
export interface CheckFacts {
  /** The last two runs of each command, newest first. */
  readonly runs: readonly CheckedRun[];
  readonly running: readonly LockHolder[];
  readonly hasData: boolean;
  readonly dataAsOf: Date | null;
  /** Rows that have waited longer than `maxAgeMs` for normalisation, or for the rest of their listing. */
  readonly unprocessed: number;
  readonly pending: number;
  /** Rejected records that are not dismissed. */
  readonly rejected: number;
}

/** A day, and two hours for the run itself. */
export const DEFAULT_MAX_AGE_MS = 26 * 3_600_000;

const hours = (ms: number) => `${Math.floor(ms / 360_000) / 10} h`;

/**
 * Judges the facts: the last run of each command succeeded, the data is not too old, no row is stuck. What a run that is
 * at work is about to put right is no reason. Pure.
 */
export function evaluateHealth(
  facts: CheckFacts,
  { maxAgeMs, now }: { maxAgeMs: number; now: Date },
): HealthCheck {
  const reasons: CheckReason[] = [];
  const isHeld = (type: OperationType) => facts.running.some(({ kind }) => kind === type);
  // Only the newest open run of a kind can be the one that holds the lock.
  const atWork = (["data_fetch", "normalization"] as const).flatMap((type) => {
    const newest = facts.runs
      .filter((run) => run.type === type)
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
    return newest?.isOpen && isHeld(type) ? [newest] : [];
  });
  const isLoading = atWork.some(({ command }) => command === "initial");

  for (const command of new Set(facts.runs.map((run) => run.command))) {
    const last = facts.runs.find((run) => run.command === command && !atWork.includes(run));
    if (last?.status === "ERROR") {
      reasons.push(
        last.isOpen
          ? {
              code: "failed",
              message: `The last run of ${command} (${last.startedAt}) was interrupted.`,
            }
          : {
              code: last.code === "FEED_RESTARTED" ? "feed_restarted" : "failed",
              message: `The last run of ${command} (${last.startedAt}) ended with an error: ${last.problem ?? "see the log"}`,
            },
      );
    }
  }
  const age = facts.dataAsOf === null ? null : now.getTime() - facts.dataAsOf.getTime();
  if (!facts.hasData && !isLoading) {
    reasons.push({ code: "stale", message: "Nothing has been loaded." });
  } else if (!isLoading && (age === null || age > maxAgeMs)) {
    const since =
      age === null ? "no run of daily has succeeded yet" : `it is as of ${facts.dataAsOf?.toISOString()}`;
    reasons.push({
      code: "stale",
      message: `The data is older than ${hours(maxAgeMs)}: ${since}.`,
    });
  }
  if (facts.unprocessed > 0 && !isHeld("normalization") && !isLoading) {
    reasons.push({
      code: "stuck",
      message: `${facts.unprocessed} rows have waited longer than ${hours(maxAgeMs)} for normalisation.`,
    });
  }
  if (facts.pending > 0 && !isHeld("data_fetch")) {
    reasons.push({
      code: "stuck",
      message: `${facts.pending} listings have waited longer than ${hours(maxAgeMs)} for the rest of their data.`,
    });
  }
  if (facts.rejected > 0) {
    reasons.push({
      code: "rejected",
      message: `${facts.rejected} records could not be stored; che168-sync rejected list shows them.`,
    });
  }
  return {
    ok: reasons.length === 0,
    reasons,
    dataAsOf: facts.dataAsOf?.toISOString() ?? null,
    maxAgeSeconds: Math.round(maxAgeMs / 1000),
  };
}

const iso = (expression: string) =>
  `to_char((${expression}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const RUNS = `
  select command, type, status, "isOpen", "startedAt", problem, code
    from (select coalesce(d ->> 'command', operation_type) as command, operation_type as type, status,
                 coalesce((d ->> 'interrupted')::boolean, false) as "isOpen", ${iso("started_at")} as "startedAt",
                 coalesce(d ->> 'error', d ->> 'stopped') as problem, d ->> 'code' as code, id,
                 row_number() over (partition by coalesce(d ->> 'command', operation_type) order by id desc) as place
            from (select *, details::jsonb as d from operations_log) as log) as ranked
   where place <= 2
   order by id desc`;

/**
 * A daily run that succeeded has read the feed to where it ended. A finished load is as old as its beginning, because
 * what changes meanwhile waits for the first daily run.
 */
const AS_OF = `
  select ${iso(`greatest(
           (select max(started_at + coalesce(duration, 0) * interval '1 second') from operations_log
             where operation_type = 'data_fetch' and status = 'OK' and details::jsonb ->> 'command' = 'daily'),
           (select started_at from load_state where id = 1 and next_page is null))`)} as "dataAsOf",
         exists (select from raw_data) as "hasData"`;

const STUCK = `
  select (select count(*) from raw_data where not is_processed and last_updated_at < $1::timestamptz)::int as unprocessed,
         (select count(*) from raw_data
           where completeness <> 'complete' and completeness = 'pending' and last_updated_at < $1::timestamptz)::int
           as pending,
         (select count(*) from rejected_records where dismissed_at is null)::int as rejected`;

/** Reads the facts and judges them. */
export async function readCheck(options: {
  database: Database;
  /** @default 26 hours */
  maxAgeMs?: number | undefined;
  /** @default now */
  now?: Date | undefined;
}): Promise<HealthCheck> {
  const { database, maxAgeMs = DEFAULT_MAX_AGE_MS, now = new Date() } = options;
  const running = await database.lockHolders();
  const { rows: runs } = await database.query<CheckedRun>(RUNS);
  const { rows: data } = await database.query<{ dataAsOf: string | null; hasData: boolean }>(AS_OF);
  const { rows: stuck } = await database.query<{ unprocessed: number; pending: number; rejected: number }>(
    STUCK,
    [new Date(now.getTime() - maxAgeMs).toISOString()],
  );
  const dataAsOf = data[0]?.dataAsOf ?? null;
  return evaluateHealth(
    {
      runs,
      running,
      hasData: data[0]?.hasData ?? false,
      dataAsOf: dataAsOf === null ? null : new Date(dataAsOf),
      unprocessed: stuck[0]?.unprocessed ?? 0,
      pending: stuck[0]?.pending ?? 0,
      rejected: stuck[0]?.rejected ?? 0,
    },
    { maxAgeMs, now },
  );
}
