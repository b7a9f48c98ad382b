import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "NormalizeState",
  tableName: "normalize_state",
  properties: {
    /** Always 1: the table has at most one row. */
    id: p.integer().primary().autoincrement(false),
    /** Rows of `raw_data` with a higher id are still to be normalised, whatever their `is_processed`. */
    afterId: p.integer(),
    startedAt: p.datetime().columnType("timestamptz"),
  },
  checks: [{ name: "normalize_state_one_row", expression: "id = 1" }],
});

/** The checkpoint of `normalize --all`; the row exists until the run, or the one that resumes it, has finished. */
export class NormalizeState extends schema.class {}
schema.setClass(NormalizeState);
