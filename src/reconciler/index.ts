/** Compares the copy with the whole catalogue and makes it equal. */
export { createReconciler } from "./reconciler.ts";
export type {
  SnapshotBatch,
  SnapshotCheckpoint,
  SnapshotEnd,
  SnapshotPosition,
  SnapshotRecord,
  SnapshotSource,
} from "./source.ts";
export type {
  ExportOpener,
  ReconcileProgress,
  ReconcileResult,
  ReconcileRunOptions,
  Reconciler,
  ReconcilerOptions,
  ReconcileTotals,
  RepairOptions,
} from "./types.ts";
