import { LISTED } from "../database/entities/processed-data.ts";
import type { Database } from "../database/types.ts";
import { readOperations } from "../operations/status.ts";

const COUNTS = `
  select (select count(*) from processed_data)::int as total,
         (select count(*) from processed_data where ${LISTED})::int as listed,
         (select count(*) from processed_data where active_status = 0)::int as active,
         (select to_json(max(created_at)) #>> '{}' from processed_data where ${LISTED}) as newest`;

interface CountsRow {
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

/** Reads counts and the last operations. */
export async function readStats(database: Database): Promise<Stats> {
  const { rows } = await database.query<CountsRow>(COUNTS);
  const { total, listed, active, newest } = rows[0] ?? { total: 0, listed: 0, active: 0, newest: null };
  const operations = await readOperations(database, await database.lockHolders(), OPERATIONS);
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
