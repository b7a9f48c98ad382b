import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "DataVersion",
  tableName: "data_version",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false),
    version: p.bigint("string").defaultRaw("0"),
    /** Key of the signatures in addresses of `/images`, random per database: all serving processes share it. */
    image_key: p.uuid().defaultRaw("gen_random_uuid()"),
  },
  checks: [{ name: "data_version_one_row", expression: "id = 1" }],
});

/** Incremented by every transaction that changes `processed_data`; the API derives its ETags from it. */
export class DataVersion extends schema.class {}
schema.setClass(DataVersion);
