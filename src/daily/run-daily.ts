import type { Database } from "../database/index.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer } from "../normalizer/index.ts";
import { deleteOldMirrorChanges } from "../operations/index.ts";
import type { UpdateResult, UpdateRunOptions, Updater } from "../updater/index.ts";

/** Dependencies and options of the daily job. */
export interface DailyOptions {
  readonly database: Database;
  readonly updater: Updater;
  /** Without one, changes are stored but not normalised. */
  readonly normalizer?: Normalizer | undefined;
  /** Name of the lock holder in messages of other processes. @default "che168-sync daily" */
  readonly applicationName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly update?: Omit<UpdateRunOptions, "lock" | "signal"> | undefined;
  readonly normalize?: Omit<NormalizeRunOptions, "lock" | "signal"> | undefined;
}

/** Result of the daily job. */
export interface DailyResult {
  readonly status: "OK" | "ERROR";
  readonly update: UpdateResult;
  readonly normalize?: NormalizeResult;
}

/**
 * The daily job: the missed days of the feed, then normalisation. Both locks are taken first, so that a second run fails
 * immediately instead of half-way. When the feed fails, the changes stored so far are still normalised.
 *
 * @throws LockedError when a load, an update or a normalisation is running
 * @throws errors of the updater or the normaliser
 */
export async function runDaily(options: DailyOptions): Promise<DailyResult> {
  const { database, updater, normalizer, signal } = options;
  const kinds = normalizer ? (["data_fetch", "normalization"] as const) : (["data_fetch"] as const);
  const lock = await database.lock(kinds, options.applicationName ?? "che168-sync daily");
  try {
    let update: UpdateResult | undefined;
    let failure: unknown;
    try {
      update = await updater.run({ ...options.update, lock, signal });
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
    }
    await database.retrying(() => deleteOldMirrorChanges(database), { signal });
    const normalize = await normalizer?.run({ ...options.normalize, lock, signal });
    if (update === undefined) {
      throw failure;
    }
    const status = update.status === "OK" && normalize?.status !== "ERROR" ? "OK" : "ERROR";
    return { status, update, ...(normalize ? { normalize } : {}) };
  } finally {
    await lock.release();
  }
}
