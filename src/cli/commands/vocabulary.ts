import { command, configArgs, jsonArgs, wholeNumber } from "../args.ts";
import { userVocabulary } from "../configured-jobs.ts";
import { print, printJson, table } from "../output.ts";

export default command({
  description: "List values in the data that no vocabulary contains, most frequent first",
  args: {
    field: {
      type: "string",
      valueHint: "name",
      description: "Only this field, e.g. color, marks, options",
    },
    limit: { type: "string", valueHint: "n", description: "Maximum number of values (100)" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const limit = wholeNumber(args.limit, "--limit");
    const configured = await context.configure(args);
    const vocabulary = await userVocabulary(configured);
    const database = await context.database();
    const { findUnknownValues } = await import("../../normalizer/index.ts");
    const values = await findUnknownValues(database, { vocabulary, field: args.field, limit });
    if (args.json) {
      await printJson(context.stdout, { values });
      return "OK";
    }
    if (values.length === 0) {
      configured.logger.info("Every value in the data is in a vocabulary");
      return "OK";
    }
    const rows = values.map((one) => [
      one.count,
      one.field,
      one.mark === undefined ? one.value : `${one.mark} / ${one.value}`,
      one.examples.join(", "),
    ]);
    await print(context.stdout, table(["LISTINGS", "FIELD", "VALUE", "EXAMPLES"], rows));
    configured.logger.info(
      "Add the values you know to the file named by vocabulary.file, then run che168-sync normalize --all",
    );
    return "OK";
  },
});
