import { wholeNumber } from "../arguments.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { printJson } from "../output.ts";
import { updateSummary } from "../summaries.ts";

export default command({
  description: "Bring the copy up to date: every missed day of the feed",
  args: {
    "max-dates": { type: "string", valueHint: "n", description: "Do at most so many days" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const maxDates = wholeNumber(args["max-dates"], "--max-dates");
    const { config, logger } = await context.configure({ configFile: args.config });
    await context.upstream();
    const database = await context.database();
    const client = await context.client();
    const view = await context.progress();
    const { createUpdater } = await import("../../updater/updater.ts");
    const { runDaily } = await import("../../daily.ts");
    const updater = createUpdater({ database, client, logger, timezone: config.timezone });
    const result = await runDaily({
      database,
      updater,
      purpose: context.purpose,
      signal: context.signal,
      update: {
        maxDates,
        onRetry: view.retry,
        onProgress: ({ unit, done, total, day, dayNumber, days }) =>
          view.report({
            unit,
            done,
            total,
            ...(unit === "changes" && days > 1 ? { phase: `${day}, day ${dayNumber} of ${days}` } : {}),
          }),
      },
    }).finally(() => view.stop());
    for (const line of updateSummary(result.update)) {
      logger.info(line);
    }
    if (args.json) {
      await printJson(context.stdout, result);
    }
    return result.status;
  },
});
