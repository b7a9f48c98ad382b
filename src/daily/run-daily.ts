import type { Database } from "../database/index.ts";
import { pruneEvents } from "../events/index.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer } from "../normalizer/index.ts";
import { deleteOldMirrorChanges } from "../operations/index.ts";
import type { ReconcileResult, Reconciler, RepairOptions } from "../reconciler/index.ts";
import type { GapRepairContext, UpdateResult, UpdateRunOptions, Updater } from "../updater/index.ts";
import { requireDependencies } from "../util/dependencies.ts";
import type { Webhooks } from "../webhooks/index.ts";

/** Dependencies and options of the daily job. */
export interface DailyOptions {
  readonly database: Database;
  readonly updater: Updater;
  /** Repairs gaps of the feed. Without one, a gap stays open and ends the run with ERROR. */
  readonly reconciler?: Reconciler | undefined;
  /** Without one, changes are stored but not normalised. */
  readonly normalizer?: Normalizer | undefined;
  /** Events are deleted after this many days; see `pruneEvents`. @default 180 */
  readonly eventRetentionDays?: number | undefined;
  /** Delivers the new events for at most a minute, after the locks are released. */
  readonly webhooks?: Pick<Webhooks, "deliver"> | undefined;
  /** Name of the lock holder in messages of other processes. @default "che168-sync daily" */
  readonly applicationName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly update?: Omit<UpdateRunOptions, "lock" | "signal" | "repairGaps"> | undefined;
  readonly repair?: Pick<RepairOptions, "onProgress" | "onRejected" | "onRetry"> | undefined;
  readonly normalize?: Omit<NormalizeRunOptions, "lock" | "signal"> | undefined;
}

/** Result of the daily job. */
export interface DailyResult {
  readonly status: "OK" | "ERROR";
  readonly update: UpdateResult;
  /** The repair of a gap, when there was one. */
  readonly repair?: ReconcileResult;
  readonly normalize?: NormalizeResult;
}

const DEFAULT_RETENTION_DAYS = 180;
const WEBHOOKS_MAX_MS = 60_000;
const REPAIR_LIMIT = "the last automatic repair was less than 24 hours ago";

/**
 * The daily job: the missed days of the feed, the repair of a gap, then normalisation. Both locks are taken first, so that a second run fails
 * immediately instead of half-way. When the feed fails, the changes stored so far are still normalised.
 *
 * @throws LockedError when a load, an update or a normalisation is running
 * @throws errors of the updater or the normaliser
 */
export async function runDaily(options: DailyOptions): Promise<DailyResult> {
  requireDependencies("runDaily", options, ["database", "updater"]);
  const { database, updater, reconciler, normalizer, webhooks, signal } = options;
  const { eventRetentionDays = DEFAULT_RETENTION_DAYS } = options;
  const kinds = normalizer ? (["data_fetch", "normalization"] as const) : (["data_fetch"] as const);
  const lock = await database.lock(kinds, options.applicationName ?? "che168-sync daily");
  try {
    let update: UpdateResult | undefined;
    let repair: ReconcileResult | undefined;
    let failure: unknown;
    const repairGaps = async ({ operationId, startedAt }: GapRepairContext) => {
      repair = await reconciler?.repair({ ...options.repair, lock, operationId, startedAt, signal });
      return repair === undefined ? REPAIR_LIMIT : repair.error;
    };
    try {
      update = await updater.run({
        ...options.update,
        repairGaps: reconciler && repairGaps,
        lock,
        signal,
      });
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
    }
    await database.retrying(() => deleteOldMirrorChanges(database), { signal });
    const normalize = await normalizer?.run({ ...options.normalize, lock, signal });
    await pruneEvents({ database, retentionDays: eventRetentionDays, signal });
    if (update === undefined) {
      throw failure;
    }
    const status = update.status === "OK" && normalize?.status !== "ERROR" ? "OK" : "ERROR";
    return { status, update, ...(repair ? { repair } : {}), ...(normalize ? { normalize } : {}) };
  } finally {
    await lock.release();
    await webhooks?.deliver({ maxMs: WEBHOOKS_MAX_MS, signal });
  }
}
