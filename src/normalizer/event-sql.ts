// Expressions over the states of a listing before (`old_*`) and after a batch; see `store-batch.ts`.

/** The listing was complete, and still is. */
const STAYS_COMPLETE = (row: string) =>
  `${row}.id is not null and not ${row}.old_is_incomplete and not ${row}.is_incomplete`;

/**
 * Whether a price differs because the data does. Under other rules it may differ for the same data: the raw row has not
 * changed since the listing was written.
 */
export const IS_PRICE_EVENT = `(
    ${STAYS_COMPLETE("s")} and s.new_price is distinct from s.old_price
    and (s.old_rules_version = $3::int or s.last_updated_at > s.updated_at))`;

/** By how much the last price event lowered the price; null if it did not. */
export const PRICE_DROP = `
           case when s.is_price_event then nullif(greatest(s.old_price - s.new_price, 0), 0) else s.old_price_drop end`;

/** Whether lists show the listing, before and now. */
const WAS_LISTED = "(c.id is not null and not c.old_is_incomplete and c.old_active_status = 0)";
const IS_LISTED = "(c.active_status = 0 and not c.is_incomplete)";

/** Kinds of events in the order in which those of one listing are written, each with its prices and its condition. */
const KINDS: readonly (readonly [kind: string, oldPrice: string, newPrice: string, condition: string])[] = [
  ["removed", "c.old_price", "null", `${WAS_LISTED} and not ${IS_LISTED}`],
  ["added", "null", "c.new_price", `${IS_LISTED} and (c.id is null or c.old_is_incomplete)`],
  [
    "returned",
    "null",
    "c.new_price",
    `${IS_LISTED} and c.id is not null and not c.old_is_incomplete and c.old_active_status = 1`,
  ],
  ["price", "c.old_price", "c.new_price", "c.is_price_event"],
  [
    "changed",
    "null",
    "null",
    `${STAYS_COMPLETE("c")} and (c.content_changed
         or (c.new_price is distinct from c.old_price and not c.is_price_event))`,
  ],
];

/**
 * Writes the events of a batch. Their ids follow the order of commits: they are drawn after `versioned` has locked its row
 * until the commit. The lock on normalisation is not enough, because the statement of a lost connection may still be running.
 */
export const EVENTS_SQL = `happened as (
    select c.inner_id, e.position, e.kind, e.old_price, e.new_price
      from versioned, compared c
     cross join lateral (values
       ${KINDS.map(([kind, oldPrice, newPrice, condition], index) => `(${index}, '${kind}', ${oldPrice}::int, ${newPrice}::int, ${condition})`).join(",\n       ")}
     ) as e(position, kind, old_price, new_price, is_true)
     where e.is_true),
  events as (
    insert into listing_events (inner_id, kind, old_price, new_price)
    select inner_id, kind, old_price, new_price from happened order by inner_id, position),`;
