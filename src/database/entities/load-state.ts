import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "LoadState",
  tableName: "load_state",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false),
    /** Always `load`. */
    walk: p.string().length(8).default("load"),
    /** The page to read next; null at the end of the catalogue. */
    nextPage: p.integer().nullable(),
    startedAt: p.datetime().columnType("timestamptz"),
    finishedAt: p.datetime().columnType("timestamptz").nullable(),
    /** Pages and records of the last complete walk: the expected total of the next one. */
    lastPages: p.integer().nullable(),
    lastRecords: p.integer().nullable(),
    /** Records of the walk so far. */
    records: p.integer().default(0),
    /** Removals in the feed during the walk: each may have moved a listing past the reader. */
    removedMeanwhile: p.integer().default(0),
  },
  checks: [{ name: "load_state_one_row", expression: "id = 1" }],
});

/** The checkpoint of the initial load. */
export class LoadState extends schema.class {}
schema.setClass(LoadState);
