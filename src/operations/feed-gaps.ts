import type { Queryable } from "../database/index.ts";

/** A range of change ids that the service no longer had, so that the copy may be incomplete. */
export interface FeedGap {
  readonly id: number;
  /** The first and the last missing id. */
  readonly fromId: number;
  readonly toId: number;
  /** ISO 8601, UTC. */
  readonly foundAt: string;
  /** Null while it is open. */
  readonly repairedAt: string | null;
  /** Times of the changes before and after the gap; null where unknown. */
  readonly afterAt: string | null;
  readonly beforeAt: string | null;
}

/** Number of missing changes. */
export const sizeOfGap = ({ fromId, toId }: Pick<FeedGap, "fromId" | "toId">): number => toId - fromId + 1;

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The gaps that no reconcile has repaired, oldest first. */
export async function readOpenGaps(db: Queryable): Promise<FeedGap[]> {
  const { rows } = await db.query<FeedGap>(
    `select id, from_id::float8 as "fromId", to_id::float8 as "toId", ${iso("found_at")} as "foundAt",
            ${iso("repaired_at")} as "repairedAt", ${iso("after_at")} as "afterAt", ${iso("before_at")} as "beforeAt"
       from feed_gaps where repaired_at is null order by id`,
  );
  return rows;
}
