import type { Rejection } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";

/** One listing of a snapshot. */
export interface SnapshotRecord {
  readonly innerId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The JSON text of its data, an object, without characters that PostgreSQL cannot store. */
  readonly data: string;
  /** Hash of the record as the source has it. A row stored with the same hash is equal without being compared. */
  readonly contentHash?: string | undefined;
  /** A key of the data that is neither compared nor stored. */
  readonly ignoredKey?: string | undefined;
}

/** Records that are compared and stored together, and where to continue after them. */
export interface SnapshotBatch {
  readonly records: readonly SnapshotRecord[];
  readonly rejections: readonly Rejection[];
  /** Any JSON object; stored in the transaction of the records, and passed to `read` when the run is resumed. */
  readonly checkpoint: SnapshotCheckpoint;
}

/** Where a source resumes: any JSON object, which only the source reads. */
export type SnapshotCheckpoint = Readonly<Record<string, unknown>>;

/** How reading a source ended. */
export interface SnapshotEnd {
  /** False when a part could not be read: then nothing is ended, because absence proves nothing. */
  readonly complete: boolean;
  /** Why it is incomplete. */
  readonly error?: string | undefined;
}

/** Where a snapshot belongs in the feed. */
export interface SnapshotPosition {
  /** The snapshot includes all changes below it, perhaps later ones too; null while the feed has no changes. */
  readonly position: number | null;
  /** Gaps that end below this id are repaired. @default position */
  readonly gapsBelow?: number | null | undefined;
}

/** A complete list of the active listings: the catalogue over the API, or a daily file. */
export interface SnapshotSource {
  /** For messages and `operations_log`: `api`, `export 2026-11-27`. */
  readonly name: string;
  /** Identity: an interrupted run is resumed only with the same one. A file that was replaced is another one. */
  readonly id: string;
  /**
   * Whether an absent listing is gone. False where listings move while they are read: absent ones are then confirmed by
   * `/offer`, or by reading everything once more.
   */
  readonly absentIsGone: boolean;
  /** Expected number of records, for progress; null when unknown. */
  readonly total: number | null;
  /** Called once before the first batch; not when a run is resumed. */
  findPosition(call: CallOptions): Promise<SnapshotPosition>;
  /**
   * Yields batches from `checkpoint` on (null: from the start), and returns how it ended. A part that failed before is
   * read again. Errors that concern more than a part of the source are thrown.
   */
  read(
    checkpoint: SnapshotCheckpoint | null,
    call: CallOptions,
  ): AsyncGenerator<SnapshotBatch, SnapshotEnd, void>;
}
