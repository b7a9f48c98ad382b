import { wholeNumber } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { dailyJob } from "../daily-job.ts";
import { printJson } from "../output.ts";
import { limitSemiSpace } from "../v8-flags.ts";

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
    limitSemiSpace();
    const maxDates = wholeNumber(args["max-dates"], "--max-dates");
    const configured = await context.configure({ configFile: args.config });
    await context.upstream();
    const database = await context.database();
    const view = await context.progress();
    const result = await dailyJob(context, configured, database, {
      withNormalizer: args.normalize === true,
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
    if (args.json) {
      await printJson(context.stdout, result);
    }
    return result.status;
  },
});
