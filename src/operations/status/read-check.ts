import type { Database } from "../../database/index.ts";
import { requireDependencies } from "../../util/dependencies.ts";
import { readOpenGaps } from "../feed-gaps.ts";
import { readCheckedDays } from "./days.ts";
import { readFreshness, readRowCounts, readRunsByCommand } from "./facts.ts";
import {
  DEFAULT_MAX_AGE_MS,
  DEFAULT_MAX_SILENCE_MS,
  evaluateHealth,
  type HealthCheck,
  type TariffEnd,
} from "./health.ts";
import { TREND_DAYS } from "./trends.ts";

/** Options of {@link readCheck}. */
export interface CheckOptions {
  readonly database: Database;
  /** Maximum age of the data and of waiting rows, in milliseconds. @default 26 hours */
  readonly maxAgeMs?: number | undefined;
  /** Maximum age of the newest change while `daily` succeeds, in milliseconds. @default 36 hours */
  readonly maxSilenceMs?: number | undefined;
  /** Time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The import tariffs in use that end soon; null when none does. @default not checked */
  readonly expiringTariffs?: (() => TariffEnd | null) | undefined;
  /** @default now */
  readonly now?: Date | undefined;
}

/** The check with the facts that it was made from. */
export async function readCheckWithFacts(options: CheckOptions) {
  const { database, maxAgeMs = DEFAULT_MAX_AGE_MS, maxSilenceMs = DEFAULT_MAX_SILENCE_MS } = options;
  const { now = new Date(), timezone = "Europe/Moscow" } = options;
  const running = await database.lockHolders();
  const counts = await readRowCounts(database);
  const facts = {
    ...(await readFreshness(database, new Date(now.getTime() - maxAgeMs))),
    runs: await readRunsByCommand(database, running),
    running,
    rejected: counts.rejected,
    lastDay: counts.lastDay,
    gaps: await readOpenGaps(database),
    days: await readCheckedDays(database, TREND_DAYS),
    expiringTariffs: options.expiringTariffs?.() ?? null,
  };
  return { check: evaluateHealth(facts, { maxAgeMs, maxSilenceMs, now, timezone }), facts, counts };
}

/** Reads the facts and evaluates them: the reasons of `status --check`. */
export async function readCheck(options: CheckOptions): Promise<HealthCheck> {
  requireDependencies("readCheck", options, ["database"]);
  return (await readCheckWithFacts(options)).check;
}
