import { wholeNumber } from "../arguments.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { openNormalizer, userVocabulary } from "../normalizer.ts";
import { printJson } from "../output.ts";
import { normalizeSummary, updateSummary } from "../summaries.ts";

export default command({
  description: "Bring the copy up to date: every missed day of the feed, then normalisation",
  args: {
    "max-dates": { type: "string", valueHint: "n", description: "Do at most so many days" },
    normalize: {
      type: "boolean",
      default: true,
      description: "Normalise what has changed",
      negativeDescription: "Leave the normalisation to che168-sync normalize",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const maxDates = wholeNumber(args["max-dates"], "--max-dates");
    const configured = await context.configure({ configFile: args.config });
    const { config, logger } = configured;
    await context.upstream();
    const vocabulary = args.normalize ? await userVocabulary(configured) : undefined;
    const database = await context.database();
    const client = await context.client();
    const view = await context.progress();
    const { createUpdater } = await import("../../updater/updater.ts");
    const { runDaily } = await import("../../daily.ts");
    const updater = createUpdater({ database, client, logger, timezone: config.timezone });
    const normalizer = args.normalize ? await openNormalizer(configured, database, vocabulary) : undefined;
    const result = await runDaily({
      database,
      updater,
      normalizer,
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
      normalize: { onProgress: ({ unit, done, total }) => view.report({ unit, done, total }) },
    }).finally(() => view.stop());
    const { update, normalize } = result;
    for (const line of [...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]) {
      logger.info(line);
    }
    if (args.json) {
      await printJson(context.stdout, result);
    }
    return result.status;
  },
});
