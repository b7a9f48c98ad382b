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

/** A failed attempt that another one follows. */
export interface RetryNotice {
  /** What was asked for, e.g. `page 17 of the catalogue`. */
  readonly what: string;
  readonly reason: string;
  /** The attempt that failed, from 1, and how many there are. */
  readonly attempt: number;
  readonly attempts: number;
  readonly nextAt: Date;
}

export interface ProgressViewOptions {
  /** A terminal gets a bar; anything else gets lines in the log. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly logger: Logger & {
    redirect?(write: ((line: string) => void) | undefined): void;
  };
  /** Least time between two lines, in milliseconds. @default 30000 */
  readonly intervalMs?: number;
  /** The clock. */
  readonly now?: () => Date;
}

export interface ProgressView {
  report(event: ProgressEvent): void;
  /** Shows a wait in the place of the bar until the next report. The log hears of it from the client. */
  retry(notice: RetryNotice): void;
  /** Draws the end, and gives the terminal back. */
  stop(): void;
}

const LINE_INTERVAL_MS = 30_000;
const BAR_WIDTH = 30;
const NARROWEST_BAR = 8;

/** Shows progress: a bar on a terminal, elsewhere a line at intervals and at the end. */
export function createProgressView(options: ProgressViewOptions): ProgressView {
  return options.stream.isTTY === true ? createBar(options) : createLines(options);
}

function createLines({ logger, intervalMs = LINE_INTERVAL_MS, now = () => new Date() }: ProgressViewOptions) {
  let progress = startProgress(now().getTime());
  let toldAt = progress.startedAt;
  let told = true;
  const tell = (at: number) => {
    logger.info(progressLine(progress));
    toldAt = at;
    told = true;
  };
  return {
    report: (event: ProgressEvent) => {
      const at = now().getTime();
      progress = advance(progress, event, at);
      told = false;
      if (at - toldAt >= intervalMs) {
        tell(at);
      }
    },
    retry: () => {},
    stop: () => {
      if (!told) {
        tell(now().getTime());
      }
    },
  };
}

function createBar({ stream, logger, now = () => new Date() }: ProgressViewOptions) {
  let progress = startProgress(now().getTime());
  let waiting: string | undefined;
  const draw = (settings: cliProgress.Options) => {
    const { share } = figuresOf(progress);
    const text = waiting ?? progressShort(progress);
    const room = Math.min(BAR_WIDTH, (stream.columns ?? 80) - text.length - 2);
    return share === undefined || waiting !== undefined || room < NARROWEST_BAR
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
    // A line above it wipes the bar, also when the bar has not changed since.
    forceRedraw: true,
  });
  let started = false;
  const start = () => {
    if (!started) {
      started = true;
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
      if (started) {
        started = false;
        waiting = undefined;
        logger.redirect?.(undefined);
        // Lines that wait for the next drawing.
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
