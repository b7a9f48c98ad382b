import type { Database, Lock } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import type { OpenGap, Rejection } from "../operations/index.ts";
import type { Client, RetryWait } from "../upstream/index.ts";
import type { BackfillResult } from "./backfill.ts";
import type { StoredChanges, UpdateTotals } from "./store-changes.ts";

/** Dependencies and settings of an updater. */
export interface UpdaterOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** Consecutive listings that cannot be completed before the rest is deferred to the next run. @default 3 */
  readonly maxFailedListings?: number | undefined;
  /** Missing change ids in one range that are only counted; more make the copy incomplete. @default 20 */
  readonly gapTolerance?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How far the feed has been read. */
export interface UpdateProgress {
  readonly phase: "changes" | "listings";
  readonly unit: "changes" | "listings";
  /** The day being read. */
  readonly day: string;
  /** Its number among `days`, from 1. */
  readonly dayNumber: number;
  readonly days: number;
  /** Ids passed since the run started (`changes`), or listings completed (`listings`). */
  readonly done: number;
  /** Ids from the run's start to the end of the day; null when the service does not report it. */
  readonly total: number | null;
  readonly position: number;
}

/** The run, for the repair of its gaps. */
export interface GapRepairContext {
  /** Open gaps, of earlier runs too. */
  readonly gaps: readonly OpenGap[];
  readonly lock: Lock;
  /** The run's row of `operations_log`. */
  readonly operationId: number;
  /** Start of the run. */
  readonly startedAt: Date;
}

/** A stored page of changes, and their outcome. */
export interface UpdatedPage extends StoredChanges {
  /** Where the feed is read from next. */
  readonly position: number;
}

/**
 * Options of one run. The hooks `onPage` and `onRejected` are awaited; an error that they throw ends the run, and
 * everything stored before is kept.
 */
export interface UpdateRunOptions {
  /** Maximum number of days to read. */
  readonly maxDates?: number | undefined;
  /** The lock `data_fetch`, when the caller already holds it; the caller releases it. */
  readonly lock?: Lock | undefined;
  /**
   * Repairs gaps, before incomplete listings are fetched; returns why it could not. Without it, a gap stays open and ends
   * the run with ERROR.
   */
  readonly repairGaps?: ((context: GapRepairContext) => Promise<string | undefined>) | undefined;
  /** Stops the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called at the start of each day, after each page, and after each completed listing. */
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called when a page and the position after it are committed. */
  readonly onPage?: ((page: UpdatedPage) => unknown) | undefined;
  /** Called for each record written to `rejected_records`: a change (before `onPage` of its page), or a fetched listing. */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** Called before a request is retried. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Result of a run. */
export interface UpdateResult extends UpdateTotals, BackfillResult {
  /** ERROR when changes are missing, or listings are deferred because their requests failed. */
  readonly status: "OK" | "ERROR";
  /** Why changes are missing, and the remedy; undefined without an open gap. */
  readonly error?: string | undefined;
  /** Ranges of missing changes that are not repaired. */
  readonly openGaps: readonly OpenGap[];
  /** Days completed by this run. */
  readonly days: readonly string[];
  /** Where the feed is read from next; null while it is empty. */
  readonly position: number | null;
  readonly durationMs: number;
}

/** Follows the change feed. */
export interface Updater {
  /**
   * Applies every missed day of the feed to `raw_data`, up to now. Everything stored before an error is kept.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when a page failed after all attempts, or has impossible change ids
   * @throws Che168Error `FEED_OUT_OF_ORDER` when the feed goes backwards
   * @throws Che168Error `FEED_RESTARTED` when the service has restarted its change ids
   * @throws the signal's reason after an abort, or the error of a hook
   */
  run(options?: UpdateRunOptions): Promise<UpdateResult>;
}
