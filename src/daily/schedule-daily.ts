import { Cron } from "croner";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { isTimeZone } from "../util/days.ts";
import { errorMessage } from "../util/error-message.ts";
import { A_TIME_OF_DAY, A_TIME_ZONE, mustBe } from "../util/must-be.ts";

/** Options of a schedule. */
export interface ScheduleOptions {
  /** Local time in `timezone`: `03:00`. */
  readonly at: string;
  /** @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /**
   * When the job last succeeded, for example `await getLastDailyRun(database)`; null if never. A run missed since then
   * starts immediately. Undefined: missed runs are not made up.
   */
  readonly lastRun?: Date | null | undefined;
  /** The job. Errors are logged; it runs again the next day. */
  readonly run: () => Promise<unknown>;
  readonly logger?: Logger | undefined;
  /** Cancels the schedule, as `stop` does. A running job needs its own signal. */
  readonly signal?: AbortSignal | undefined;
  /** The clock that decides whether a run was missed. */
  readonly now?: (() => Date) | undefined;
}

/** A scheduled daily job. */
export interface Schedule {
  /** Time of the next run. */
  next(): Date | null;
  /** Cancels the schedule; resolves when a running job has finished. */
  stop(): Promise<void>;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** True for a time of day that {@link scheduleDaily} accepts. */
export const isTimeOfDay = (text: string): boolean => TIME.test(text);

function checkSchedule(options: Partial<ScheduleOptions> | undefined): void {
  const { at, run, timezone } = options ?? {};
  const problems: ConfigProblem[] = [];
  if (typeof at !== "string" || !isTimeOfDay(at)) {
    problems.push({ key: "at", message: mustBe(A_TIME_OF_DAY, at) });
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    problems.push({ key: "timezone", message: mustBe(A_TIME_ZONE, timezone) });
  }
  if (typeof run !== "function") {
    problems.push({
      key: "run",
      message: "must be a function, such as `() => runDaily({ database, updater })`",
    });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/**
 * Runs a job every day at the same local time, also across daylight-saving changes; one run at a time.
 *
 * @throws ConfigError with every missing or invalid option
 * @throws the signal's reason when it is already aborted
 */
export function scheduleDaily(options: ScheduleOptions): Schedule {
  checkSchedule(options);
  const [hour, minute] = options.at.split(":").map(Number);
  const { lastRun, signal, timezone = "Europe/Moscow", logger = silentLogger } = options;
  signal?.throwIfAborted();
  let running: Promise<unknown> | undefined;

  const runOnce = async () => {
    if (running) {
      logger.warn("The daily job is due while the last one is still running: skipped.");
      return;
    }
    running = options.run().catch((error: unknown) => {
      logger.error(`The daily job failed: ${errorMessage(error)}`);
    });
    await running;
    running = undefined;
  };

  const cron = new Cron(`${minute} ${hour} * * *`, { timezone }, runOnce);
  const due = cron.previousRuns(1, options.now?.() ?? new Date())[0];
  if (due !== undefined && lastRun !== undefined && (lastRun === null || lastRun < due)) {
    logger.info("The last daily run was missed; it starts now.");
    void runOnce();
  }
  const stopWaiting = () => cron.stop();
  signal?.addEventListener("abort", stopWaiting, { once: true });
  return {
    next: () => cron.nextRun(),
    stop: async () => {
      signal?.removeEventListener("abort", stopWaiting);
      cron.stop();
      await running;
    },
  };
}
