import { command, configArgs } from "../command.ts";

export default command({
  description: "Take an access token away; the API refuses it within seconds",
  args: {
    token: { type: "positional", required: true, description: "The token, or its id in tokens list" },
    ...configArgs,
  },
  run: async (args, context) => {
    const { config, logger } = await context.configure({ configFile: args.config });
    const database = await context.database();
    const { createTokens } = await import("../../tokens/tokens.ts");
    if (await createTokens({ database, ...config.tokens }).revoke(args.token)) {
      logger.info("The token is revoked");
      return "OK";
    }
    logger.error("There is no such token; che168-sync tokens list shows those that there are");
    return "ERROR";
  },
});
