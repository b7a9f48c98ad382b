import { isoTime, type Queryable } from "../database/index.ts";

/** A range of change ids that the service no longer had, so that the copy may be incomplete. */
export interface OpenGap {
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
export const sizeOfGap = ({ fromId, toId }: Pick<OpenGap, "fromId" | "toId">): number => toId - fromId + 1;

/** The gaps that no reconcile has repaired, oldest first. */
export async function readOpenGaps(db: Queryable): Promise<OpenGap[]> {
  const { rows } = await db.query<OpenGap>(
    `select id, from_id::float8 as "fromId", to_id::float8 as "toId", ${isoTime("found_at")} as "foundAt",
            ${isoTime("repaired_at")} as "repairedAt", ${isoTime("after_at")} as "afterAt", ${isoTime("before_at")} as "beforeAt"
       from feed_gaps where repaired_at is null order by id`,
  );
  return rows;
}
