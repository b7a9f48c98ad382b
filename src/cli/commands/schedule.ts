import { resolve } from "node:path";
import { command, configArgs, usageError } from "../args.ts";
import { openInputFile } from "../input-file.ts";
import { untilStopped } from "../signals.ts";

export default command({
  description: "Run the jobs of a crontab and log their results: cron for containers",
  args: {
    crontab: {
      type: "positional",
      required: true,
      description: "File with lines such as 30 3 * * * che168-sync daily, and CRON_TZ=Europe/Moscow",
    },
    ...configArgs,
  },
  run: async (args, context) => {
    const path = resolve(context.cwd, args.crontab);
    const handle = await openInputFile(
      path,
      "name a crontab with lines such as 30 3 * * * che168-sync daily",
    );
    const text = await handle.readFile("utf8").finally(() => handle.close());
    const { parseCrontab } = await import("../crontab/parse-crontab.ts");
    const crontab = parseCrontab(text);
    if ("problems" in crontab) {
      throw usageError(crontab.problems.map((problem) => `${path}, ${problem}`).join("\n"));
    }
    const { config, logger } = await context.configure(args);
    logger.startFiles();
    const { startJobs } = await import("../crontab/run-crontab.ts");
    const { cwd, env, signal } = context;
    const timezone = crontab.timezone ?? config.timezone;
    const jobs = startJobs({ crontab, timezone, cwd, env, logger });
    for (const { job, at } of jobs.next()) {
      logger.info(`${job.command} runs at ${job.when} (${timezone}), next ${at?.toISOString() ?? "never"}`);
    }
    await untilStopped(signal);
    await jobs.stop((signal.reason as { signal?: NodeJS.Signals }).signal);
    return "OK";
  },
});
