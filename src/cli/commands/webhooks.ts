import { mustBe } from "../../util/must-be.ts";
import { command, configArgs, jsonArgs, usageError } from "../args.ts";
import { openWebhooks } from "../configured-jobs.ts";
import { formatCount, print, printJson, table } from "../output.ts";

export default command({
  description: "Show the webhooks with position, lag and last error",
  args: {
    retry: {
      type: "string",
      valueHint: "url",
      description: "Enable this endpoint again, and send to it immediately",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const configured = await context.configure(args);
    const { logger } = configured;
    const database = await context.database();
    const webhooks = await openWebhooks(configured, database, context.applicationName);
    const { retry } = args;
    const { events, webhooks: configuredEndpoints } = configured.config;
    if (configuredEndpoints.length > 0 && events.retentionDays === 0) {
      logger.warn("Webhooks are off, because events.retentionDays is 0: there are no events to send");
    }
    if (retry !== undefined) {
      if (!(await webhooks?.retry(retry))) {
        throw usageError(
          `--retry ${mustBe("the address of a configured webhook", retry)}; che168-sync webhooks lists them`,
        );
      }
      logger.info("The endpoint is enabled; serve, or the next daily, sends to it");
    }
    const endpoints = (await webhooks?.status()) ?? [];
    if (args.json) {
      await printJson(context.stdout, { endpoints });
    } else if (endpoints.length === 0) {
      logger.info("No webhooks are configured");
    } else {
      const rows = endpoints.map((one) => [
        one.url,
        one.state,
        one.position,
        formatCount(one.lag),
        one.failures,
        one.deliveredAt,
        one.lastError,
      ]);
      const header = ["URL", "STATE", "POSITION", "LAG", "FAILURES", "DELIVERED", "LAST ERROR"];
      await print(context.stdout, table(header, rows));
    }
    return "OK";
  },
});
