import { command, configArgs, jsonArgs } from "../command.ts";
import { print, printJson, table } from "../output.ts";

export default command({
  description: "Show the access tokens",
  args: { ...jsonArgs, ...configArgs },
  run: async (args, context) => {
    const { config, logger } = await context.configure({ configFile: args.config });
    const database = await context.database();
    const { createTokens } = await import("../../tokens/tokens.ts");
    const tokens = await createTokens({ database, ...config.tokens }).list();
    if (args.json) {
      await printJson(context.stdout, { tokens });
    } else if (tokens.length === 0) {
      logger.info("There are no access tokens; che168-sync tokens create makes some");
    } else {
      const rows = tokens.map((one) => [
        one.id,
        one.token ?? "(hashed)",
        one.createdAt,
        one.expired ? `${one.expiresAt} (over)` : (one.expiresAt ?? "never"),
        one.lastUsedAt ?? "never",
        one.description ?? "",
      ]);
      await print(
        context.stdout,
        table(["ID", "TOKEN", "MADE", "EXPIRES", "LAST USED", "DESCRIPTION"], rows),
      );
    }
    return "OK";
  },
});
