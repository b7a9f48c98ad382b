import { Cron } from "croner";
import { type Logger, silentLogger } from "../logging/types.ts";

/** What is done when. */
export interface ScheduleOptions {
  /** When, as the clocks of `timezone` show it: `03:00`. */
  readonly at: string;
  /** @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /**
   * When the job last succeeded, for example `await getLastDailyRun(database)`; a run that was due since then is made up at
   * once. Null: it never has. Left out, no run is made up.
   */
  readonly lastRun?: Date | null | undefined;
  /** The job. What it throws is logged; the next day it runs again. */
  readonly run: () => Promise<unknown>;
  readonly logger?: Logger | undefined;
  /** Ends the waiting as `stop` does. A run that is going on needs a signal of its own. */
  readonly signal?: AbortSignal | undefined;
  /** The clock, for whether a run was missed. */
  readonly now?: (() => Date) | undefined;
}

/** A daily job that is waiting for its time. */
export interface Schedule {
  /** When it runs next. */
  next(): Date | null;
  /** Waits no more, and resolves when a run that is going on has ended. */
  stop(): Promise<void>;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** True for a time of day as {@link scheduleDaily} takes it. */
export const isTimeOfDay = (text: string): boolean => TIME.test(text);

/**
 * Runs a job every day at the same time of a time zone, also across a change of the clocks; one run at a time.
 *
 * @throws RangeError when `at` is no time of day
 * @throws the signal's reason when it is aborted already
 */
export function scheduleDaily(options: ScheduleOptions): Schedule {
  const [, hour, minute] = TIME.exec(options.at) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new RangeError(`${options.at} is not a time of day (HH:MM)`);
  }
  const { lastRun, signal, timezone = "Europe/Moscow", logger = silentLogger } = options;
  signal?.throwIfAborted();
  let running: Promise<unknown> | undefined;

  const runOnce = async () => {
    if (running) {
      logger.warn("The daily job is due, and the last one is still at work: it is left out.");
      return;
    }
    running = options.run().catch((error: unknown) => {
      logger.error(`The daily job failed: ${error instanceof Error ? error.message : String(error)}`);
    });
    await running;
    running = undefined;
  };

  const cron = new Cron(`${Number(minute)} ${Number(hour)} * * *`, { timezone }, runOnce);
  const due = cron.previousRuns(1, options.now?.() ?? new Date())[0];
  if (due !== undefined && lastRun !== undefined && (lastRun === null || lastRun < due)) {
    logger.info("The last daily run was missed; it is made up now.");
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
