import type { Database, Lock } from "../database/index.ts";
import type { ExportFile } from "../export-file/index.ts";
import type { Logger } from "../logging/types.ts";
import type { Rejection } from "../operations/index.ts";
import type { CallOptions, Client, RetryWait } from "../upstream/index.ts";
import type { SnapshotSource } from "./source.ts";

/** Dependencies and settings of a reconciler. */
export interface ReconcilerOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /**
   * Largest share of the active listings that the copy may lose on balance; more ends nothing, because the catalogue is
   * then more likely to be incomplete than empty.
   * @default 0.2
   */
  readonly maxEndedShare?: number | undefined;
  /** Consecutive failed pages before the run is aborted. @default 3 */
  readonly maxFailedPages?: number | undefined;
  /**
   * Opens the newest daily file: a gap of the feed is repaired from it when it is new enough, as often as needed. Without
   * one, over the API.
   */
  readonly exportFile?: ExportOpener | undefined;
  /** Time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** Opens a daily file, e.g. `(call) => openExport({ path }, { timezone }, call)`; again when it has been replaced. */
export type ExportOpener = (call: CallOptions) => Promise<ExportFile>;

/** How far a comparison has come. */
export interface ReconcileProgress {
  /** `read`: the catalogue; `reread`: once more, to confirm unseen listings; `confirm`: unseen listings, one by one. */
  readonly phase: "read" | "reread" | "confirm";
  readonly unit: "records" | "listings";
  /** Done so far in this phase, including earlier runs. */
  readonly done: number;
  /** The part done by earlier runs. */
  readonly before: number;
  /** Expected total; null when unknown. */
  readonly total: number | null;
}

/**
 * Options of one run. The hook `onRejected` is awaited; an error that it throws ends the run, and everything stored
 * before is kept.
 */
export interface ReconcileRunOptions {
  /** What to compare with. @default the catalogue, over the API */
  readonly source?: SnapshotSource | undefined;
  /** Compares with a daily file. */
  readonly exportFile?: ExportOpener | undefined;
  /** Only counts: reads the source and the copy, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Ends listings however many they are (`maxEndedShare`); takes a daily file that lacks columns. */
  readonly force?: boolean | undefined;
  /** The lock `data_fetch`, when the caller already holds it; the caller releases it. */
  readonly lock?: Lock | undefined;
  /** Row of `operations_log` that gets the counts, under `repair`. @default a row of its own */
  readonly operationId?: number | undefined;
  /** Stops the run, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch and each confirmed listing. */
  readonly onProgress?: ((progress: ReconcileProgress) => void) | undefined;
  /** Called for each record written to `rejected_records`. */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** Called before a request is retried. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Counts of a comparison, of all runs that it took. */
export interface ReconcileTotals {
  /** Batches of the source: pages, over the API. */
  readonly pages: number;
  /** Records of the source. */
  readonly records: number;
  /** Missing listings that were inserted. */
  readonly loaded: number;
  /** Active listings whose data differed and was replaced. */
  readonly updated: number;
  /** Ended listings that are back. */
  readonly reactivated: number;
  /** Listings that are gone and were ended. */
  readonly removed: number;
  /** Listings that were equal, and were not written. */
  readonly unchanged: number;
  /** Listings with a change of the feed that is newer than the snapshot, which were left alone. */
  readonly newer: number;
  /** Unseen listings that `/offer` still has. */
  readonly confirmed: number;
  readonly rejected: number;
}

/** Result of a run. */
export interface ReconcileResult extends ReconcileTotals {
  /** ERROR when the copy may still differ: failed pages, deferred listings, or too many listings gone. */
  readonly status: "OK" | "ERROR";
  readonly dryRun: boolean;
  /** Name of the source. */
  readonly source: string;
  /** Feed position of the snapshot; null when the feed has none. */
  readonly position: number | null;
  /** True when the whole catalogue was read. */
  readonly complete: boolean;
  /** Unseen listings whose requests failed; the next run requests them again. */
  readonly deferred: number;
  /** Gaps of the feed that the run repaired. */
  readonly gapsRepaired: number;
  /** Why the status is ERROR. */
  readonly error?: string | undefined;
  readonly durationMs: number;
}

/** Options of an automatic repair. */
export interface RepairOptions
  extends Pick<
    ReconcileRunOptions,
    "lock" | "operationId" | "signal" | "onProgress" | "onRejected" | "onRetry"
  > {
  /** Start of the run that found the gap. */
  readonly startedAt: Date;
}

/** Makes the copy equal to the catalogue. */
export interface Reconciler {
  /**
   * Compares the copy with the whole catalogue: inserts missing listings, replaces different ones, reactivates those that
   * are back, and ends those that are gone. A row with a change at or after the snapshot's position is left alone. Resumes
   * an interrupted comparison of the last two days.
   *
   * @throws Che168Error `EXPORT_…` when the daily file is missing, too old, lacks columns, or is not one
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when the key is rejected
   * @throws the signal's reason after an abort, or the error of a hook
   */
  run(options?: ReconcileRunOptions): Promise<ReconcileResult>;
  /**
   * The same, called by a run of the feed that has found a gap: from the newest daily file if it is configured and new
   * enough, else over the API, at most once in 24 hours, failed repairs included.
   *
   * @returns undefined when the last repair was less than 24 hours before
   * @throws what `run` throws
   */
  repair(options: RepairOptions): Promise<ReconcileResult | undefined>;
}
