import type { Database } from "../../database/index.ts";
import { command, configArgs, usageError } from "../args.ts";
import {
  customsApiOptions,
  dailyJob,
  openNotifier,
  openWebhooks,
  userVocabulary,
} from "../configured-jobs.ts";
import type { Configured, Context } from "../context.ts";
import { untilStopped } from "../signals.ts";
import { limitHeapGrowth } from "../v8-flags.ts";

/** Between two rounds of messages: a `daily` that never runs is noticed within the hour. */
const NOTIFY_INTERVAL_MS = 3_600_000;

export default command({
  description: "Serve the API; with --daily-at, run the daily job as well",
  args: {
    host: { type: "string", valueHint: "host", description: "Address to listen on (127.0.0.1)" },
    port: { type: "string", valueHint: "port", description: "Port to listen on (8000)" },
    "daily-at": {
      type: "string",
      valueHint: "hh:mm",
      description: "Run the daily job in this process, at this time in the configured time zone",
    },
    ...configArgs,
  },
  run: async (args, context) => {
    limitHeapGrowth();
    const { isTimeOfDay } = await import("../../daily/index.ts");
    const at = args["daily-at"];
    if (at !== undefined && !isTimeOfDay(at)) {
      throw usageError("--daily-at must be a time of day such as 03:00");
    }
    const configured = await context.configure(args, { host: args.host, port: args.port });
    const { config, logger } = configured;
    if (at !== undefined) {
      await context.upstream();
    }
    const vocabulary = await userVocabulary(configured);
    const customs = await customsApiOptions(configured);
    const { createApiHandler, createLabels, startServer } = await import("../../api/index.ts");
    const { compileVocabulary } = await import("../../listing/index.ts");
    const { createTokens } = await import("../../tokens/index.ts");
    const database = await context.database({
      use: "api",
      statementTimeoutMs: config.api.statementTimeoutMs,
      // The sender of webhooks keeps one for its lock.
      poolSize: config.webhooks.length > 0 ? 7 : undefined,
    });
    const tokens = createTokens({ database, ...config.tokens, logger });
    await tokens.load();
    context.onClose(() => tokens.close());
    const labels = createLabels(compileVocabulary(vocabulary));
    const options = {
      ...config.api,
      changes: config.events.retentionDays > 0,
      timezone: config.timezone,
      customs,
    };
    const webhooks = await openWebhooks(configured, database, context.applicationName);
    const handler = createApiHandler({ database, tokens, logger, labels, webhooks, options });
    const { host, port, trustProxy } = config.api;
    const server = await startServer({
      handler,
      host,
      port,
      // All connections come from the proxy, which limits its clients itself.
      maxConnectionsPerAddress: trustProxy ? Number.POSITIVE_INFINITY : undefined,
      logger,
    });
    context.onClose(() => server.close());
    const docs = config.api.docs ? `, with interactive documentation at ${server.url}docs` : "";
    logger.info(`The API listens at ${server.url}${docs}`);
    const sending = webhooks?.run({ signal: context.signal });
    context.onClose(() => sending);
    const worker = await workerDatabase(context, database, at !== undefined || config.notify.length > 0);
    await startNotifications(context, configured, worker);
    if (at !== undefined) {
      await startDaily(context, configured, worker, at);
    }
    await untilStopped(context.signal);
    return "OK";
  },
});

/** Sends the reasons of `status --check` now and every hour. */
async function startNotifications(
  context: Context,
  configured: Configured,
  database: Database,
): Promise<void> {
  const notifier = await openNotifier(configured, context, database);
  if (notifier !== undefined) {
    context.onClose(repeat(() => notifier.run({ signal: context.signal }), NOTIFY_INTERVAL_MS));
  }
}

/** Schedules the daily job; a run missed since the last one starts immediately. */
async function startDaily(
  context: Context,
  configured: Configured,
  database: Database,
  at: string,
): Promise<void> {
  const { scheduleDaily } = await import("../../daily/index.ts");
  const { getLastDailyRun } = await import("../../operations/index.ts");
  const { logger } = configured;
  const { timezone } = configured.config;
  const schedule = scheduleDaily({
    at,
    timezone,
    lastRun: await getLastDailyRun(database),
    logger,
    run: async () => {
      await dailyJob(context, configured, database, { withNormalizer: true });
    },
  });
  context.onClose(() => schedule.stop());
  logger.info(`The daily job runs at ${at} (${timezone}), next ${schedule.next()?.toISOString()}`);
}

/** Sessions opened for the API have a statement timeout; the embedded database has a single session. */
const workerDatabase = async (context: Context, database: Database, isNeeded: boolean): Promise<Database> =>
  isNeeded && database.engine !== "pglite" ? context.database() : database;

/** Runs work now and at intervals, one at a time. @returns stops it, and waits for work in progress */
function repeat(work: () => Promise<unknown>, intervalMs: number): () => Promise<void> {
  let running: Promise<unknown> = work();
  const timer = setInterval(() => {
    running = running.then(work);
  }, intervalMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
