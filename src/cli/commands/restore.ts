import { resolve } from "node:path";
import { command, configArgs } from "../args.ts";
import { openInputFile } from "../input-file.ts";
import { restoreSummary } from "../summaries.ts";

export default command({
  description: "Import a dump of either engine, in one transaction",
  args: {
    file: { type: "positional", required: true, description: "File to read; - for standard input" },
    force: { type: "boolean", description: "Replace the rows of a database that is not empty" },
    ...configArgs,
  },
  run: async (args, context) => {
    const { file, force } = args;
    const { logger } = await context.configure(args);
    const fromStdin = file === "-";
    const path = resolve(context.cwd, file);
    const input = fromStdin
      ? context.stdin()
      : (await openInputFile(path, "name a file that dump has written")).createReadStream();
    const database = await context.database({ skipSchemaCheck: true });
    const { restoreDatabase } = await import("../../dump/index.ts");
    const view = await context.progress();
    try {
      const result = await restoreDatabase({
        database,
        input,
        name: fromStdin ? "on standard input" : path,
        force: force === true,
        applicationName: context.applicationName,
        logger,
        signal: context.signal,
        onProgress: view.report,
      });
      view.stop();
      for (const line of restoreSummary(result, database.description)) {
        logger.info(line);
      }
      return "OK";
    } finally {
      view.stop();
    }
  },
});
