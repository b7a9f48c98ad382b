import { command, configArgs, usageError } from "../args.ts";
import { dailyJob, tariffsExpiredOn, userVocabulary } from "../configured-jobs.ts";
import { untilStopped } from "../signals.ts";

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
    const { createApiHandler, createLabels, startServer } = await import("../../api/index.ts");
    const { compileVocabulary } = await import("../../listing/index.ts");
    const { createTokens } = await import("../../tokens/index.ts");
    const database = await context.database({ use: "api" });
    const tokens = createTokens({ database, ...config.tokens, logger });
    await tokens.load();
    context.onClose(() => tokens.close());
    const labels = createLabels(compileVocabulary(vocabulary));
    const options = {
      ...config.api,
      timezone: config.timezone,
      tariffsExpiredOn: tariffsExpiredOn(config),
    };
    const handler = createApiHandler({ database, tokens, logger, labels, options });
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
    if (at !== undefined) {
      // Sessions opened for the API have a statement timeout; the embedded database has a single session.
      const worker = database.engine === "pglite" ? database : await context.database();
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
