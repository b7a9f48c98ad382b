import type { Database, Lock } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import type { Rejection } from "../operations/rejected.ts";
import type { Client, RetryWait } from "../upstream/index.ts";
import type { BackfillResult } from "./backfill.ts";
import type { StoredChanges, UpdateTotals } from "./store-changes.ts";

/** What an updater works with. */
export interface UpdaterOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Whose midnight ends a day of the feed. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** Listings in a row that cannot be completed before the rest is left for the next run. @default 3 */
  readonly maxFailedListings?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How far the feed has been read. */
export interface UpdateProgress {
  readonly phase: "changes" | "listings";
  readonly unit: "changes" | "listings";
  /** The day that is being read. */
  readonly day: string;
  /** Which of the days it is, from 1. */
  readonly dayNumber: number;
  readonly days: number;
  /** Ids passed since the run began (`changes`), or listings completed (`listings`). */
  readonly done: number;
  /** Ids from where the run began to the end of the day; null when the service does not say. */
  readonly total: number | null;
  readonly position: number;
}

/** A page of changes that is in the database, and what became of them. */
export interface UpdatedPage extends StoredChanges {
  /** Where the feed is read from next. */
  readonly position: number;
}

/**
 * What one run does, and whom it tells. The hooks `onPage` and `onRejected` are waited for when they return a promise;
 * what they throw ends the run as it is, and what was stored before stays.
 */
export interface UpdateRunOptions {
  /** Does at most so many days. */
  readonly maxDates?: number | undefined;
  /** A lock of `data_fetch` that the caller holds already and will release. */
  readonly lock?: Lock | undefined;
  /** Ends the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as each day begins, after each page, and after each listing that was completed. */
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called when a page and the position behind it are in the database. */
  readonly onPage?: ((page: UpdatedPage) => unknown) | undefined;
  /**
   * Called for each record that is now in `rejected_records`: a change before the `onPage` of its page, a whole listing
   * when it was to complete a change.
   */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** Called before a request is tried again. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What a run reached. */
export interface UpdateResult extends UpdateTotals, BackfillResult {
  /** ERROR when listings are left that could not be asked for. */
  readonly status: "OK" | "ERROR";
  /** Days that are complete now. */
  readonly days: readonly string[];
  /** Where the feed is read from next; null when the feed has not begun. */
  readonly position: number | null;
  readonly durationMs: number;
}

/** Follows the change feed. */
export interface Updater {
  /**
   * Brings `raw_data` from where it stands to now, day by day.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when a page failed after all attempts; everything before it is stored
   * @throws Che168Error `FEED_OUT_OF_ORDER` when the service sends the reader back
   * @throws the signal's reason when it was aborted, or what a hook threw; what was stored stays
   */
  run(options?: UpdateRunOptions): Promise<UpdateResult>;
}
