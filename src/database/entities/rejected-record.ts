import { defineEntity, p } from "@mikro-orm/core";
import type { RawSource } from "./raw-data.ts";

const schema = defineEntity({
  name: "RejectedRecord",
  tableName: "rejected_records",
  properties: {
    id: p.integer().primary().autoincrement(),
    rejectedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    source: p.string().length(16).$type<RawSource>(),
    reason: p.text(),
    innerId: p.text().nullable(),
    changeId: p.bigint("string").nullable(),
    /** The record's JSON text as it came; text, because what jsonb cannot hold is a reason to be here. */
    record: p.text(),
    /** Of source and record: the same record delivered again is not rejected twice. */
    fingerprint: p.string().length(64).unique("rejected_records_fingerprint_unique"),
    /** When a person dismissed it; it is then no longer reported, also when it is received again. */
    dismissedAt: p.datetime().columnType("timestamptz").nullable(),
  },
  indexes: [
    {
      name: "rejected_records_open_index",
      expression:
        "create index rejected_records_open_index on rejected_records (id) where dismissed_at is null",
    },
  ],
});

/** What could not be stored, whole. */
export class RejectedRecord extends schema.class {}
schema.setClass(RejectedRecord);
