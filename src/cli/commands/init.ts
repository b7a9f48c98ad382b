import { command, configArgs } from "../args.ts";
import { counted, print } from "../output.ts";

const TOKENS = 20;

export default command({
  description: `Create the database schema, and ${TOKENS} access tokens if there are none`,
  args: configArgs,
  run: async (args, context) => {
    const { config, logger } = await context.configure(args);
    const database = await context.database({ autoMigrate: true });
    const { createTokens } = await import("../../tokens/index.ts");
    const tokens = createTokens({ database, ...config.tokens, logger });
    const created = await tokens.createIfNone({ count: TOKENS, description: "made by init" });
    logger.info(`The database ${database.description} is ready`);
    if (created.length === 0) {
      const existing = (await tokens.list()).length;
      logger.info(
        `${counted(existing, "access token")} exist already; che168-sync tokens list --show prints them`,
      );
      return "OK";
    }
    const once = config.tokens.storage === "hashed" ? ", shown only now" : "";
    logger.info(`Created ${counted(created.length, "access token")}${once}:`);
    await print(context.stdout, created.map(({ token }) => token).join("\n"));
    return "OK";
  },
});
