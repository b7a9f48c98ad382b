import { createConsola } from "consola/core";
import { createDailyFile } from "./daily-file.ts";
import { createLineCleaner, localTime } from "./redact.ts";
import type { Logger } from "./types.ts";

/** From the least severe on. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where lines go, and which. */
export interface LoggerOptions {
  /** Least severe messages that are told. @default "info" */
  readonly level?: LogLevel | undefined;
  /** Directory of the log files; without it there are none. */
  readonly dir?: string | undefined;
  /** Files older than so many days are removed. @default 7 */
  readonly retentionDays?: number | undefined;
  /** What the files' names begin with. @default "che168-sync" */
  readonly name?: string | undefined;
  /** Where lines go besides the files. @default process.stderr */
  readonly stderr?:
    | {
        /** Takes a whole line. */
        write(text: string): unknown;
      }
    | undefined;
  /** Texts that must stand in no line. */
  readonly secrets?: readonly string[] | undefined;
}

/** A logger that owns files. */
export interface ClosableLogger extends Logger {
  /**
   * Gives the lines for the terminal to someone who draws there, so that they stand above a progress bar;
   * `undefined` gives them back to stderr.
   */
  redirect(write: ((line: string) => void) | undefined): void;
  /** Writes what is buffered. Afterwards lines go to the terminal only. */
  close(): Promise<void>;
}

/**
 * Lines such as `[INFO] Progress: …` on stderr, and the same with the time in one file a day.
 * Every message becomes one line: secrets hidden, line breaks and control characters as escapes.
 */
export function createLogger(options: LoggerOptions = {}): ClosableLogger {
  const stderr = options.stderr ?? process.stderr;
  const clean = createLineCleaner(options.secrets);
  let redirected: ((line: string) => void) | undefined;

  const toTerminal = (line: string) => {
    if (redirected === undefined) {
      stderr.write(`${line}\n`);
    } else {
      redirected(line);
    }
  };

  let file =
    options.dir === undefined
      ? undefined
      : createDailyFile({
          dir: options.dir,
          name: options.name ?? "che168-sync",
          retentionDays: options.retentionDays ?? 7,
          onFailure: (reason) =>
            toTerminal(
              `[WARN] ${clean(`No log file can be written (${reason}); lines go to the terminal only. Set logging.dir or LOG_DIR to another directory.`)}`,
            ),
        });

  const consola = createConsola({
    level: { error: 0, warn: 1, info: 3, debug: 4 }[options.level ?? "info"],
    // Equal lines are not summed up: the fifth attempt is news although it failed as the fourth did.
    throttle: 0,
    reporters: [
      {
        log: ({ type, args, date }) => {
          const line = `[${type.toUpperCase()}] ${clean(args.map(String).join(" "))}`;
          toTerminal(line);
          file?.write(`${localTime(date)} ${line}`);
        },
      },
    ],
  });

  return {
    debug: (message) => consola.debug(message),
    info: (message) => consola.info(message),
    warn: (message) => consola.warn(message),
    error: (message) => consola.error(message),
    redirect: (write) => {
      redirected = write;
    },
    close: async () => {
      const closed = file;
      file = undefined;
      await closed?.close();
    },
  };
}
