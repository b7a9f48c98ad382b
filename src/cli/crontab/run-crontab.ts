import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Cron } from "croner";
import type { Logger } from "../../logging/types.ts";
import { duration } from "../progress/progress.ts";
import type { Crontab, CrontabJob } from "./parse-crontab.ts";

export interface JobsOptions {
  readonly crontab: Crontab;
  /** Time zone of the fields when the crontab names none. */
  readonly timezone: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** The jobs of a crontab that wait for their times. */
export interface Jobs {
  /** When each runs next; null for one that runs no more. */
  next(): readonly { readonly job: CrontabJob; readonly at: Date | null }[];
  /** Starts no more jobs, hands the signal on to those at work, and resolves when they have ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** How a job ended, in words for people. Codes as contract §3 has them. */
function ending(code: number | null, signal: NodeJS.Signals | null): { level: keyof Logger; text: string } {
  if (signal !== null) {
    return { level: "warn", text: `was ended by ${signal} (${128 + constants.signals[signal]})` };
  }
  const MEANINGS: Readonly<Record<number, string>> = {
    0: "is done",
    1: "ended with errors; its lines above tell which",
    2: "was not run: its usage or its configuration is wrong",
    3: "was not run: another run is at work",
    127: "was not found",
  };
  return {
    level: code === 0 ? "info" : code === 3 ? "warn" : "error",
    text: `${MEANINGS[code ?? 1] ?? "ended"} (code ${code})`,
  };
}

/**
 * Runs the jobs of a crontab at their times, each by a shell as cron does, with this process's own output and
 * environment. A job that is still at work when its time comes again is left out that time.
 */
export function startJobs({ crontab, timezone, cwd, env, logger }: JobsOptions): Jobs {
  const atWork = new Map<CrontabJob, { kill(signal: NodeJS.Signals): void; ended: Promise<void> }>();

  const run = (job: CrontabJob): Promise<void> => {
    const running = atWork.get(job);
    if (running !== undefined) {
      logger.warn(`${job.command} is due, and its last run is still at work: it is left out.`);
      return running.ended;
    }
    const started = performance.now();
    // A group of its own, so that a signal reaches what the shell has started.
    const child = spawn("/bin/sh", ["-c", job.command], {
      cwd,
      env: { ...env, ...crontab.env },
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    logger.info(`Started: ${job.command}`);
    const ended = new Promise<void>((resolve) => {
      const finish = (level: keyof Logger, text: string) => {
        atWork.delete(job);
        logger[level](`${job.command} ${text} after ${duration(performance.now() - started)}`);
        resolve();
      };
      child.once("error", (error) => finish("error", `could not be started: ${error.message}`));
      child.once("close", (code, signal) => {
        const { level, text } = ending(code, signal);
        finish(level, text);
      });
    });
    const kill = (signal: NodeJS.Signals) => {
      try {
        process.kill(-(child.pid as number), signal);
      } catch {
        // It has just ended by itself.
      }
    };
    atWork.set(job, { kill, ended });
    return ended;
  };

  const clocks = crontab.jobs
    .filter(({ when }) => when !== "@reboot")
    .map((job) => ({
      job,
      clock: new Cron(job.when, { timezone: crontab.timezone ?? timezone }, () => run(job)),
    }));
  for (const job of crontab.jobs.filter(({ when }) => when === "@reboot")) {
    void run(job);
  }

  return {
    next: () => clocks.map(({ job, clock }) => ({ job, at: clock.nextRun() })),
    stop: async (signal = "SIGTERM") => {
      for (const { clock } of clocks) {
        clock.stop();
      }
      const running = [...atWork.values()];
      for (const { kill } of running) {
        kill(signal);
      }
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
