import type { CustomsApiOptions } from "../api/index.ts";
import { type DailyOptions, type DailyResult, runDaily } from "../daily/index.ts";
import type { Database } from "../database/index.ts";
import type { UserVocabulary } from "../listing/fields.ts";
import type { Normalizer } from "../normalizer/index.ts";
import type { Notifier } from "../notifier/index.ts";
import type { Reconciler } from "../reconciler/index.ts";
import type { Client } from "../upstream/index.ts";
import type { Webhooks } from "../webhooks/index.ts";
import type { Configured, Context } from "./context.ts";
import { newestFile } from "./export-file.ts";
import { normalizeSummary, reconcileSummary, updateSummary } from "./summaries.ts";

/** Reads `vocabulary.file`. Call it before any work: an invalid file is a configuration error. */
export async function userVocabulary({ config }: Configured): Promise<UserVocabulary | undefined> {
  const { file } = config.vocabulary;
  if (file === undefined) {
    return undefined;
  }
  const { readVocabulary } = await import("../config/index.ts");
  return readVocabulary(file);
}

/** The section `customs` with its files read. An invalid file is a configuration error. */
export async function customsApiOptions({ config }: Configured): Promise<CustomsApiOptions> {
  const { readTariffs } = await import("../config/index.ts");
  return { ...config.customs, tariffs: await readTariffs(config.customs.tariffs) };
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
  const events = config.events.retentionDays > 0;
  return createNormalizer({ database, logger, batchSize, serveVin, vocabulary, timezone, events });
}

/** The configured webhooks; undefined without endpoints, and without events. */
export async function openWebhooks(
  { config, logger }: Configured,
  database: Database,
  applicationName: string,
): Promise<Webhooks | undefined> {
  const endpoints = config.webhooks;
  if (endpoints.length === 0 || config.events.retentionDays === 0) {
    return undefined;
  }
  const { createWebhooks } = await import("../webhooks/index.ts");
  return createWebhooks({ database, endpoints, applicationName, logger });
}

/** The reconciler with the configured options. */
export async function openReconciler(
  context: Context,
  { config, logger }: Configured,
  database: Database,
  client: Client,
): Promise<Reconciler> {
  const { createReconciler } = await import("../reconciler/index.ts");
  return createReconciler({
    database,
    client,
    logger,
    maxEndedShare: config.reconcile.maxEndedShare,
    maxFailedPages: config.loader.maxFailedPages,
    timezone: config.timezone,
    exportFile: await newestFile(context),
  });
}

/** The notifier with the configured targets; undefined without any. */
export async function openNotifier(
  configured: Configured,
  context: Pick<Context, "env">,
  database: Database,
): Promise<Notifier | undefined> {
  const { config, logger } = configured;
  if (config.notify.length === 0) {
    return undefined;
  }
  const { createTariffCheck } = await import("../customs/index.ts");
  const { createNotifier } = await import("../notifier/index.ts");
  return createNotifier({
    database,
    targets: config.notify,
    logger,
    timezone: config.timezone,
    expiringTariffs: createTariffCheck(await customsApiOptions(configured)),
    proxyEnv: context.env,
  });
}

export interface DailyJobOptions extends Pick<DailyOptions, "update" | "repair" | "normalize"> {
  readonly withNormalizer: boolean;
  /** Whether a gap of the feed is repaired. @default `updater.repairGaps` */
  readonly withRepair?: boolean | undefined;
  /** Called before the summary is logged: the last progress line comes first. */
  readonly onFinished?: (() => void) | undefined;
}

/**
 * The daily job, as run by `daily` and by `serve --daily-at`; logs a summary. Afterwards, also after a failure, the
 * reasons of `status --check` are sent to the targets of `notify`.
 */
export async function dailyJob(
  context: Context,
  configured: Configured,
  database: Database,
  options: DailyJobOptions,
): Promise<DailyResult> {
  // Opened first: an invalid file of it must not replace the error of a run.
  const notifier = await openNotifier(configured, context, database);
  try {
    return await runDailyJob(context, configured, database, options);
  } finally {
    if (!context.signal.aborted) {
      await notifier?.run({ signal: context.signal });
    }
  }
}

async function runDailyJob(
  context: Context,
  configured: Configured,
  database: Database,
  options: DailyJobOptions,
): Promise<DailyResult> {
  const { config, logger } = configured;
  const { withNormalizer, withRepair = config.updater.repairGaps } = options;
  const { createUpdater } = await import("../updater/index.ts");
  const vocabulary = withNormalizer ? await userVocabulary(configured) : undefined;
  const client = await context.client();
  const result = await runDaily({
    database,
    updater: createUpdater({
      database,
      client,
      logger,
      timezone: config.timezone,
      gapTolerance: config.updater.gapTolerance,
    }),
    reconciler: withRepair ? await openReconciler(context, configured, database, client) : undefined,
    normalizer: withNormalizer ? await openNormalizer(configured, database, vocabulary) : undefined,
    eventRetentionDays: config.events.retentionDays,
    webhooks: await openWebhooks(configured, database, context.applicationName),
    applicationName: context.applicationName,
    signal: context.signal,
    update: options.update,
    repair: options.repair,
    normalize: options.normalize,
  });
  options.onFinished?.();
  const { update, repair, normalize } = result;
  for (const line of [
    ...updateSummary(update),
    ...(repair ? reconcileSummary(repair) : []),
    ...(normalize ? normalizeSummary(normalize) : []),
  ]) {
    logger.info(line);
  }
  return result;
}
