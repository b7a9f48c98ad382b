import { type DailyOptions, type DailyResult, runDaily } from "../daily/run-daily.ts";
import type { Database } from "../database/index.ts";
import type { Configured, Context } from "./context.ts";
import { openNormalizer, userVocabulary } from "./normalizer.ts";
import { normalizeSummary, updateSummary } from "./summaries.ts";

/** The daily job as `daily` runs it from cron and `serve --daily-at` by itself; logs what it reached. */
export async function dailyJob(
  context: Context,
  configured: Configured,
  database: Database,
  options: Pick<DailyOptions, "update" | "normalize"> & { withNormalizer: boolean },
): Promise<DailyResult> {
  const { config, logger } = configured;
  const { createUpdater } = await import("../updater/updater.ts");
  const vocabulary = options.withNormalizer ? await userVocabulary(configured) : undefined;
  const client = await context.client();
  const result = await runDaily({
    database,
    updater: createUpdater({ database, client, logger, timezone: config.timezone }),
    normalizer: options.withNormalizer ? await openNormalizer(configured, database, vocabulary) : undefined,
    applicationName: context.applicationName,
    signal: context.signal,
    update: options.update,
    normalize: options.normalize,
  });
  const { update, normalize } = result;
  for (const line of [...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]) {
    logger.info(line);
  }
  return result;
}
