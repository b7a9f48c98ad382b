import type { RawSource } from "../database/index.ts";

/** A record that could not be stored: it is kept whole in `rejected_records`. */
export interface Rejection {
  /** What is wrong with it. */
  readonly reason: string;
  /** The listing that it is about, where the record tells it. */
  readonly innerId: string | undefined;
  /** The change that it is, where the record tells it. */
  readonly changeId: number | undefined;
  /** Its JSON text as it came. */
  readonly text: string;
}

/** Parameters of {@link rejectedSql}: one JSON text for any number of records. */
export function rejectedParameter(rejections: readonly Rejection[], source: RawSource): string {
  return JSON.stringify(
    rejections.map(({ reason, innerId, changeId, text }) => ({
      source,
      reason,
      inner_id: innerId ?? null,
      change_id: changeId ?? null,
      // A NUL as a character (not as an escape) is what not even text can hold.
      record: text.replaceAll("\0", "\ufffd").toWellFormed(),
    })),
  );
}

/**
 * The statement that keeps rejected records; the same record delivered again is kept once, and draws no id.
 *
 * @param parameter number of the parameter that {@link rejectedParameter} makes
 * @param condition what must hold besides, e.g. `exists (select from moved)`
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
