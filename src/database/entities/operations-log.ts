import { defineEntity, p } from "@mikro-orm/core";

/** Kind of a run. */
export type OperationType = "data_fetch" | "normalization";
/** Outcome of a run; the row is opened with ERROR, which an unfinished run keeps. */
export type OperationStatus = "OK" | "ERROR";

const schema = defineEntity({
  name: "OperationsLog",
  tableName: "operations_log",
  properties: {
    id: p.integer().primary().autoincrement(),
    operationType: p.string().length(32).$type<OperationType>(),
    startedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    /** Seconds. */
    duration: p.integer().nullable(),
    status: p.string().length(8).$type<OperationStatus>(),
    /** JSON with the counts. */
    details: p.text().nullable(),
  },
  indexes: [
    {
      name: "operations_log_latest",
      expression: "create index operations_log_latest on operations_log (operation_type, id desc)",
    },
  ],
});

/** One run of a command. */
export class OperationsLog extends schema.class {}
schema.setClass(OperationsLog);
