import cliProgress from "cli-progress";
import type { Logger } from "../../logging/types.ts";
import {
  advance,
  figuresOf,
  type ProgressEvent,
  progressLine,
  progressShort,
  startProgress,
} from "./progress.ts";

/** A failed attempt that will be retried. */
export interface RetryNotice {
  /** The request, e.g. `page 17 of the catalogue`. */
  readonly what: string;
  readonly reason: string;
  /** Number of the failed attempt, from 1, and the maximum. */
  readonly attempt: number;
  readonly attempts: number;
  readonly nextAt: Date;
}

export interface ProgressViewOptions {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly logger: Logger & {
    redirect?(write: ((line: string) => void) | undefined): void;
  };
  /** A bar on `stream`, or lines in the log. @default true if `stream` is a terminal */
  readonly bar?: boolean | undefined;
  /** Minimum time between two lines. @default 30000 */
  readonly intervalMs?: number;
  /** The clock. */
  readonly now?: () => Date;
}

export interface ProgressView {
  report(event: ProgressEvent): void;
  /** Shows a wait instead of the bar until the next report. The client logs it. */
  retry(notice: RetryNotice): void;
  /** Draws the final state and restores the terminal. Further calls do nothing. */
  stop(): void;
}

const LINE_INTERVAL_MS = 30_000;
const BAR_WIDTH = 30;
const MIN_BAR_WIDTH = 8;

/** Shows progress as a bar, or as a log line at intervals and at the end. */
export function createProgressView(options: ProgressViewOptions): ProgressView {
  return (options.bar ?? options.stream.isTTY === true) ? createBar(options) : createLines(options);
}

function createLines({ logger, intervalMs = LINE_INTERVAL_MS, now = () => new Date() }: ProgressViewOptions) {
  let progress = startProgress(now().getTime());
  let loggedAt = progress.startedAt;
  let isLogged = true;
  const log = (at: number) => {
    logger.info(progressLine(progress));
    loggedAt = at;
    isLogged = true;
  };
  return {
    report: (event: ProgressEvent) => {
      const at = now().getTime();
      progress = advance(progress, event, at);
      isLogged = false;
      if (at - loggedAt >= intervalMs) {
        log(at);
      }
    },
    retry: () => {},
    stop: () => {
      // The summary already reports "0 changes".
      if (!isLogged && progress.last?.done !== 0) {
        log(now().getTime());
      }
      isLogged = true;
    },
  };
}

function createBar({ stream, logger, now = () => new Date() }: ProgressViewOptions) {
  let progress = startProgress(now().getTime());
  let waiting: string | undefined;
  const draw = (settings: cliProgress.Options) => {
    const { share } = figuresOf(progress);
    // A text as wide as the terminal would lose its last character to the erase sequence that follows it.
    const columns = (stream.columns ?? 80) - 1;
    const text = (waiting ?? progressShort(progress)).slice(0, columns);
    const room = Math.min(BAR_WIDTH, columns - text.length - 1);
    return share === undefined || waiting !== undefined || room < MIN_BAR_WIDTH
      ? text
      : `${cliProgress.Format.BarFormat(share, { ...settings, barsize: room })} ${text}`;
  };
  const screen = new cliProgress.MultiBar({
    stream,
    format: draw,
    barsize: BAR_WIDTH,
    barCompleteChar: "\u2588",
    barIncompleteChar: "\u2591",
    hideCursor: true,
    // `false` would switch off the terminal's own wrapping, which truncates log lines above the bar as well. cli-progress
    // truncates the bar itself.
    linewrap: true,
    // A log line erases the bar, so it is redrawn even when unchanged.
    forceRedraw: true,
  });
  let isStarted = false;
  const start = () => {
    if (!isStarted) {
      isStarted = true;
      screen.create(1, 0);
      logger.redirect?.((line) => screen.log(`${line}\n`));
    }
  };
  return {
    report: (event: ProgressEvent) => {
      start();
      progress = advance(progress, event, now().getTime());
      waiting = undefined;
    },
    retry: (notice: RetryNotice) => {
      start();
      waiting = retryLine(notice);
      screen.update();
    },
    stop: () => {
      if (isStarted) {
        isStarted = false;
        waiting = undefined;
        logger.redirect?.(undefined);
        // Flushes log lines buffered since the last redraw.
        screen.update();
        screen.stop();
      }
    },
  };
}

/** `page 17 of the catalogue: HTTP 503; attempt 3 of 20, next at 14:05:10` */
export function retryLine({ what, reason, attempt, attempts, nextAt }: RetryNotice): string {
  const time = nextAt.toTimeString().slice(0, 8);
  return `${what}: ${reason}; attempt ${attempt} of ${attempts}, next at ${time}`;
}
