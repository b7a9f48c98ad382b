import type { Database } from "../database/index.ts";
import type { ExportFile } from "../export-file/index.ts";
import type { Logger } from "../logging/types.ts";
import type { Rejection } from "../operations/index.ts";
import type { CallOptions, Client, RetryWait } from "../upstream/index.ts";
import type { LoadTotals } from "./stored-counts.ts";

/** Dependencies and settings of a loader. */
export interface LoaderOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Consecutive failed pages before the load is aborted. @default 3 */
  readonly maxFailedPages?: number | undefined;
  /** Time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** Progress of a walk. */
export interface LoadProgress {
  readonly phase: "load" | "failed pages";
  readonly unit: "records";
  /** Records of the walk so far, including earlier runs. */
  readonly done: number;
  /** Records read by earlier runs. */
  readonly before: number;
  /** Expected records, from `expect` or the last complete walk; null when unknown. */
  readonly total: number | null;
  /** The page; with a daily file, the batch. */
  readonly page: number;
}

/** A daily file that was loaded. */
export interface LoadedExport {
  /** `all_active.csv of 2026-11-27`, or the name and day of a local file. */
  readonly name: string;
  /** Day of the file, `YYYY-MM-DD`. */
  readonly date: string;
  /** Unknown columns, which are stored as they are. */
  readonly unknownColumns: readonly string[];
  /** Usual columns that the file lacks. */
  readonly missingColumns: readonly string[];
  /** Why the file is incomplete; undefined when it is complete. */
  readonly truncated?: string | undefined;
}

/** A stored page, and the outcome of its records. */
export interface LoadedPage {
  readonly page: number;
  readonly loaded: number;
  /** Listings that were already stored. */
  readonly duplicates: number;
  readonly rejected: number;
}

/**
 * Options of one run. The hooks `onPage` and `onRejected` are awaited; an error that they throw ends the run, and
 * everything stored before is kept.
 */
export interface LoadRunOptions {
  /** Maximum number of pages to read in this run. */
  readonly maxPages?: number | undefined;
  /** Starts again at page 1; stored rows are kept. */
  readonly restart?: boolean | undefined;
  /**
   * Loads a daily file instead of the catalogue's pages, e.g. `(call) => openExport({ path }, { timezone }, call)`. Called
   * again when the file is replaced during the run.
   */
  readonly exportFile?: ((call: CallOptions) => Promise<ExportFile>) | undefined;
  /** Loads a daily file that is older than five days, or lacks columns that the stored listings have. */
  readonly force?: boolean | undefined;
  /** Expected number of records, for progress only. */
  readonly expect?: number | undefined;
  /** Stops the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each page. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Called when a page and its rows are committed. */
  readonly onPage?: ((page: LoadedPage) => unknown) | undefined;
  /** Called for each record written to `rejected_records`, before `onPage` of its page. */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** Called before a request is retried. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Result of a run. */
export interface LoadResult extends LoadTotals {
  /** ERROR when pages could not be read, or the daily file is incomplete. */
  readonly status: "OK" | "ERROR";
  /** True when the end of the catalogue was reached. */
  readonly finished: boolean;
  /** Where the next run resumes; null at the end. */
  readonly nextPage: number | null;
  /** Failed pages, which the next run retries. */
  readonly failedPages: readonly number[];
  /** The daily file, when one was loaded; `pages` then counts batches. */
  readonly exportFile?: LoadedExport | undefined;
  /** Why the run was aborted, if it was. */
  readonly error?: string | undefined;
  readonly durationMs: number;
}

/** Loads the whole catalogue. */
export interface Loader {
  /**
   * Reads the catalogue into `raw_data`, page by page, from where the last run stopped; then retries the failed pages of
   * earlier runs. Everything stored before an error is kept.
   *
   * @throws Che168Error `EXPORT_…` when the daily file is missing, too old, or not one
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when the key is rejected
   * @throws the signal's reason after an abort, or the error of a hook
   */
  run(options?: LoadRunOptions): Promise<LoadResult>;
}
