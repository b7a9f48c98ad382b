import type { Database } from "../../database/index.ts";
import { command, configArgs, usageError } from "../args.ts";
import { customsOptions, dailyJob, openNotifier, openWebhooks, userVocabulary } from "../configured-jobs.ts";
import type { Context } from "../context.ts";
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
    const { isTimeOfDay, scheduleDaily } = await import("../../daily/index.ts");
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
    const customs = await customsOptions(configured);
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
    const notifier = await openNotifier(configured, context, worker);
    if (notifier !== undefined) {
      const stop = repeat(() => notifier.run({ signal: context.signal }), NOTIFY_INTERVAL_MS);
      context.onClose(stop);
    }
    if (at !== undefined) {
      const { getLastDailyRun } = await import("../../operations/index.ts");
      const schedule = scheduleDaily({
        at,
        timezone: config.timezone,
        lastRun: await getLastDailyRun(worker),
        logger,
        run: async () => {
          await dailyJob(context, configured, worker, { withNormalizer: true });
        },
      });
      context.onClose(() => schedule.stop());
      logger.info(`The daily job runs at ${at} (${config.timezone}), next ${schedule.next()?.toISOString()}`);
    }
    await untilStopped(context.signal);
    return "OK";
  },
});

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
