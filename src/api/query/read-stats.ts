import { type Database, LISTED, type Queryable } from "../../database/index.ts";
import { type OperationReport, readOperations } from "../../operations/index.ts";

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

export async function readCounts(db: Queryable): Promise<CountsRow> {
  const { rows } = await db.query<CountsRow>(COUNTS);
  return rows[0] ?? { total: 0, listed: 0, active: 0, newest: null };
}

/** The last runs. From the primary, which knows the lock holders and so the state of a run. */
export const readRuns = async (database: Database): Promise<OperationReport[]> =>
  readOperations(database, await database.lockHolders(), MAX_OPERATIONS);

/** The last runs, from a standby. It does not know the lock holders. */
export const readRunsFromStandby = (db: Queryable): Promise<OperationReport[]> =>
  readOperations(db, [], MAX_OPERATIONS);
