import { type Database, LISTED, type Queryable } from "../../database/index.ts";
import { type OperationReport, readOperations } from "../../operations/status/facts.ts";

const COUNTS = `
  select (select count(*) from processed_data)::int as total,
         (select count(*) from processed_data where ${LISTED})::int as listed,
         (select count(*) from processed_data where active_status = 0)::int as active,
         (select to_json(max(created_at)) #>> '{}' from processed_data where ${LISTED}) as newest`;

export interface CountsRow {
  readonly total: number;
  readonly listed: number;
  readonly active: number;
  readonly newest: string | null;
}

const OPERATIONS = 10;

/** What customers may know of how the copy stands. Texts of errors are for the operator and stay out. */
export interface Stats {
  readonly listings: {
    readonly total: number;
    readonly active: number;
    readonly inactive: number;
    /** Active ones of which only a part is known yet. */
    readonly incomplete: number;
    /** What lists show. */
    readonly listed: number;
  };
  readonly newest_listing_at: string | null;
  readonly operations: readonly {
    readonly id: number;
    readonly type: string;
    readonly started_at: string;
    readonly duration: number;
    readonly status: string;
    readonly state: string;
    readonly details: Readonly<Record<string, number>>;
  }[];
}

const numbersOf = (details: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );

/** Counts the listings. */
export async function readCounts(db: Queryable): Promise<CountsRow> {
  const { rows } = await db.query<CountsRow>(COUNTS);
  return rows[0] ?? { total: 0, listed: 0, active: 0, newest: null };
}

/** The last runs, as the server knows them that knows who is at work. */
export const readRuns = async (database: Database): Promise<OperationReport[]> =>
  readOperations(database, await database.lockHolders(), OPERATIONS);

/** The last runs, as a standby knows them: who is at work there it cannot tell. */
export const readRunsAlone = (db: Queryable): Promise<OperationReport[]> =>
  readOperations(db, [], OPERATIONS);

/** Counts and runs as customers may know them. Pure. */
export function presentStats(
  { total, listed, active, newest }: CountsRow,
  operations: readonly OperationReport[],
): Stats {
  return {
    listings: { total, active, inactive: total - active, incomplete: active - listed, listed },
    newest_listing_at: newest,
    operations: operations.map(({ id, type, startedAt, durationSeconds, status, state, details }) => ({
      id,
      type,
      started_at: startedAt,
      duration: durationSeconds,
      status,
      state,
      details: numbersOf(details),
    })),
  };
}
