import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "SyncState",
  tableName: "sync_state",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false),
    /** The last day of the feed, in `timezone`, of which every change is stored. */
    lastSuccessfulDate: p.date().nullable(),
    /** The position: every change below it is stored, and the feed is read from it on. */
    lastChangeId: p.bigint("string").nullable(),
    updatedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    /** Time of the newest change received; null before the first one. */
    newestChangeAt: p.datetime().columnType("timestamptz").nullable(),
  },
  checks: [{ name: "sync_state_one_row", expression: "id = 1" }],
});

/** Where the change feed has been read to. */
export class SyncState extends schema.class {}
schema.setClass(SyncState);
