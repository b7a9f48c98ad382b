import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Cron } from "croner";
import type { Logger } from "../../logging/types.ts";
import { duration } from "../progress/progress.ts";
import type { Crontab, CrontabJob } from "./parse-crontab.ts";

export interface JobsOptions {
  readonly crontab: Crontab;
  /** Time zone of the fields, unless the crontab sets `CRON_TZ`. */
  readonly timezone: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** The scheduled jobs of a crontab. */
export interface Jobs {
  /** The next time of each job; null for one that will not run again. */
  next(): readonly { readonly job: CrontabJob; readonly at: Date | null }[];
  /** Starts no further jobs, sends the signal to running ones, and resolves when they have ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Exit codes of this program. */
const OWN_CODES: Readonly<Record<number, { readonly level: keyof Logger; readonly text: string }>> = {
  1: { level: "error", text: "finished with errors, logged above" },
  2: { level: "error", text: "did not run: usage or configuration error" },
  3: { level: "warn", text: "did not run: another run holds the lock" },
};
/** Exit codes that the shell itself returns. */
const SHELL_CODES: Readonly<Record<number, string>> = {
  126: "cannot be executed",
  127: "was not found",
};
/** Matches jobs that only run this program, so that the exit code has our meaning. */
const OWN_COMMAND =
  /^(?:\w+=\S*\s+)*(?:exec\s+)?(?:(?:npx|node)\s+)?(?:\S*\/)?che168-sync(?:\.mjs)?(?:\s(?:[^;&|]|>&)*)?$/;

/** The log entry for the end of a job. Only for this program does 3 have a known meaning. */
function describeExit(
  { command }: CrontabJob,
  code: number | null,
  signal: NodeJS.Signals | null,
): { readonly level: keyof Logger; readonly text: string } {
  if (signal !== null) {
    return { level: "warn", text: `was terminated by ${signal} (code ${128 + constants.signals[signal]})` };
  }
  if (code === 0) {
    return { level: "info", text: "finished (code 0)" };
  }
  const own = OWN_COMMAND.test(command) ? OWN_CODES[code ?? 1] : undefined;
  return {
    level: own?.level ?? "error",
    text: `${own?.text ?? SHELL_CODES[code ?? 1] ?? "failed"} (code ${code})`,
  };
}

/**
 * Runs the jobs of a crontab at their times, each in a shell as cron does, with the output and environment of this
 * process. A job that is still running when it is due again is skipped.
 */
export function startJobs({ crontab, timezone, cwd, env, logger }: JobsOptions): Jobs {
  const activeRuns = new Map<CrontabJob, { kill(signal: NodeJS.Signals): void; ended: Promise<void> }>();

  const run = (job: CrontabJob): Promise<void> => {
    const running = activeRuns.get(job);
    if (running !== undefined) {
      logger.warn(`${job.command} is due but still running; skipped`);
      return running.ended;
    }
    const started = performance.now();
    // A separate process group, so that a signal also reaches the children of the shell.
    const child = spawn("/bin/sh", ["-c", job.command], {
      cwd,
      env: { ...env, ...crontab.env },
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    logger.info(`Started: ${job.command}`);
    const ended = new Promise<void>((resolve) => {
      const finish = (level: keyof Logger, text: string) => {
        activeRuns.delete(job);
        logger[level](`${job.command} ${text} after ${duration(performance.now() - started)}`);
        resolve();
      };
      child.once("error", (error) => finish("error", `could not be started: ${error.message}`));
      child.once("close", (code, signal) => {
        const { level, text } = describeExit(job, code, signal);
        finish(level, text);
      });
    });
    const kill = (signal: NodeJS.Signals) => {
      try {
        process.kill(-(child.pid as number), signal);
      } catch {
        // It has just exited.
      }
    };
    activeRuns.set(job, { kill, ended });
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
      const running = [...activeRuns.values()];
      for (const { kill } of running) {
        kill(signal);
      }
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
