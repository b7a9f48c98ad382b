import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "SourceHash",
  tableName: "source_hashes",
  properties: {
    /** `id` of the row in `raw_data`. */
    rawId: p.integer().primary().autoincrement(false),
    /** Hash of the row of the daily file that has the same content. */
    hash: p.blob(),
    /** `last_updated_at` of the row: a later change makes the hash invalid. */
    rowUpdatedAt: p.datetime().columnType("timestamptz"),
  },
});

/** Content of a listing in a daily file. A table of its own, so that equal rows of `raw_data` are not written. */
export class SourceHash extends schema.class {}
schema.setClass(SourceHash);
