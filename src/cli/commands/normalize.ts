import { command, configArgs, jsonArgs, wholeNumber } from "../args.ts";
import { openNormalizer, userVocabulary } from "../configured-jobs.ts";
import { reportResult } from "../output.ts";
import { normalizeSummary } from "../summaries.ts";
import { tuneHeapForDocuments } from "../v8-flags.ts";

export default command({
  description: "Normalise new and changed rows into canonical listings",
  args: {
    "batch-size": { type: "string", valueHint: "n", description: "Rows per transaction" },
    limit: { type: "string", valueHint: "n", description: "Normalise at most this many rows" },
    all: {
      type: "boolean",
      description: "Normalise all rows again; if interrupted, the next normalize continues",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    tuneHeapForDocuments();
    const limit = wholeNumber(args.limit, "--limit");
    const configured = await context.configure(args, { "batch-size": args["batch-size"] });
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
    const output = { stdout: context.stdout, logger: configured.logger, json: args.json };
    return reportResult(output, result, normalizeSummary(result));
  },
});
