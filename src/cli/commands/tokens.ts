import type { ResolvedConfig } from "../../config/index.ts";
import type { Database } from "../../database/index.ts";
import { command, configArgs, futureTime, jsonArgs, usageError, wholeNumber } from "../args.ts";
import { counted, print, printJson, table } from "../output.ts";

const MAX_DESCRIPTION = 200;

const openTokens = async (database: Database, config: ResolvedConfig) =>
  (await import("../../tokens/index.ts")).createTokens({ database, ...config.tokens });

export const create = command({
  description: "Create access tokens",
  args: {
    count: { type: "string", valueHint: "n", description: "How many (1)" },
    description: { type: "string", valueHint: "text", description: "Owner or purpose" },
    expires: {
      type: "string",
      valueHint: "2027-01-01|30d",
      description: "Expiry: a day, a time, or a time span from now (12h, 30d, 8w)",
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
    const { config, logger } = await context.configure(args);
    const tokens = await openTokens(await context.database(), config);
    const created = await tokens.create({ count, description, expiresAt });
    if (args.json) {
      await printJson(context.stdout, { tokens: created });
      return "OK";
    }
    const once = config.tokens.storage === "hashed" ? ", shown only now" : "";
    const until = expiresAt === undefined ? "" : `, valid until ${expiresAt.toISOString()}`;
    logger.info(`Created ${counted(created.length, "access token")}${until}${once}:`);
    await print(context.stdout, created.map(({ token }) => token).join("\n"));
    return "OK";
  },
});

export const list = command({
  description: "List the access tokens",
  args: { ...jsonArgs, ...configArgs },
  run: async (args, context) => {
    const { config, logger } = await context.configure(args);
    const tokens = await (await openTokens(await context.database(), config)).list();
    if (args.json) {
      await printJson(context.stdout, { tokens });
    } else if (tokens.length === 0) {
      logger.info("There are no access tokens; che168-sync tokens create makes one");
    } else {
      const rows = tokens.map((one) => [
        one.id,
        one.token ?? "(hashed)",
        one.createdAt,
        one.expired ? `${one.expiresAt} (expired)` : (one.expiresAt ?? "never"),
        one.lastUsedAt ?? "never",
        one.description ?? "",
      ]);
      await print(
        context.stdout,
        table(["ID", "TOKEN", "CREATED", "EXPIRES", "LAST USED", "DESCRIPTION"], rows),
      );
    }
    return "OK";
  },
});

export const revoke = command({
  description: "Revoke an access token; the API rejects it within seconds",
  args: {
    token: { type: "positional", required: true, description: "The token, or its ID from tokens list" },
    ...configArgs,
  },
  run: async (args, context) => {
    const { config, logger } = await context.configure(args);
    const tokens = await openTokens(await context.database(), config);
    if (await tokens.revoke(args.token)) {
      logger.info("The token is revoked");
      return "OK";
    }
    logger.error("Unknown token; che168-sync tokens list shows all tokens");
    return "ERROR";
  },
});
