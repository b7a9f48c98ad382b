import { LISTED, type LockHolder, type Queryable } from "../../database/index.ts";
import {
  type CheckOptions,
  type DayStats,
  type Figures,
  type OperationReport,
  readDays,
  readFigures,
  readOperations,
} from "../../operations/index.ts";

const COUNTS = `
  select (select count(*) from processed_data)::int as total,
         (select count(*) from processed_data where ${LISTED})::int as listed,
         (select count(*) from processed_data where active_status = 0)::int as active,
         (select to_json(max(created_at)) #>> '{}' from processed_data where ${LISTED}) as newest`;

/** Counts of listings. */
export interface CountsRow {
  readonly total: number;
  /** Shown in lists: active and complete. */
  readonly listed: number;
  readonly active: number;
  /** ISO 8601; null without listings. */
  readonly newest: string | null;
}

const MAX_OPERATIONS = 10;

export async function readListingCounts(db: Queryable): Promise<CountsRow> {
  const { rows } = await db.query<CountsRow>(COUNTS);
  return rows[0] ?? { total: 0, listed: 0, active: 0, newest: null };
}

/** Runs, feed and health of the copy. */
export interface CopyState {
  readonly operations: readonly OperationReport[];
  /** Undefined where only a standby responds. */
  readonly figures: Figures | undefined;
}

/** From the primary, which knows the lock holders and so the state of a run. */
export const readCopyState = async (options: CheckOptions): Promise<CopyState> => ({
  operations: await readOperations(options.database, await options.database.lockHolders(), MAX_OPERATIONS),
  figures: await readFigures(options),
});

/** The last runs, from a standby. It does not know the lock holders. */
export const readCopyStateFromStandby = async (db: Queryable): Promise<CopyState> => ({
  operations: await readOperations(db, [], MAX_OPERATIONS),
  figures: undefined,
});

/** Feed days and runs, both newest first. */
export interface DailyState {
  readonly days: readonly DayStats[];
  readonly operations: readonly OperationReport[];
}

/** More runs than this make no readable plot. */
const MAX_PLOTTED = 1_000;

/**
 * The feed days of a period, and the runs that started in it.
 *
 * @param from the first day, and when it starts
 */
export async function readDailyState(
  db: Queryable,
  running: readonly LockHolder[],
  from: { readonly day: string; readonly at: Date },
  count: number,
): Promise<DailyState> {
  const days = await readDays(db, count);
  const operations = await readOperations(db, running, MAX_PLOTTED);
  return {
    days: days.filter(({ day }) => day >= from.day),
    operations: operations.filter(({ startedAt }) => new Date(startedAt) >= from.at),
  };
}
