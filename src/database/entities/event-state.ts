import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "EventState",
  tableName: "event_state",
  properties: {
    /** Always 1: the table has one row, or none before the first deletion. */
    id: p.integer().primary().autoincrement(false),
    /** Every event from this id on is kept; of older ones, only those that the price history needs. */
    oldestId: p.bigint("string"),
  },
  checks: [{ name: "event_state_one_row", expression: "id = 1" }],
});

/** The start of the complete part of `listing_events`. */
export class EventState extends schema.class {}
schema.setClass(EventState);
