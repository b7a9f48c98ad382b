import type { Queryable } from "../database/index.ts";

/** The service keeps its own changes for the same time. */
const MIRROR_RETENTION_DAYS = 7;

/** Deletes the entries of the mirror's feed that are older than {@link MIRROR_RETENTION_DAYS}. Ids are never reused. */
export async function deleteOldMirrorChanges(db: Queryable): Promise<void> {
  await db.query("delete from mirror_changes where at < now() - $1::int * interval '1 day'", [
    MIRROR_RETENTION_DAYS,
  ]);
}
