import { wholeNumber } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { printJson } from "../output.ts";
import { loadSummary } from "../summaries.ts";
import { tuneHeapForPages } from "../v8-flags.ts";

export default command({
  description: "Load the whole catalogue; goes on where it stopped, and reads pages again that failed",
  args: {
    "max-pages": { type: "string", valueHint: "n", description: "Read at most so many pages" },
    restart: { type: "boolean", description: "Begin at page 1; what is stored stays" },
    verify: {
      type: "boolean",
      description: "Walk the catalogue once more, and store what moved past the first walk",
    },
    expect: { type: "string", valueHint: "n", description: "Records to expect, for the progress" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    tuneHeapForPages();
    const maxPages = wholeNumber(args["max-pages"], "--max-pages");
    const expect = wholeNumber(args.expect, "--expect");
    const { config, logger } = await context.configure({ configFile: args.config });
    await context.upstream();
    const database = await context.database();
    const client = await context.client();
    const view = await context.progress();
    const { createLoader } = await import("../../loader/loader.ts");
    const loader = createLoader({
      database,
      client,
      logger,
      maxFailedPages: config.loader.maxFailedPages,
      timezone: config.timezone,
    });
    try {
      const result = await loader.run({
        maxPages,
        expect,
        restart: args.restart === true,
        verify: args.verify === true,
        signal: context.signal,
        onRetry: view.retry,
        // The load itself is what everyone expects; the other parts are named.
        onProgress: ({ phase, ...event }) => view.report(phase === "load" ? event : { ...event, phase }),
      });
      view.stop();
      for (const line of loadSummary(result)) {
        logger.info(line);
      }
      if (args.json) {
        await printJson(context.stdout, result);
      }
      return result.status;
    } finally {
      view.stop();
    }
  },
});
