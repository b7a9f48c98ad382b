import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "MirrorChange",
  tableName: "mirror_changes",
  properties: {
    /** Consecutive: from the counter in `mirror_state`. */
    id: p.bigint("string").primary().autoincrement(false),
    innerId: p.string(),
    at: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
  },
  indexes: [
    {
      name: "mirror_changes_at",
      expression: "create index mirror_changes_at on mirror_changes (at, id)",
    },
  ],
});

/** An entry of the mirror's change feed. */
export class MirrorChange extends schema.class {}
schema.setClass(MirrorChange);
