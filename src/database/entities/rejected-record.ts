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
    /** The record's JSON text as received; not jsonb, which cannot hold every rejected record. */
    record: p.text(),
    /** Hash of source and record, so that a record received again is rejected only once. */
    fingerprint: p.string().length(64).unique("rejected_records_fingerprint_unique"),
    /** Time of its dismissal: it is then not reported, even when it is received again. */
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

/** A record that could not be stored, complete. */
export class RejectedRecord extends schema.class {}
schema.setClass(RejectedRecord);
