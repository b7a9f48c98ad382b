import { type DailyOptions, type DailyResult, runDaily } from "../daily/index.ts";
import type { Database } from "../database/index.ts";
import type { UserVocabulary } from "../listing/fields.ts";
import type { Normalizer } from "../normalizer/index.ts";
import type { Configured, Context } from "./context.ts";
import { normalizeSummary, updateSummary } from "./summaries.ts";

/** Reads `vocabulary.file`. Call it before any work: an invalid file is a configuration error. */
export async function userVocabulary({ config }: Configured): Promise<UserVocabulary | undefined> {
  const { file } = config.vocabulary;
  if (file === undefined) {
    return undefined;
  }
  const { readVocabulary } = await import("../config/index.ts");
  return readVocabulary(file);
}

/** The normaliser with the configured options. */
export async function openNormalizer(
  { config, logger }: Configured,
  database: Database,
  vocabulary: UserVocabulary | undefined,
): Promise<Normalizer> {
  const { createNormalizer } = await import("../normalizer/index.ts");
  const { batchSize, serveVin } = config.normalizer;
  const { timezone } = config;
  return createNormalizer({ database, logger, batchSize, serveVin, vocabulary, timezone });
}

export interface DailyJobOptions extends Pick<DailyOptions, "update" | "normalize"> {
  readonly withNormalizer: boolean;
  /** Called before the summary is logged: the last progress line comes first. */
  readonly onFinished?: (() => void) | undefined;
}

/** The daily job, as run by `daily` and by `serve --daily-at`; logs a summary. */
export async function dailyJob(
  context: Context,
  configured: Configured,
  database: Database,
  { withNormalizer, update: updateOptions, normalize: normalizeOptions, onFinished }: DailyJobOptions,
): Promise<DailyResult> {
  const { config, logger } = configured;
  const { createUpdater } = await import("../updater/index.ts");
  const vocabulary = withNormalizer ? await userVocabulary(configured) : undefined;
  const client = await context.client();
  const result = await runDaily({
    database,
    updater: createUpdater({ database, client, logger, timezone: config.timezone }),
    normalizer: withNormalizer ? await openNormalizer(configured, database, vocabulary) : undefined,
    applicationName: context.applicationName,
    signal: context.signal,
    update: updateOptions,
    normalize: normalizeOptions,
  });
  onFinished?.();
  const { update, normalize } = result;
  for (const line of [...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]) {
    logger.info(line);
  }
  return result;
}
