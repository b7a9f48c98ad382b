/** Compares the copy with the whole catalogue and makes it equal. */
export type {
  SnapshotBatch,
  SnapshotCheckpoint,
  SnapshotEnd,
  SnapshotPosition,
  SnapshotRecord,
  SnapshotSource,
} from "./source.ts";
export type {
  Reconciler,
  ReconcileProgress,
  ReconcileResult,
  ReconcilerOptions,
  ReconcileRunOptions,
  ReconcileTotals,
} from "./types.ts";
