import type { RawSource } from "../database/index.ts";

/** A record that could not be stored; `rejected_records`, a dead-letter table, keeps it complete. */
export interface Rejection {
  /** What is wrong with it. */
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
