import type { Database } from "../database/index.ts";
import type { NormalizeResult, NormalizeRunOptions, Normalizer } from "../normalizer/index.ts";
import type { UpdateResult, UpdateRunOptions, Updater } from "../updater/index.ts";

/** What the daily job is made of. */
export interface DailyOptions {
  readonly database: Database;
  readonly updater: Updater;
  /** Left out, the changes are stored and nothing more. */
  readonly normalizer?: Normalizer | undefined;
  /** What others are told about who is at work. @default "che168-sync daily" */
  readonly applicationName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly update?: Omit<UpdateRunOptions, "lock" | "signal"> | undefined;
  readonly normalize?: Omit<NormalizeRunOptions, "lock" | "signal"> | undefined;
}

/** What the daily job reached. */
export interface DailyResult {
  readonly status: "OK" | "ERROR";
  readonly update: UpdateResult;
  readonly normalize?: NormalizeResult;
}

/**
 * The daily job: the missed days of the feed, then normalisation. Both locks are taken before anything is done, so that
 * a second run ends at once and not half-way. What a failing feed has brought so far is normalised all the same.
 *
 * @throws LockedError when a load, an update or a normalisation is running
 * @throws what the updater or the normaliser throws
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
