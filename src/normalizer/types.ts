import type { Database, Lock } from "../database/index.ts";
import type { Listing } from "../listing/listing.ts";
import type { Issue } from "../listing/types.ts";
import type { UserVocabulary } from "../listing/vocabulary/index.ts";
import type { Logger } from "../logging/types.ts";

/** What a normaliser works with. */
export interface NormalizerOptions {
  readonly database: Database;
  readonly logger?: Logger | undefined;
  /** Rows a transaction. @default 200 */
  readonly batchSize?: number | undefined;
  /** The user's own spellings and codes, laid over those of the package. */
  readonly vocabulary?: UserVocabulary | undefined;
  /** False keeps VINs out of what is served. @default true */
  readonly serveVin?: boolean | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** A canonical listing with the `inner_id` of its row. */
export type NormalizedRow = Readonly<Listing> & { readonly inner_id: string };

/** How far a normalisation is. */
export interface NormalizeProgress {
  readonly phase: "normalize";
  readonly unit: "rows";
  readonly done: number;
  readonly total: number;
}

/**
 * What one run does, and whom it tells. The hook `onListing` is waited for when it returns a promise; what it throws ends
 * the run as it is, and the batches before stay.
 */
export interface NormalizeRunOptions {
  /** Marks every row unprocessed first. */
  readonly all?: boolean | undefined;
  /** Does at most so many rows. */
  readonly limit?: number | undefined;
  /** Rows a transaction, instead of the factory's. */
  readonly batchSize?: number | undefined;
  /** A lock of `normalization` that the caller holds already and will release. */
  readonly lock?: Lock | undefined;
  /** Ends the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  readonly onProgress?: ((progress: NormalizeProgress) => void) | undefined;
  /** Called for each listing before it is stored, with what could not be taken as it came. */
  readonly onListing?: ((listing: NormalizedRow, issues: readonly Issue[]) => unknown) | undefined;
}

/** What a run reached. */
export interface NormalizeResult {
  /** ERROR when rows are left that could not be stored. */
  readonly status: "OK" | "ERROR";
  readonly processed: number;
  /** Removed listings that became inactive without being read again. */
  readonly deactivated: number;
  /** Rows that stay unprocessed because their listing cannot be stored. */
  readonly errors: number;
  readonly failed: readonly string[];
  /** Rows that changed while they were being normalised: the next run takes them. */
  readonly changedMeanwhile: number;
  readonly batches: number;
  /** Values that were not taken as they came. */
  readonly issues: number;
  readonly durationMs: number;
}

/** Makes `processed_data` of `raw_data`. */
export interface Normalizer {
  /**
   * Makes canonical listings of the unprocessed rows, oldest first (contract §5).
   *
   * @throws LockedError when a normalisation is running
   * @throws the signal's reason when it was aborted, or what the hook threw; the batches before stay
   */
  run(options?: NormalizeRunOptions): Promise<NormalizeResult>;
}
