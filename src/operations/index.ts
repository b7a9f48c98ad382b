/** Shared mechanics of the jobs, and the status of the copy. */

export {
  COUNTED_FIELDS,
  changeCounts,
  countChangesSql,
  createFeedDays,
  recordActive,
  recordFilled,
} from "./daily-stats.ts";
export { type OpenGap, readOpenGaps, sizeOfGap } from "./feed-gaps.ts";
export { deleteOldMirrorChanges } from "./mirror-changes.ts";
export {
  type ListingRecord,
  MAX_NESTING,
  readInnerId,
  readRecords,
  readTime,
  timeOf,
  unusablePage,
} from "./records.ts";
export type { Rejection } from "./rejected.ts";
export { dismissRejected, listRejected, rejectedParameter, rejectedSql } from "./rejected.ts";
export type { ReadAhead, RunStatements, StorablePage } from "./run.ts";
export {
  asyncCommit,
  countPage,
  createReadAhead,
  createRunStatements,
  findUnstorable,
  isServiceFault,
  settled,
  storeOnce,
  storeRejecting,
  tryOnce,
  unstorable,
  writeCheckpoint,
} from "./run.ts";
export type { Operation } from "./run-log.ts";
export { countsWithBatch, startOperation, turnSql } from "./run-log.ts";
export { CHECK_REASONS, type CheckReason } from "./status/check-reason.ts";
export { type DayStats, readDays } from "./status/days.ts";
export { getLastDailyRun, readOperations } from "./status/facts.ts";
export type { Figures } from "./status/figures.ts";
export { readFigures } from "./status/figures.ts";
export type { HealthCheck, TariffEnd } from "./status/health.ts";
export { type CheckOptions, readCheck, readCheckWithFacts } from "./status/read-check.ts";
export type { StatusOptions } from "./status/report.ts";
export { getStatus } from "./status/report.ts";
export type { OperationReport, StatusIssue, StatusReport } from "./status/types.ts";
export { RUN_STATES } from "./status/types.ts";
export { UNPROCESSED } from "./unprocessed.ts";
