import { hostname } from "node:os";
import { ConfigError } from "../../errors.ts";
import { command, configArgs, usageError } from "../args.ts";
import { print, table } from "../output.ts";

export default command({
  description: "Send a test message to every target of notify",
  args: {
    test: { type: "boolean", description: "Send the test message" },
    ...configArgs,
  },
  run: async (args, context) => {
    if (args.test !== true) {
      throw usageError("notify needs --test; other messages are sent by daily and serve");
    }
    const { config } = await context.configure(args);
    if (config.notify.length === 0) {
      const message = 'has no target; add { type: "webhook", url } or { type: "telegram", token, chatId }';
      throw new ConfigError([{ key: "notify", message }]);
    }
    const { sendTestMessages } = await import("../../notifier/index.ts");
    const { notify: targets, timezone } = config;
    const results = await sendTestMessages(
      { targets, timezone, source: hostname(), proxyEnv: context.env },
      context.signal,
    );
    await print(
      context.stdout,
      table(
        ["TARGET", "RESULT"],
        results.map(({ target, error }) => [target, error === null ? "accepted" : `failed: ${error}`]),
      ),
    );
    return results.every(({ error }) => error === null) ? "OK" : "ERROR";
  },
});
