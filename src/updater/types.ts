import type { Lock } from "../database/lock.ts";
import type { Database } from "../database/types.ts";
import type { Logger } from "../logging/types.ts";
import type { Client, RetryWait } from "../upstream/client.ts";
import type { Completed } from "./complete.ts";
import type { StoredChanges, Totals } from "./store-page.ts";

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

export interface UpdateRunOptions {
  /** Does at most so many days. */
  readonly maxDates?: number | undefined;
  /** A lock of `data_fetch` that the caller holds already and will release. */
  readonly lock?: Lock | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called after a page and the position behind it are in the database. */
  readonly onPage?: ((page: StoredChanges & { position: number }) => void) | undefined;
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What a run reached. */
export interface UpdateResult extends Totals, Completed {
  /** ERROR when listings are left that could not be asked for. */
  readonly status: "OK" | "ERROR";
  /** Days that are complete now. */
  readonly days: readonly string[];
  /** Where the feed is read from next; null when the feed has not begun. */
  readonly position: number | null;
  readonly durationMs: number;
}

export interface Updater {
  /**
   * Brings `raw_data` from where it stands to now, day by day.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when a page failed after all attempts; everything before it is stored
   * @throws Che168Error `FEED_OUT_OF_ORDER` when the service sends the reader back
   * @throws the signal's reason when it was aborted; what was stored stays
   */
  run(options?: UpdateRunOptions): Promise<UpdateResult>;
}
