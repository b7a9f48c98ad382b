import { wholeNumber } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { userVocabulary } from "../normalizer.ts";
import { print, printJson, table } from "../output.ts";

export default command({
  description: "List the values in the data that no vocabulary knows, most frequent first",
  args: {
    field: {
      type: "string",
      valueHint: "name",
      description: "Only of this field, e.g. color, marks, options",
    },
    limit: { type: "string", valueHint: "n", description: "At most so many values (100)" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const limit = wholeNumber(args.limit, "--limit");
    const configured = await context.configure({ configFile: args.config });
    const vocabulary = await userVocabulary(configured);
    const database = await context.database();
    const { findUnknownValues } = await import("../../normalizer/index.ts");
    const values = await findUnknownValues(database, { vocabulary, field: args.field, limit });
    if (args.json) {
      await printJson(context.stdout, { values });
      return "OK";
    }
    if (values.length === 0) {
      configured.logger.info("Every value in the data is known to a vocabulary");
      return "OK";
    }
    const rows = values.map((one) => [
      one.count,
      one.field,
      one.mark === undefined ? one.value : `${one.mark} / ${one.value}`,
      one.examples.join(", "),
    ]);
    await print(context.stdout, table(["LISTINGS", "FIELD", "VALUE", "FOR EXAMPLE"], rows));
    configured.logger.info(
      "Add what you know to the file that vocabulary.file names in the configuration, then run che168-sync normalize --all",
    );
    return "OK";
  },
});
