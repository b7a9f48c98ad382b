import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "FailedPage",
  tableName: "failed_pages",
  properties: {
    page: p.integer().primary().autoincrement(false),
    failedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    reason: p.text(),
  },
});

/** A failed page of the catalogue, which the next initial load retries. */
export class FailedPage extends schema.class {}
schema.setClass(FailedPage);
