import { wholeNumber } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { openNormalizer, userVocabulary } from "../normalizer.ts";
import { printJson } from "../output.ts";
import { normalizeSummary } from "../summaries.ts";
import { limitSemiSpace } from "../v8-flags.ts";

export default command({
  description: "Make canonical listings of what is new or changed",
  args: {
    "batch-size": { type: "string", valueHint: "n", description: "Rows in one transaction" },
    limit: { type: "string", valueHint: "n", description: "Do at most so many rows" },
    all: { type: "boolean", description: "Do everything again, not only what is unprocessed" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    limitSemiSpace();
    const limit = wholeNumber(args.limit, "--limit");
    const configured = await context.configure({
      configFile: args.config,
      flags: { "batch-size": args["batch-size"] },
    });
    const vocabulary = await userVocabulary(configured);
    const database = await context.database();
    const normalizer = await openNormalizer(configured, database, vocabulary);
    const view = await context.progress();
    const result = await normalizer
      .run({
        all: args.all === true,
        limit,
        signal: context.signal,
        onProgress: ({ unit, done, total }) => view.report({ unit, done, total }),
      })
      .finally(() => view.stop());
    for (const line of normalizeSummary(result)) {
      configured.logger.info(line);
    }
    if (args.json) {
      await printJson(context.stdout, result);
    }
    return result.status;
  },
});
