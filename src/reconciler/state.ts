import type { Database, Queryable, ReconcilePhase } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import type { SnapshotCheckpoint, SnapshotPosition } from "./source.ts";
import type { ReconcileTotals } from "./types.ts";

/** Progress of a comparison, as stored in `reconcile_state`. */
export interface ComparisonState {
  readonly source: string;
  readonly phase: ReconcilePhase;
  readonly position: number | null;
  readonly gapsBelow: number | null;
  readonly checkpoint: SnapshotCheckpoint | null;
  readonly batches: number;
  /** Active listings at the start. */
  readonly activeBefore: number;
  readonly counts: ReconcileTotals;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
}

/** Another run has continued or restarted the comparison. */
export const positionMoved = (): Che168Error =>
  new Che168Error("POSITION_MOVED", "The checkpoint of the reconcile has moved: another run has moved it.");

/** Counts of a comparison that has not started. */
export const ZERO_TOTALS: ReconcileTotals = {
  pages: 0,
  records: 0,
  loaded: 0,
  updated: 0,
  reactivated: 0,
  removed: 0,
  unchanged: 0,
  newer: 0,
  confirmed: 0,
  rejected: 0,
};

/**
 * Reads the state; undefined before the first reconcile. `for update` waits for a pending update: the server may still be
 * running the statement of a killed process.
 */
export async function readState(db: Queryable): Promise<ComparisonState | undefined> {
  const { rows } = await db.query<ComparisonState>(
    `select source, phase, position::float8 as position, gaps_below::float8 as "gapsBelow", checkpoint, batches, active_before as "activeBefore", counts,
            (extract(epoch from started_at) * 1000)::float8 as "startedMs"
       from reconcile_state where id = 1 for update`,
  );
  const row = rows[0];
  return row && { ...row, counts: { ...ZERO_TOTALS, ...row.counts } };
}

/** Starts anew at `position`, and forgets which listings were seen. */
export async function startState(
  database: Database,
  source: string,
  { position, gapsBelow = position }: SnapshotPosition,
  now: Date,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("truncate reconcile_seen");
    await tx.query(
      `insert into reconcile_state (id, source, phase, position, gaps_below, active_before, started_at)
       select 1, $1, 'read', $2::bigint, $3::bigint, count(*)::int, $4::timestamptz from raw_data where active_status = 0
       on conflict (id) do update
          set source = excluded.source, phase = 'read', position = excluded.position, gaps_below = excluded.gaps_below,
              checkpoint = null, batches = 0, active_before = excluded.active_before, counts = '{}',
              started_at = excluded.started_at, finished_at = null`,
      [source, position, gapsBelow, now.toISOString()],
    );
  });
}

/**
 * Claims the one automatic repair per 24 hours. Counted from the start of the run, to the minute, so that a daily job may
 * repair each day although it never starts at the same second.
 *
 * @param isRetry an earlier attempt may have committed: a claim of the same minute is then the run's own
 * @returns false when a run of the last 24 hours has claimed it
 */
export async function claimRepair(db: Queryable, startedAt: Date, isRetry: boolean): Promise<boolean> {
  const { rows } = await db.query(
    `insert into reconcile_state as s (id, source, phase, started_at, repair_started_at)
     values (1, '', 'done', $1::timestamptz, date_trunc('minute', $1::timestamptz))
     on conflict (id) do update set repair_started_at = excluded.repair_started_at
      where s.repair_started_at is null or s.repair_started_at <= $1::timestamptz - interval '24 hours'
         or $2 and s.repair_started_at = excluded.repair_started_at
     returning 1`,
    [startedAt.toISOString(), isRetry],
  );
  return rows.length > 0;
}

/** Moves to the next phase, which starts without a checkpoint. */
export async function setPhase(db: Queryable, phase: ReconcilePhase): Promise<void> {
  await db.query("update reconcile_state set phase = $1, checkpoint = null where id = 1 and phase <> $1", [
    phase,
  ]);
}

/**
 * Writes the unchanged state with a synchronous commit, so that everything stored before it is on disk.
 *
 * @returns false when `batches` is not the stored number, and nothing was written
 */
export async function flushState(db: Queryable, batches: number): Promise<boolean> {
  const { rows } = await db.query(
    "update reconcile_state set batches = batches where id = 1 and batches = $1::int returning 1",
    [batches],
  );
  return rows.length > 0;
}

/**
 * Marks the comparison done, in one transaction with its effects: gaps below its position, and those found before
 * a restart of the ids; an unfinished initial load; failed pages; the net loss of listings, in `daily_stats`. Does nothing
 * when an earlier attempt has committed.
 *
 * @param today the feed day
 * @returns how many gaps are repaired
 */
export async function finishState(database: Database, today: string): Promise<number> {
  return database.transaction(async (tx) => {
    const { rows: finished } = await tx.query(
      `update reconcile_state
          set phase = 'done', checkpoint = null, finished_at = clock_timestamp(),
              covered_to = greatest(covered_to, position)
        where id = 1 and phase <> 'done'
       returning 1`,
    );
    if (finished.length > 0) {
      await applyFinished(tx, today);
    }
    const { rows } = await tx.query(
      "select from feed_gaps where repaired_at = (select finished_at from reconcile_state where id = 1)",
    );
    return rows.length;
  });
}

/** The effects of {@link finishState}. */
async function applyFinished(tx: Queryable, today: string): Promise<void> {
  await tx.query(
    `with counted as (
       select (counts ->> 'removed')::int - (counts ->> 'loaded')::int - (counts ->> 'reactivated')::int as lost
         from reconcile_state where id = 1)
     insert into daily_stats as d (day, lost) select $1::date, lost from counted where lost > 0
     on conflict (day) do update set lost = d.lost + excluded.lost`,
    [today],
  );
  await tx.query(
    `update feed_gaps g set repaired_at = s.finished_at
       from reconcile_state s, sync_state f
      where s.id = 1 and f.id = 1 and g.repaired_at is null
        and (g.to_id < s.gaps_below or g.found_at < f.renumbered_at)`,
  );
  await tx.query(
    `insert into load_state (id, next_page, started_at, finished_at, last_records)
     select 1, null, clock_timestamp(), clock_timestamp(), count(*)::int from reconcile_seen
     on conflict (id) do update
        set next_page = null, started_at = excluded.started_at, finished_at = excluded.finished_at,
            last_records = excluded.last_records, removed_meanwhile = 0`,
  );
  await tx.query("delete from failed_pages");
  await tx.query("truncate reconcile_seen");
}

/**
 * SQL that writes the counts into the run's row of `operations_log`.
 *
 * @param parameters.id number of the parameter with the row's id
 * @param parameters.key number of the parameter with the key that holds the counts; null: the top level
 */
export const writeCounts = ({
  id,
  key,
  counts,
  condition,
}: {
  readonly id: number;
  readonly key: number;
  readonly counts: string;
  readonly condition: string;
}): string => `
  update operations_log
     set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
         details = (details::jsonb || case when $${key}::text is null then ${counts}
                                           else jsonb_build_object($${key}::text, ${counts}) end)::text
   where id = $${id}::int and ${condition}`;
