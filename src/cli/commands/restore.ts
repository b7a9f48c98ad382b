import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { usageError } from "../args.ts";
import { command, configArgs } from "../command.ts";
import { restoreSummary } from "../summaries.ts";

export default command({
  description: "Fill the database from a dump, whichever engine it was made from; all of it or nothing",
  args: {
    file: { type: "positional", required: true, description: "The file to read; - for standard input" },
    force: { type: "boolean", description: "Replace what the database holds" },
    ...configArgs,
  },
  run: async ({ file, force, config: configFile }, context) => {
    const { logger } = await context.configure({ configFile });
    const fromStdin = file === "-";
    const path = resolve(context.cwd, file);
    const input = fromStdin ? context.stdin() : (await openFile(path)).createReadStream();
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

async function openFile(path: string) {
  try {
    const handle = await open(path);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw usageError(`${path} is a directory`);
    }
    return handle;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw usageError(`There is no file ${path}`);
    }
    throw error;
  }
}
