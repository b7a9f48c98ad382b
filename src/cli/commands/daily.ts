import { command, configArgs, jsonArgs, wholeNumber } from "../args.ts";
import { dailyJob } from "../configured-jobs.ts";
import { printJson } from "../output.ts";
import { tuneHeapForDocuments } from "../v8-flags.ts";
import { PHASES } from "./reconcile.ts";

export default command({
  description: "Process every missed day of the feed, then normalise",
  args: {
    "max-dates": { type: "string", valueHint: "n", description: "Process at most this many days" },
    normalize: {
      type: "boolean",
      default: true,
      description: "Normalise new and changed rows afterwards",
      negativeDescription: "Leave normalisation to che168-sync normalize",
    },
    repair: {
      type: "boolean",
      default: true,
      description: "Repair a gap of the feed by comparing with the catalogue",
      negativeDescription: "Only report a gap of the feed, and fail",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    tuneHeapForDocuments();
    const maxDates = wholeNumber(args["max-dates"], "--max-dates");
    const configured = await context.configure(args);
    await context.upstream();
    const database = await context.database();
    const view = await context.progress();
    const result = await dailyJob(context, configured, database, {
      withNormalizer: args.normalize === true,
      withRepair: args.repair === false ? false : undefined,
      update: {
        maxDates,
        onRetry: view.retry,
        onProgress: ({ unit, done, total, day, dayNumber, days }) => {
          const phase = unit === "changes" && days > 1 ? `${day}, day ${dayNumber} of ${days}` : undefined;
          view.report({ unit, done, total, phase });
        },
      },
      repair: {
        onRetry: view.retry,
        onProgress: ({ phase, ...event }) => view.report({ ...event, phase: PHASES[phase] }),
      },
      normalize: { onProgress: ({ unit, done, total }) => view.report({ unit, done, total }) },
      onFinished: view.stop,
    }).finally(() => view.stop());
    if (args.json) {
      await printJson(context.stdout, result);
    }
    return result.status;
  },
});
