import { command, configArgs, jsonArgs, usageError, wholeNumber } from "../args.ts";
import { exportArgs, exportOpener } from "../export-file.ts";
import { reportResult } from "../output.ts";
import { loadSummary } from "../summaries.ts";
import { tuneHeapForCatalogue } from "../v8-flags.ts";

export default command({
  description: "Load the whole catalogue; resumes where it stopped, failed pages first",
  args: {
    "max-pages": { type: "string", valueHint: "n", description: "Read at most this many pages" },
    ...exportArgs,
    restart: {
      type: "boolean",
      description: "Start at page 1, or at the first row of the file; stored rows stay",
    },
    force: { type: "boolean", description: "Load a daily file that is too old or lacks columns" },
    expect: { type: "string", valueHint: "n", description: "Expected number of records, for the progress" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    tuneHeapForCatalogue(args["from-export"] === undefined ? "pages" : "file");
    const maxPages = wholeNumber(args["max-pages"], "--max-pages");
    const expect = wholeNumber(args.expect, "--expect");
    const { config, logger } = await context.configure(args);
    await context.upstream();
    const exportFile = await exportOpener(args, context);
    if (exportFile && maxPages !== undefined) {
      throw usageError("--max-pages reads the catalogue page by page, and excludes --from-export");
    }
    if (!exportFile && args.force === true) {
      throw usageError("--force belongs to --from-export");
    }
    const database = await context.database();
    const client = await context.client();
    const view = await context.progress();
    const { createLoader } = await import("../../loader/index.ts");
    const loader = createLoader({
      database,
      client,
      logger,
      maxFailedPages: config.loader.maxFailedPages,
      timezone: config.timezone,
    });
    const result = await loader
      .run({
        maxPages,
        exportFile,
        force: args.force === true,
        expect,
        restart: args.restart === true,
        signal: context.signal,
        onRetry: view.retry,
        // The load is the usual phase; only others are named.
        onProgress: ({ phase, ...event }) => view.report(phase === "load" ? event : { ...event, phase }),
      })
      .finally(() => view.stop());
    const output = { stdout: context.stdout, logger, json: args.json };
    return reportResult(output, result, loadSummary(result));
  },
});
