import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "FeedGap",
  tableName: "feed_gaps",
  properties: {
    id: p.integer().primary().autoincrement(),
    /** The first and the last missing change id. */
    fromId: p.bigint("string"),
    toId: p.bigint("string"),
    foundAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    /** When a reconcile had made up for the missing changes; null while the copy may be incomplete. */
    repairedAt: p.datetime().columnType("timestamptz").nullable(),
    /** Times of the changes before and after the gap, where known. */
    afterAt: p.datetime().columnType("timestamptz").nullable(),
    beforeAt: p.datetime().columnType("timestamptz").nullable(),
  },
  indexes: [
    {
      name: "feed_gaps_open",
      expression: "create index feed_gaps_open on feed_gaps (id) where repaired_at is null",
    },
  ],
});

/** A range of change ids that the service no longer had. */
export class FeedGap extends schema.class {}
schema.setClass(FeedGap);
