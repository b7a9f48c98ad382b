import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import type { Rejection } from "../operations/rejected.ts";
import type { Client, RetryWait } from "../upstream/index.ts";
import type { LoadTotals } from "./store-records.ts";

/** What a loader works with. */
export interface LoaderOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Pages that fail in a row before the load gives up. @default 3 */
  readonly maxFailedPages?: number | undefined;
  /** Whose midnight ends a day of the feed. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How far a walk is. */
export interface LoadProgress {
  readonly phase: "load" | "verify" | "failed pages";
  readonly unit: "records";
  /** Records of the walk so far, those of earlier runs included. */
  readonly done: number;
  /** Records that earlier runs had read. */
  readonly before: number;
  /** Records to expect, from `expect` or from the last complete walk; null when nothing is known. */
  readonly total: number | null;
  readonly page: number;
}

/** A page that is in the database, and what became of its records. */
export interface LoadedPage {
  readonly page: number;
  readonly loaded: number;
  /** Listings that were there already. */
  readonly duplicates: number;
  readonly rejected: number;
}

/**
 * What one run does, and whom it tells. The hooks `onPage` and `onRejected` are waited for when they return a promise;
 * what they throw ends the run as it is, and what was stored before stays.
 */
export interface LoadRunOptions {
  /** Reads at most so many pages in this run. */
  readonly maxPages?: number | undefined;
  /** Begins at page 1 again; what is stored stays. */
  readonly restart?: boolean | undefined;
  /** Walks the whole catalogue once more and stores what moved past the first walk. */
  readonly verify?: boolean | undefined;
  /** Records to expect, for the progress only. */
  readonly expect?: number | undefined;
  /** Ends the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each page. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Called when a page and its rows are in the database. */
  readonly onPage?: ((page: LoadedPage) => unknown) | undefined;
  /** Called for each record that is now in `rejected_records`, before the `onPage` of its page. */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** Called before a request is tried again. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What a run reached. */
export interface LoadResult extends LoadTotals {
  /** ERROR when pages are left that could not be read. */
  readonly status: "OK" | "ERROR";
  /** True when the catalogue has been read to its end. */
  readonly finished: boolean;
  /** Where the next run goes on; null at the end. */
  readonly nextPage: number | null;
  /** Pages that could not be read; the next run tries them again. */
  readonly failedPages: readonly number[];
  /** Why the run gave up, when it did. */
  readonly error?: string;
  readonly durationMs: number;
}

/** Loads the whole catalogue, once. */
export interface Loader {
  /**
   * Reads the catalogue page by page into `raw_data`, from where the last run stopped; then the pages that earlier
   * runs could not read.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when the key is refused
   * @throws the signal's reason when it was aborted, or what a hook threw; what was stored stays
   */
  run(options?: LoadRunOptions): Promise<LoadResult>;
}
