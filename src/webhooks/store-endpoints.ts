import type { Queryable } from "../database/index.ts";
import { NEWEST_EVENT_SQL, OLDEST_EVENT_SQL } from "../events/index.ts";

/** Delivery state of an endpoint. */
export interface EndpointState {
  /** Without credentials. */
  readonly url: string;
  /** Id of the last event that is delivered, filtered out or skipped. */
  readonly position: number;
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** ISO 8601. */
  readonly failing_since: string | null;
  readonly disabled_at: string | null;
  readonly delivered_at: string | null;
  readonly last_error: string | null;
  /** Until the next attempt, in milliseconds; 0 when it is due. */
  readonly wait_ms: number;
}

const text = (column: string) => `to_json(${column}) #>> '{}' as ${column}`;
const STATE = `
  select url, position::float8 as position, failures, ${text("failing_since")}, ${text("disabled_at")},
         ${text("delivered_at")}, last_error,
         greatest(0, coalesce(extract(epoch from next_attempt_at - clock_timestamp()) * 1000, 0))::float8 as wait_ms
    from webhook_endpoints
   where url = any($1::text[])`;

/** Reads the states of endpoints by their URLs; without an entry for one that has not started. */
export async function readStates(
  db: Queryable,
  urls: readonly string[],
): Promise<ReadonlyMap<string, EndpointState>> {
  const { rows } = await db.query<EndpointState>(STATE, [urls], { name: "che168_webhook_states" });
  return new Map(rows.map((row) => [row.url, row]));
}

/** Registers an endpoint, unless it is known. */
export async function register(db: Queryable, url: string, from: "oldest" | "newest"): Promise<void> {
  const position = from === "oldest" ? `${OLDEST_EVENT_SQL} - 1` : NEWEST_EVENT_SQL;
  await db.query(
    `insert into webhook_endpoints (url, position) values ($1, ${position}) on conflict (url) do nothing`,
    [url],
  );
}

/** Moves a position. Compare-and-set: a sender that has lost its lock does not move it back. */
export async function movePosition(
  db: Queryable,
  url: string,
  positions: { readonly from: number; readonly to: number },
): Promise<void> {
  await db.query(
    "update webhook_endpoints set position = $3::bigint where url = $1 and position = $2::bigint",
    [url, positions.from, positions.to],
  );
}

/** Records a delivery. */
export async function recordDelivery(
  db: Queryable,
  url: string,
  positions: { readonly from: number; readonly to: number },
): Promise<void> {
  await db.query(
    `update webhook_endpoints
        set position = $3::bigint, failures = 0, failing_since = null, next_attempt_at = null, last_error = null,
            delivered_at = clock_timestamp()
      where url = $1 and position = $2::bigint`,
    [url, positions.from, positions.to],
  );
}

/** Failures for this long disable an endpoint. */
const DISABLE_AFTER = "3 days";

/** Records a failed attempt. Returns whether it disabled the endpoint. */
export async function recordFailure(
  db: Queryable,
  url: string,
  failure: { readonly reason: string; readonly waitMs: number },
): Promise<boolean> {
  const { rows } = await db.query<{ disabled: boolean }>(
    `update webhook_endpoints
        set failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()), last_error = $2,
            next_attempt_at = clock_timestamp() + $3::float8 * interval '1 millisecond',
            disabled_at = case when failing_since < clock_timestamp() - interval '${DISABLE_AFTER}'
                               then clock_timestamp() end
      where url = $1
      returning disabled_at is not null as disabled`,
    [url, failure.reason, failure.waitMs],
  );
  return rows[0]?.disabled ?? false;
}

/** Enables an endpoint and makes its next attempt due. */
export async function enable(db: Queryable, url: string): Promise<void> {
  await db.query(
    `update webhook_endpoints
        set failures = 0, failing_since = null, next_attempt_at = null, disabled_at = null
      where url = $1`,
    [url],
  );
}
