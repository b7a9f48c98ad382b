import { command, configArgs, oneOf } from "../args.ts";
import { databaseAccess } from "../database-access.ts";
import { print } from "../output.ts";

export default command({
  description: "Apply pending migrations (up), revert the last one (down), or list them (status)",
  args: {
    direction: {
      type: "positional",
      default: "up",
      description: "up, down or status",
      valueHint: "up|down|status",
    },
    ...configArgs,
  },
  run: async (args, context) => {
    const direction = oneOf(args.direction, "The direction", ["up", "down", "status"]);
    const { logger } = await context.configure(args);
    const { migrations } = await context.database({
      ...databaseAccess(`migrate ${direction}`),
      skipSchemaCheck: true,
    });
    if (direction === "up") {
      const applied = await migrations.up();
      logger.info(applied.length === 0 ? "The schema is up to date" : `Applied ${applied.join(", ")}`);
    } else if (direction === "down") {
      const reverted = await migrations.down();
      logger.info(reverted === undefined ? "No migration to revert" : `Reverted ${reverted}`);
    } else {
      const { executed, pending, unknown } = await migrations.status();
      const lines = [
        ...executed.map((name) => `applied  ${name}${unknown.includes(name) ? " (of a newer version)" : ""}`),
        ...pending.map((name) => `pending  ${name}`),
      ];
      await print(context.stdout, lines.join("\n"));
      if (executed.length === 0) {
        await migrations.check();
      }
    }
    return "OK";
  },
});
