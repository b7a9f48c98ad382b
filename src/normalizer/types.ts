import type { Database, Lock } from "../database/index.ts";
import type { Issue, Listing, UserVocabulary } from "../listing/index.ts";
import type { Logger } from "../logging/types.ts";

/** Options of `createNormalizer`. */
export interface NormalizerOptions {
  readonly database: Database;
  readonly logger?: Logger | undefined;
  /** Rows per transaction. @default 200 */
  readonly batchSize?: number | undefined;
  /** Spellings and codes that override the built-in ones. */
  readonly vocabulary?: UserVocabulary | undefined;
  /** False omits VINs. @default true */
  readonly serveVin?: boolean | undefined;
  /** Time zone of the feed's days, for `daily_stats`. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** False writes no events, and invalidates all positions in them. @default true */
  readonly events?: boolean | undefined;
  /** Clock. @default the system clock */
  readonly now?: (() => Date) | undefined;
}

/** A canonical listing with the `inner_id` of its row. */
export type NormalizedRow = Readonly<Listing> & { readonly inner_id: string };

/** Progress of a run, in rows. */
export interface NormalizeProgress {
  readonly phase: "normalize";
  readonly unit: "rows";
  readonly done: number;
  readonly total: number;
}

/**
 * Options of a run. A promise that `onListing` returns is awaited; an error that it throws ends the run with that error, and
 * earlier batches stay stored.
 */
export interface NormalizeRunOptions {
  /** Normalises every row again. */
  readonly all?: boolean | undefined;
  /** Maximum number of rows. */
  readonly limit?: number | undefined;
  /** Rows per transaction, overriding the factory's. */
  readonly batchSize?: number | undefined;
  /** A `normalization` lock that the caller holds and releases. */
  readonly lock?: Lock | undefined;
  /** Stops the run, which throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  readonly onProgress?: ((progress: NormalizeProgress) => void) | undefined;
  /** Called for each listing before it is stored, with the values that were rejected or corrected. */
  readonly onListing?: ((listing: NormalizedRow, issues: readonly Issue[]) => unknown) | undefined;
}

/** Result of a run. */
export interface NormalizeResult {
  /** ERROR when rows could not be stored. */
  readonly status: "OK" | "ERROR";
  readonly processed: number;
  /** Of these, listings whose content is the same as stored; they are not written again. */
  readonly unchanged: number;
  /** Removed listings that became inactive without being normalised again. */
  readonly deactivated: number;
  /** Rows that stay unprocessed because PostgreSQL rejects their listing. */
  readonly errors: number;
  readonly failed: readonly string[];
  /** Rows that changed while they were normalised; the next run handles them. */
  readonly changedMeanwhile: number;
  readonly batches: number;
  /** Values that were rejected or corrected. */
  readonly issues: number;
  readonly durationMs: number;
}

/** Makes `processed_data` from `raw_data`. */
export interface Normalizer {
  /**
   * Normalises the unprocessed rows, oldest first.
   *
   * @throws LockedError when a normalisation is running
   * @throws the signal's reason when it is aborted, or the error of the hook; earlier batches stay stored
   */
  run(options?: NormalizeRunOptions): Promise<NormalizeResult>;
}
