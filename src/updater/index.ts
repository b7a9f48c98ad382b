/** Follows the change feed: `createUpdater`. */
export type { BackfillResult } from "./backfill.ts";
export { createIdCheck, MAX_END_JUMP } from "./id-check.ts";
export { readPosition, recordFirstPosition } from "./position.ts";
export { findRenumbered } from "./restart.ts";
export { type RetryRejectedResult, retryRejected } from "./retry-rejected.ts";
export type { StoredChanges, UpdateTotals } from "./store-changes.ts";
export type {
  GapRepairContext,
  UpdatedPage,
  UpdateProgress,
  UpdateResult,
  UpdateRunOptions,
  Updater,
  UpdaterOptions,
} from "./types.ts";
export { createUpdater } from "./updater.ts";
