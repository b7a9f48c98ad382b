import type { Queryable } from "../database/index.ts";

/** After this time another process takes over a message whose sender has died. */
const CLAIM_LEASE_MINUTES = 10;
const RETENTION_DAYS = 90;

/** Reasons whose last accepted message to a target did not report them as resolved. $1 target. */
const OPEN = `
  select reason from (
    select distinct on (reason) reason, is_resolved from notifications
     where target = $1 and sent_at is not null
     order by reason, sent_at desc, is_resolved desc) as last
   where not is_resolved`;

/**
 * Claims messages, so that of several processes one sends them: a message of the day that was not sent before, or whose
 * sender has died. The resolution of a reason that came back after it was resolved is claimed again.
 * $1 target, $2 day, $3 whether resolved, $4 reasons, $5 now.
 */
const CLAIM = `
  insert into notifications as n (target, reason, day, is_resolved, claimed_at)
  select $1, reason, $2::date, $3::boolean, $5::timestamptz from jsonb_array_elements_text($4::jsonb) as reason
  on conflict (target, reason, day, is_resolved) do update set claimed_at = excluded.claimed_at, sent_at = null
   where (n.sent_at is null and n.claimed_at < $5::timestamptz - interval '${CLAIM_LEASE_MINUTES} minutes')
      or (n.is_resolved and n.sent_at < (select max(a.sent_at) from notifications a
                                          where a.target = n.target and a.reason = n.reason and not a.is_resolved))
  returning reason`;

const CONFIRM = `
  update notifications set sent_at = $5::timestamptz
   where target = $1 and day = $2::date and is_resolved = $3::boolean
     and reason in (select jsonb_array_elements_text($4::jsonb))`;

const RELEASE = `
  delete from notifications
   where target = $1 and day = $2::date and is_resolved = $3::boolean and sent_at is null
     and reason in (select jsonb_array_elements_text($4::jsonb)) and claimed_at = $5::timestamptz`;

const DELETE_OLD = `delete from notifications where day < $1::date - ${RETENTION_DAYS}`;

/** Messages of one kind to one target. */
export interface NoticeKey {
  /** Hash of the target. */
  readonly target: string;
  /** The day of the message, `YYYY-MM-DD`. */
  readonly day: string;
  readonly isResolved: boolean;
  readonly reasons: readonly string[];
  readonly now: Date;
}

const valuesOf = ({ target, day, isResolved, reasons, now }: NoticeKey) => [
  target,
  day,
  isResolved,
  JSON.stringify(reasons),
  now.toISOString(),
];

/** Reasons that were reported to a target and not resolved since. */
export async function openReasons(db: Queryable, target: string): Promise<string[]> {
  const { rows } = await db.query<{ reason: string }>(OPEN, [target]);
  return rows.map(({ reason }) => reason);
}

/** Claims messages. @returns the reasons that this process must send */
export async function claimNotices(db: Queryable, key: NoticeKey): Promise<string[]> {
  if (key.reasons.length === 0) {
    return [];
  }
  const { rows } = await db.query<{ reason: string }>(CLAIM, valuesOf(key));
  return rows.map(({ reason }) => reason);
}

/** Records that claimed messages were accepted, or releases the claims. */
export async function settleNotices(db: Queryable, key: NoticeKey, wasSent: boolean): Promise<void> {
  await db.query(wasSent ? CONFIRM : RELEASE, valuesOf(key));
}

/** Deletes messages that are too old for any decision. */
export async function deleteOldNotices(db: Queryable, today: string): Promise<void> {
  await db.query(DELETE_OLD, [today]);
}
