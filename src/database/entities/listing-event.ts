import { defineEntity, p } from "@mikro-orm/core";

/** What happened to a listing. `price`: its price is another; `changed`: any other difference of its content. */
export type EventKind = "added" | "changed" | "price" | "removed" | "returned";

const schema = defineEntity({
  name: "ListingEvent",
  tableName: "listing_events",
  properties: {
    /** Ascending in the order of commits. */
    id: p.bigint("string").primary().generated("by default as identity"),
    innerId: p.string(),
    kind: p.string().length(16).$type<EventKind>(),
    /** Time of writing. */
    at: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    /** With `price` and `removed`. */
    oldPrice: p.integer().nullable(),
    /** With `price`, `added` and `returned`. */
    newPrice: p.integer().nullable(),
  },
  indexes: [
    {
      name: "listing_events_inner_id",
      expression: "create index listing_events_inner_id on listing_events (inner_id, id)",
    },
  ],
});

/** A change of a canonical listing. */
export class ListingEvent extends schema.class {}
schema.setClass(ListingEvent);
