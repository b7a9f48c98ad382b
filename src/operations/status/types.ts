import type { LockHolder, OperationStatus, OperationType } from "../../database/index.ts";
import type { OpenGap } from "../feed-gaps.ts";
import type { DayStats } from "./days.ts";

/** State of a run; `interrupted` when its process ended without closing its row. */
export const RUN_STATES = ["ok", "error", "running", "interrupted"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One run, from `operations_log`. */
export interface OperationReport {
  readonly id: number;
  readonly type: OperationType;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly status: OperationStatus;
  /** `running` while its lock is held, `interrupted` when its process ended without closing the row. */
  readonly state: "finished" | "running" | "interrupted";
  readonly details: Readonly<Record<string, unknown>>;
}

/** Something that needs attention, and the remedy. */
export interface StatusIssue {
  readonly code:
    | "load_unfinished"
    | "load_missing"
    | "failed_pages"
    | "moved_past_reader"
    | "rejected_records"
    | "incomplete_listings"
    | "feed_behind"
    | "last_run_failed"
    | "unprocessed_rows"
    | "outdated_rules"
    | "webhook_disabled";
  readonly message: string;
  readonly remedy: string;
}

/** The state of the copy. */
export interface StatusReport {
  readonly database: string;
  /** Time zone of the feed's days. */
  readonly timezone: string;
  readonly rows: {
    readonly raw: number;
    readonly active: number;
    readonly inactive: number;
    readonly unprocessed: number;
    /** Known only from a change; the whole listing is to be fetched. */
    readonly pending: number;
    /** Known only from a change, and the service no longer has the listing. */
    readonly unavailable: number;
    readonly processed: number;
    /** Rejected records that are not dismissed. */
    readonly rejected: number;
    /** Rows of `processed_data` that were normalised by older rules. */
    readonly outdated: number;
  };
  readonly load: {
    readonly state: "none" | "unfinished" | "finished";
    readonly nextPage: number | null;
    readonly records: number;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    readonly failedPages: readonly {
      readonly page: number;
      readonly failedAt: string;
      readonly reason: string;
    }[];
    /** Upper bound of listings that the walk may have missed, as far as the feed has been read. */
    readonly mayBeMissing: number;
  };
  readonly feed: {
    readonly position: number | null;
    readonly lastSuccessfulDate: string | null;
    readonly updatedAt: string | null;
    /** Time of the newest change received; null before the first one. */
    readonly newestChangeAt: string | null;
    /** Age of the newest change in seconds; of a complete load without any change since, the age of its start. */
    readonly ageSeconds: number | null;
    /** Incomplete days; null before the first run. */
    readonly daysBehind: number | null;
    /** Changes that are not read yet; null when the end of the feed is unknown. */
    readonly changesBehind: number | null;
  };
  /** Ranges of changes that the service no longer had, and that no reconcile has repaired. */
  readonly gaps: readonly OpenGap[];
  /** The last feed days, newest first. */
  readonly days: readonly DayStats[];
  readonly running: readonly LockHolder[];
  readonly operations: readonly OperationReport[];
  readonly attention: readonly StatusIssue[];
}
