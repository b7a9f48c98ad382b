import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "SyncState",
  tableName: "sync_state",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false).defaultRaw("1"),
    /** The last complete day of the feed, in `timezone`. */
    lastSuccessfulDate: p.date().nullable(),
    /** The position: every change below it is stored, and reading continues there. */
    lastChangeId: p.bigint("string").nullable(),
    updatedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    /** Time of the newest change received; null before the first one. */
    newestChangeAt: p.datetime().columnType("timestamptz").nullable(),
    /** Pairs of neighbouring change ids read so far, and those with missing ids in between; halved at a limit. */
    idSteps: p.bigint("string").defaultRaw("0"),
    idHoles: p.bigint("string").defaultRaw("0"),
    /** When `reconcile` last continued from restarted ids: older gaps count in the ids of before. */
    renumberedAt: p.datetime().columnType("timestamptz").nullable(),
  },
  checks: [{ name: "sync_state_one_row", expression: "id = 1" }],
});

/** The position in the change feed. */
export class SyncState extends schema.class {}
schema.setClass(SyncState);
