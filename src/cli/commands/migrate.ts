import { oneOf } from "../args.ts";
import { command, configArgs } from "../command.ts";
import { print } from "../output.ts";

export default command({
  description: "Change the schema: up applies what is missing, down takes the last step back, status tells",
  args: {
    direction: {
      type: "positional",
      default: "up",
      description: "up, down or status",
      valueHint: "up|down|status",
    },
    ...configArgs,
  },
  run: async ({ direction, config: configFile }, context) => {
    const what = oneOf(direction, "The direction", ["up", "down", "status"]);
    const { logger } = await context.configure({ configFile });
    const { migrations } = await context.database({ skipSchemaCheck: true });
    if (what === "up") {
      const applied = await migrations.up();
      logger.info(applied.length === 0 ? "The schema is up to date" : `Applied ${applied.join(", ")}`);
    } else if (what === "down") {
      const undone = await migrations.down();
      logger.info(undone === undefined ? "There is no step to take back" : `Took back ${undone}`);
    } else {
      const { executed, pending, unknown } = await migrations.status();
      const lines = [
        ...executed.map((name) => `applied  ${name}${unknown.includes(name) ? " (of a newer version)" : ""}`),
        ...pending.map((name) => `pending  ${name}`),
      ];
      await print(context.stdout, lines.join("\n"));
    }
    return "OK";
  },
});
