import { defineEntity, p } from "@mikro-orm/core";

/** Type of the last change. */
export type ChangeType = "added" | "changed" | "removed";
/** The command that inserted the row. */
export type RawSource = "initial_load" | "daily_update";
/**
 * Whether `data` is the whole listing. `pending`: only a change is known so far, and `/offer` is still to be requested;
 * `unavailable`: the service does not have the listing.
 */
export type Completeness = "complete" | "pending" | "unavailable";

const schema = defineEntity({
  name: "RawData",
  tableName: "raw_data",
  properties: {
    id: p.integer().primary().autoincrement(),
    innerId: p.string().unique("raw_data_inner_id_unique"),
    changeType: p.string().length(16).$type<ChangeType>(),
    createdAt: p.datetime().columnType("timestamptz"),
    data: p.json<Record<string, unknown>>(),
    firstLoadedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    lastUpdatedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    source: p.string().length(16).$type<RawSource>(),
    activeStatus: p.integer().default(0),
    isProcessed: p.boolean().default(false),
    changeId: p.bigint("string").nullable(),
    /** Version of the rules by which the row was last normalised; null before the first time. */
    rulesVersion: p.integer().nullable(),
    /** Keys (MD5) of the parts of `data` that other listings share, as `normalize` last read them; see `normalizer/read-sql.ts`. */
    partKeys: p.array().columnType("uuid[]").nullable(),
    completeness: p.string().length(16).default("complete").$type<Completeness>(),
  },
  indexes: [
    {
      name: "raw_data_unprocessed",
      expression: "create index raw_data_unprocessed on raw_data (id) where not is_processed",
    },
    {
      name: "raw_data_incomplete",
      expression: "create index raw_data_incomplete on raw_data (id) where completeness <> 'complete'",
    },
    {
      name: "raw_data_catalogue",
      expression: `create index raw_data_catalogue on raw_data (length(inner_id), inner_id)
        where active_status = 0 and completeness = 'complete'`,
    },
  ],
});

/** A listing as received from the service. */
export class RawData extends schema.class {}
schema.setClass(RawData);
