import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "ReconcileSeen",
  tableName: "reconcile_seen",
  properties: {
    /** `id` of the row in `raw_data`. */
    rawId: p.integer().primary().autoincrement(false),
  },
});

/** A listing that the snapshot of the current reconcile contains. A table of its own, so that equal rows are not written. */
export class ReconcileSeen extends schema.class {}
schema.setClass(ReconcileSeen);
