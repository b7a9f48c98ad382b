import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "ExportState",
  tableName: "export_state",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false),
    /** Name and day of the file. */
    file: p.text(),
    /** Its `ETag`, or size and modification time. A file with another one is started again. */
    version: p.text(),
    /** Names of its columns: a later file must have them too. */
    columns: p.json<readonly string[]>(),
    /** Where the next row starts, in bytes of the uncompressed file; null before the first row. */
    position: p.bigint("string").nullable(),
    /** Rows so far. */
    records: p.integer().default(0),
    startedAt: p.datetime().columnType("timestamptz"),
    finishedAt: p.datetime().columnType("timestamptz").nullable(),
  },
  checks: [{ name: "export_state_one_row", expression: "id = 1" }],
});

/** The daily file that was loaded last, and how far. */
export class ExportState extends schema.class {}
schema.setClass(ExportState);
