import { resolve } from "node:path";
import { Writable } from "node:stream";
import { command, configArgs, usageError } from "../args.ts";
import { dumpSummary } from "../summaries.ts";

export default command({
  description: "Export the whole database to one file, access tokens included; other runs may continue",
  args: {
    file: {
      type: "positional",
      required: true,
      description: "File to write, readable by its owner only; - for standard output",
    },
    ...configArgs,
  },
  run: async (args, context) => {
    const { file } = args;
    const toStdout = file === "-";
    if (toStdout && context.stdout.isTTY === true) {
      throw usageError("A dump is binary: name a file, or redirect standard output");
    }
    const { logger } = await context.configure(args);
    const database = await context.database({ skipSchemaCheck: true });
    const { createDumpFile } = await import("../../dump/index.ts");
    const { dumpDatabase } = await import("../../dump/index.ts");
    const path = resolve(context.cwd, file);
    const target = toStdout ? undefined : await createDumpFile(path);
    const view = await context.progress();
    try {
      const result = await dumpDatabase({
        database,
        output: target?.output ?? nonClosing(context.stdout),
        logger,
        signal: context.signal,
        onProgress: view.report,
      });
      await target?.commit();
      view.stop();
      for (const line of dumpSummary(result, toStdout ? "standard output" : path)) {
        logger.info(line);
      }
      return "OK";
    } catch (error) {
      await target?.discard();
      throw error;
    } finally {
      view.stop();
    }
  },
});

/** Writes to a stream without ending it. */
const nonClosing = (stream: NodeJS.WritableStream): Writable =>
  new Writable({ write: (chunk, _encoding, done) => void stream.write(chunk, done) });
