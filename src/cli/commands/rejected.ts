import { command, configArgs, jsonArgs, usageError, wholeNumber } from "../args.ts";
import { counted, print, printJson, table } from "../output.ts";

const MAX_SHOWN = 80;

export const list = command({
  description: "List records that could not be stored",
  args: {
    limit: { type: "string", valueHint: "n", description: "At most this many records (100)" },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    const limit = wholeNumber(args.limit, "--limit", { max: 1_000_000 }) ?? 100;
    const { logger } = await context.configure(args);
    const database = await context.database();
    const { listRejected } = await import("../../operations/index.ts");
    const records = await listRejected(database, limit);
    if (args.json) {
      await printJson(context.stdout, { records });
    } else if (records.length === 0) {
      logger.info("There are no rejected records");
    } else {
      const rows = records.map((one) => [
        one.id,
        one.rejectedAt,
        one.source,
        one.innerId ?? "",
        one.changeId ?? "",
        one.reason,
        one.record.length > MAX_SHOWN ? `${one.record.slice(0, MAX_SHOWN)}…` : one.record,
      ]);
      const header = ["ID", "REJECTED", "SOURCE", "INNER ID", "CHANGE", "REASON", "RECORD"];
      await print(context.stdout, table(header, rows));
    }
    return "OK";
  },
});

export const retry = command({
  description: "Store the rejected records that are valid now",
  args: { ...jsonArgs, ...configArgs },
  run: async (args, context) => {
    const { logger } = await context.configure(args);
    const database = await context.database();
    const { retryRejected } = await import("../../updater/index.ts");
    const lock = await database.lock(["data_fetch"], context.applicationName);
    try {
      const result = await retryRejected(database, { lock, signal: context.signal });
      if (args.json) {
        await printJson(context.stdout, result);
      }
      logger.info(`Stored ${counted(result.stored, "record")}; ${result.rejected} still rejected`);
      return "OK";
    } finally {
      await lock.release();
    }
  },
});

export const dismiss = command({
  description: "Stop reporting rejected records; they stay in the table",
  args: {
    id: { type: "positional", required: false, description: "ID of one record, from rejected list" },
    all: { type: "boolean", description: "Dismiss all" },
    ...configArgs,
  },
  run: async (args, context) => {
    const id = wholeNumber(args.id, "ID", { max: 2_147_483_647 });
    if ((id === undefined) === (args.all !== true)) {
      throw usageError("rejected dismiss needs an ID from rejected list, or --all");
    }
    const { logger } = await context.configure(args);
    const database = await context.database();
    const { dismissRejected } = await import("../../operations/index.ts");
    const dismissed = await dismissRejected(database, id);
    if (dismissed === 0 && id !== undefined) {
      logger.error(`No rejected record has the ID ${id}; che168-sync rejected list shows all`);
      return "ERROR";
    }
    logger.info(`Dismissed ${counted(dismissed, "record")}`);
    return "OK";
  },
});
