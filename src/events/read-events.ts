import type { EventKind, Queryable } from "../database/index.ts";

/** Every kind of event. */
export const EVENT_KINDS = [
  "added",
  "changed",
  "price",
  "removed",
  "returned",
] as const satisfies readonly EventKind[];

/** An event, as in `GET /changes` and in webhooks. */
export interface PublicEvent {
  readonly id: number;
  readonly kind: EventKind;
  readonly inner_id: string;
  /** Time of writing: ISO 8601. */
  readonly at: string;
  /** With `price` and `removed`. */
  readonly old_price: number | null;
  /** With `price`, `added` and `returned`. */
  readonly new_price: number | null;
}

/** The ids that readers may continue from: `oldest - 1` to `latest`. */
export interface EventRange {
  /** Every event from this id on is kept. */
  readonly oldest: number;
  /** Id of the newest event, also of a deleted one; 0 before the first. */
  readonly latest: number;
}

/** Events after a position. */
export interface EventsPage extends EventRange {
  readonly events: readonly PublicEvent[];
  /** The last id examined. */
  readonly nextAfter: number;
}

/** Expression of the id from which all events are kept. */
export const OLDEST_EVENT_SQL = "coalesce((select oldest_id from event_state where id = 1), 1)";
/** Expression of the id of the newest event; 0 before the first. */
export const NEWEST_EVENT_SQL = `greatest((select max(id) from listing_events), ${OLDEST_EVENT_SQL} - 1)`;

const RANGE = `select ${OLDEST_EVENT_SQL}::float8 as oldest, ${NEWEST_EVENT_SQL}::float8 as latest`;

/** Reads the range of kept events. */
export async function readEventRange(db: Queryable): Promise<EventRange> {
  const { rows } = await db.query<EventRange>(RANGE, [], { name: "che168_event_range" });
  return rows[0] ?? { oldest: 1, latest: 0 };
}

/** Bounds the rows that a filtered read examines. */
const MAX_EXAMINED = 20_000;

/**
 * One statement, and so one snapshot of events and range. $1 position, null for the oldest kept event; $2 kinds, null for
 * all; $3 number of events.
 */
const EVENTS = `
  with range as (${RANGE}),
  examined as materialized (
    select e.* from listing_events e, range
     where e.id > coalesce($1::bigint, range.oldest::bigint - 1)
     order by e.id
     limit case when $2::text[] is null then $3::int else ${MAX_EXAMINED} end),
  found as (
    select id::float8 as id, kind, inner_id, at, old_price, new_price
      from examined
     where $2::text[] is null or kind = any($2::text[])
     order by examined.id
     limit $3::int)
  select oldest, latest, (select coalesce(json_agg(row_to_json(found) order by id), '[]') from found) as events,
         (select count(*) from examined)::int as examined, (select max(id) from examined)::float8 as last
    from range`;

/**
 * Reads events in the order of their ids, which is that of their commits.
 *
 * @param options.after the last id that the reader has; undefined starts with the oldest kept event
 * @param options.kinds undefined reads all kinds
 */
export async function readEvents(
  db: Queryable,
  options: {
    readonly after: number | undefined;
    readonly kinds: readonly EventKind[] | undefined;
    readonly limit: number;
  },
): Promise<EventsPage> {
  const { kinds, limit } = options;
  const values = [options.after ?? null, kinds ?? null, limit];
  const { rows } = await db.query<
    EventRange & { events: PublicEvent[]; examined: number; last: number | null }
  >(EVENTS, values, { name: "che168_events" });
  const [row] = rows;
  if (row === undefined) {
    throw new Error("The statement returned no row");
  }
  const { oldest, latest, events, examined, last } = row;
  const after = options.after ?? oldest - 1;
  const isFull = events.length === limit;
  const reachesEnd = !isFull && (kinds === undefined || examined < MAX_EXAMINED);
  const nextAfter = reachesEnd ? latest : isFull ? events.at(-1)?.id : last;
  return { oldest, latest, events, nextAfter: Math.max(after, nextAfter ?? after) };
}
