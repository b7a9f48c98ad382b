import { resolve } from "node:path";
import { Writable } from "node:stream";
import { usageError } from "../args.ts";
import { command, configArgs } from "../command.ts";
import { dumpSummary } from "../summaries.ts";

export default command({
  description: "Write the whole database into one file, access tokens included; runs may go on meanwhile",
  args: {
    file: {
      type: "positional",
      required: true,
      description: "The file to write, readable by its owner only; - for standard output",
    },
    ...configArgs,
  },
  run: async ({ file, config: configFile }, context) => {
    const toStdout = file === "-";
    if (toStdout && context.stdout.isTTY === true) {
      throw usageError("A dump is no text for a terminal: name a file, or send it on with a pipe");
    }
    const { logger } = await context.configure({ configFile });
    const database = await context.database({ skipSchemaCheck: true });
    const { createDumpFile } = await import("../../dump/index.ts");
    const { dumpDatabase } = await import("../../dump/index.ts");
    const path = resolve(context.cwd, file);
    const target = toStdout ? undefined : await createDumpFile(path);
    const view = await context.progress();
    try {
      const result = await dumpDatabase({
        database,
        output: target?.output ?? passedOn(context.stdout),
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

/** Writes to a stream that stays open. */
const passedOn = (stream: NodeJS.WritableStream): Writable =>
  new Writable({ write: (chunk, _encoding, done) => void stream.write(chunk, done) });
