import { span } from "../args.ts";
import { command, configArgs, jsonArgs } from "../command.ts";
import { print, printJson } from "../output.ts";
import { statusText } from "../status-text.ts";

/** A service that does not answer keeps nobody waiting for the rest. */
const PATIENCE_MS = 5_000;

export default command({
  description: "Show counts, the position in the feed, the last runs, and what needs attention",
  args: {
    check: {
      type: "boolean",
      description: "For monitors: exit 1 when the last run failed, the data is too old or rows are stuck",
    },
    "max-age": {
      type: "string",
      valueHint: "26h",
      description: "How old the data may be (26h): 90m, 26h, 2d",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const maxAgeMs = span(args["max-age"], "--max-age");
    const { config, logger } = await context.configure({ configFile: args.config });
    const database = await context.database();
    const { addDays, dayOf } = await import("../../util/days.ts");
    const { getStatus } = await import("../../operations/status/facts.ts");
    const today = dayOf(new Date(), config.timezone);

    const askFeedEnd = async (): Promise<number | null> => {
      const { apiKey, accessName, baseUrl } = config.upstream;
      // A monitor asks often, and is asked about the copy.
      if (args.check || apiKey === undefined || (accessName ?? baseUrl) === undefined) {
        return null;
      }
      try {
        const client = await context.client({
          timeoutMs: Math.min(PATIENCE_MS, config.upstream.timeoutMs),
          retry: { attempts: 0 },
        });
        return await client.changeId(addDays(today, 1), { signal: context.signal });
      } catch (error) {
        context.signal.throwIfAborted();
        logger.warn(
          `The service does not say how far its feed is: ${error instanceof Error ? error.message : error}`,
        );
        return null;
      }
    };

    const { RULES_VERSION } = await import("../../listing/fields.ts");
    const { readCheck } = await import("../../operations/status/health.ts");
    const check = await readCheck({ database, maxAgeMs });
    const report = await getStatus({
      database,
      today,
      rulesVersion: RULES_VERSION,
      feedEnd: await askFeedEnd(),
    });
    await (args.json
      ? printJson(context.stdout, { ...report, check })
      : print(context.stdout, statusText(report, args.check ? check : undefined)));
    return args.check && !check.ok ? "ERROR" : "OK";
  },
});
