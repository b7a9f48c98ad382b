import type { ResolvedConfig } from "../../config/index.ts";
import type { Database } from "../../database/index.ts";
import type { Scope } from "../../tokens/index.ts";
import { command, configArgs, futureTime, jsonArgs, oneOf, usageError, wholeNumber } from "../args.ts";
import { counted, print, printJson, table } from "../output.ts";

const MAX_DESCRIPTION = 200;

const openTokens = async (database: Database, config: ResolvedConfig) =>
  (await import("../../tokens/index.ts")).createTokens({ database, ...config.tokens });

/** @throws Che168Error `USAGE` */
async function scopesOf(text: string | undefined): Promise<readonly Scope[] | undefined> {
  if (text === undefined) {
    return undefined;
  }
  const { SCOPES } = await import("../../tokens/index.ts");
  return text.split(",").map((name) => oneOf(name.trim(), "--scope", SCOPES));
}

/** Enough to identify a token, too little to use it. */
const masked = (token: string) => `${token.slice(0, 4)}${"*".repeat(token.length - 4)}`;

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
    scope: {
      type: "string",
      valueHint: "read,ops",
      description: "Comma-separated: read (listings), ops (/stats, /metrics), mirror (read,ops)",
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
    const scopes = await scopesOf(args.scope);
    const { config, logger } = await context.configure(args);
    const tokens = await openTokens(await context.database(), config);
    const created = await tokens.create({ count, description, expiresAt, scopes });
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
  args: {
    show: { type: "boolean", description: "Show the tokens in full" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const { config, logger } = await context.configure(args);
    const listed = await (await openTokens(await context.database(), config)).list();
    const tokens = args.show
      ? listed
      : listed.map((one) => ({ ...one, token: one.token === null ? null : masked(one.token) }));
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
        one.scopes.join(","),
        one.description ?? "",
      ]);
      await print(
        context.stdout,
        table(["ID", "TOKEN", "CREATED", "EXPIRES", "LAST USED", "SCOPES", "DESCRIPTION"], rows),
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
