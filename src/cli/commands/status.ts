import { command, configArgs, jsonArgs } from "../command.ts";
import { print, printJson } from "../output.ts";
import { statusText } from "../status-text.ts";

/** A service that does not answer keeps nobody waiting for the rest. */
const PATIENCE_MS = 5_000;

export default command({
  description: "Show counts, the position in the feed, the last runs, and what needs attention",
  args: { ...jsonArgs, ...configArgs },
  run: async (args, context) => {
    const { config, logger } = await context.configure({ configFile: args.config });
    const database = await context.database();
    const { addDays, dayOf } = await import("../../upstream/days.ts");
    const { readStatus } = await import("../../operations/status.ts");
    const today = dayOf(new Date(), config.timezone);

    const askFeedEnd = async (): Promise<number | null> => {
      const { apiKey, accessName, baseUrl } = config.upstream;
      if (apiKey === undefined || (accessName ?? baseUrl) === undefined) {
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

    const { RULES_VERSION } = await import("../../normalizer/rules-version.ts");
    const report = await readStatus({
      database,
      today,
      rulesVersion: RULES_VERSION,
      feedEnd: await askFeedEnd(),
    });
    await (args.json ? printJson(context.stdout, report) : print(context.stdout, statusText(report)));
    return "OK";
  },
});
