import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "MirrorState",
  tableName: "mirror_state",
  properties: {
    /** Always 1: the table has one row, or none before the first change. */
    id: p.integer().primary().autoincrement(false),
    /** The last id drawn. A row instead of a sequence: a rolled-back transaction leaves no hole. */
    lastId: p.bigint("string"),
  },
  checks: [{ name: "mirror_state_one_row", expression: "id = 1" }],
});

/** Counter of the mirror's change ids. */
export class MirrorState extends schema.class {}
schema.setClass(MirrorState);
