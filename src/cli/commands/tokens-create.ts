import { futureTime, usageError, wholeNumber } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { counted, print, printJson } from "../output.ts";

const MAX_DESCRIPTION = 200;

export default command({
  description: "Make access tokens",
  args: {
    count: { type: "string", valueHint: "n", description: "How many (1)" },
    description: { type: "string", valueHint: "text", description: "For whom or what" },
    expires: {
      type: "string",
      valueHint: "2027-01-01|30d",
      description: "When they end: a day, a time, or a span from now (12h, 30d, 8w)",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const count = wholeNumber(args.count, "--count", { max: 1_000 });
    const expiresAt = futureTime(args.expires, "--expires", new Date());
    const { description } = args;
    if (description !== undefined && (description.length > MAX_DESCRIPTION || /\p{Cc}/u.test(description))) {
      throw usageError(`--description must be at most ${MAX_DESCRIPTION} characters on one line`);
    }
    const { config, logger } = await context.configure({ configFile: args.config });
    const database = await context.database();
    const { createTokens } = await import("../../tokens/tokens.ts");
    const created = await createTokens({ database, ...config.tokens }).create({
      count,
      description,
      expiresAt,
    });
    if (args.json) {
      await printJson(context.stdout, { tokens: created });
      return "OK";
    }
    const once = config.tokens.storage === "hashed" ? ", shown this once" : "";
    const until = expiresAt === undefined ? "" : `, valid until ${expiresAt.toISOString()}`;
    logger.info(`Made ${counted(created.length, "access token")}${until}${once}:`);
    await print(context.stdout, created.map(({ token }) => token).join("\n"));
    return "OK";
  },
});
