import { isoTime, type Queryable, type RawSource } from "../database/index.ts";

/** A record that could not be stored; `rejected_records`, a dead-letter table, keeps it complete. */
export interface Rejection {
  /** Why it was rejected. */
  readonly reason: string;
  /** The listing's id, when the record has a valid one. */
  readonly innerId: string | undefined;
  /** The change's id, when the record has a valid one. */
  readonly changeId: number | undefined;
  /** Its JSON text as received. */
  readonly text: string;
}

/** The parameter of {@link rejectedSql}: any number of records as one JSON text. */
export function rejectedParameter(rejections: readonly Rejection[], source: RawSource): string {
  return JSON.stringify(
    rejections.map(({ reason, innerId, changeId, text }) => ({
      source,
      reason,
      inner_id: innerId ?? null,
      change_id: changeId ?? null,
      // PostgreSQL's text type cannot hold a literal NUL (an escaped one is fine).
      record: text.replaceAll("\0", "\ufffd").toWellFormed(),
    })),
  );
}

/**
 * The statement that inserts rejected records. A record that is received again is kept once (also when it was
 * dismissed in the meantime) and draws no id.
 *
 * @param parameter number of the parameter made by {@link rejectedParameter}
 * @param condition an additional condition, e.g. `exists (select from moved)`
 */
export const rejectedSql = (parameter: number, condition = "true"): string => `
  insert into rejected_records (source, reason, inner_id, change_id, record, fingerprint)
  select r.source, r.reason, r.inner_id, r.change_id, r.record, md5(r.source || r.record)
    from jsonb_to_recordset($${parameter}::jsonb)
      as r(source text, reason text, inner_id text, change_id bigint, record text)
   where ${condition}
     and (select known.id from rejected_records known where known.fingerprint = md5(r.source || r.record)) is null
  on conflict (fingerprint) do nothing
  returning 1`;

/** A row of `rejected_records`. */
export interface RejectedRow {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly rejectedAt: string;
  readonly source: RawSource;
  readonly reason: string;
  readonly innerId: string | null;
  readonly changeId: number | null;
  /** The record's JSON text as received. */
  readonly record: string;
}

/** The rejected records that are neither retried with success nor dismissed, oldest first. */
export async function listRejected(db: Queryable, limit: number): Promise<RejectedRow[]> {
  const { rows } = await db.query<RejectedRow>(
    `select id, ${isoTime("rejected_at")} as "rejectedAt", source, reason,
            inner_id as "innerId", change_id::float8 as "changeId", record
       from rejected_records where dismissed_at is null order by id limit $1::int`,
    [limit],
  );
  return rows;
}

/**
 * Dismisses rejected records: they stay in the table but are not reported, even when they are received again.
 *
 * @param id of one record; undefined dismisses all
 * @returns how many were dismissed
 */
export async function dismissRejected(db: Queryable, id?: number): Promise<number> {
  const { rows } = await db.query(
    `update rejected_records set dismissed_at = clock_timestamp()
      where dismissed_at is null and id = coalesce($1::int, id) returning 1`,
    [id ?? null],
  );
  return rows.length;
}
