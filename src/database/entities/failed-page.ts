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

/** A page of the catalogue that could not be read; the next initial load begins with these. */
export class FailedPage extends schema.class {}
schema.setClass(FailedPage);
