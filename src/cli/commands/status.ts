import type { ResolvedConfig } from "../../config/index.ts";
import type { Logger } from "../../logging/types.ts";
import type { StatusIssue } from "../../operations/index.ts";
import { errorMessage } from "../../util/error-message.ts";
import type { WebhookStatus } from "../../webhooks/index.ts";
import { command, configArgs, jsonArgs, span } from "../args.ts";
import { customsApiOptions, openWebhooks } from "../configured-jobs.ts";
import type { Context } from "../context.ts";
import { print, printJson } from "../output.ts";

/** A slow service must not delay the rest of the report. */
const FEED_END_TIMEOUT_MS = 5_000;

export default command({
  description: "Show counts, feed position, recent runs, and what needs attention",
  args: {
    check: {
      type: "boolean",
      description: "For monitors: exit 1 with each reason and its remedy",
    },
    "max-age": {
      type: "string",
      valueHint: "26h",
      description: "Maximum age of the newest change (26h): 90m, 26h, 2d",
    },
    "max-silence": {
      type: "string",
      valueHint: "36h",
      description: "Maximum time without a new change while daily succeeds (36h)",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const maxAgeMs = span(args["max-age"], "--max-age");
    const maxSilenceMs = span(args["max-silence"], "--max-silence");
    const configured = await context.configure(args);
    const { config, logger } = configured;
    const customs = await customsApiOptions(configured);
    const { createTariffCheck } = await import("../../customs/index.ts");
    const database = await context.database();
    const { dayOf } = await import("../../util/days.ts");
    const { getStatus, readCheck } = await import("../../operations/index.ts");
    const now = new Date();
    const today = dayOf(now, config.timezone);
    const check = await readCheck({
      database,
      maxAgeMs,
      maxSilenceMs,
      timezone: config.timezone,
      expiringTariffs: createTariffCheck(customs),
      now,
    });
    const report = await getStatus({
      database,
      timezone: config.timezone,
      // A monitor polls often, and only the copy concerns it.
      feedEnd: args.check ? null : await readFeedEnd(context, config, logger, today),
    });
    const { createTokens, storageProblems } = await import("../../tokens/index.ts");
    const tokens = await createTokens({ database, ...config.tokens }).storageState();
    for (const problem of storageProblems(tokens, config.tokens)) {
      logger.warn(problem);
    }
    const webhooks = await openWebhooks(configured, database, context.applicationName);
    const issues = disabledWebhooks((await webhooks?.status()) ?? []);
    const full = { ...report, attention: [...report.attention, ...issues] };
    const { statusText } = await import("../status-text.ts");
    await (args.json
      ? printJson(context.stdout, { ...full, check })
      : print(context.stdout, statusText(full, check, { isCheck: args.check === true, now })));
    return args.check && !check.ok ? "ERROR" : "OK";
  },
});

/** Endpoints that receive nothing any more. Pure. */
const disabledWebhooks = (endpoints: readonly WebhookStatus[]): StatusIssue[] =>
  endpoints
    .filter(({ state }) => state === "disabled")
    .map(({ url, disabledAt, lastError, lag }) => ({
      code: "webhook_disabled",
      message: `Webhook ${url} has been disabled since ${disabledAt} (${lastError}); up to ${lag} events wait.`,
      remedy: `Repair the receiver, then che168-sync webhooks --retry ${url}`,
    }));

/** The id of the next change that the service will have; null without an account or without a response. */
async function readFeedEnd(
  context: Context,
  { upstream: { apiKey, timeoutMs } }: ResolvedConfig,
  logger: Logger,
  today: string,
): Promise<number | null> {
  if (apiKey === undefined) {
    return null;
  }
  const { addDays } = await import("../../util/days.ts");
  try {
    const client = await context.client({
      timeoutMs: Math.min(FEED_END_TIMEOUT_MS, timeoutMs),
      retry: { attempts: 1 },
    });
    return await client.changeId(addDays(today, 1), { signal: context.signal });
  } catch (error) {
    context.signal.throwIfAborted();
    logger.warn(`The end of the feed is unknown: ${errorMessage(error)}`);
    return null;
  }
}
