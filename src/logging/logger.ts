import { type ConsolaReporter, createConsola } from "consola/core";
import { createDailyFile, localTime } from "./daily-file.ts";
import { createLineCleaner } from "./redact.ts";
import type { Logger } from "./types.ts";

/** Least severe first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Minimum severity. @default "info" */
  readonly level?: LogLevel | undefined;
  /** `[INFO] text`, or one JSON object per line: `{"time","level","message"}`. @default "text" */
  readonly format?: "text" | "json" | undefined;
  /** Directory of the log files; without it there are none. */
  readonly dir?: string | undefined;
  /** Log files are deleted after this many days. @default 7 */
  readonly retentionDays?: number | undefined;
  /** Limit for all log files together; the oldest are deleted first. @default 1073741824 */
  readonly maxBytes?: number | undefined;
  /** Prefix of the log files' names. @default "che168-sync" */
  readonly name?: string | undefined;
  /** Defers lines for the files until `startFiles()`. @default false */
  readonly deferFiles?: boolean | undefined;
  /** Receives each line as well. @default process.stderr */
  readonly stderr?:
    | {
        /** Writes a complete line. */
        write(text: string): unknown;
      }
    | undefined;
  /** Only warnings and errors on stderr; the files are not affected. @default false */
  readonly quiet?: boolean | undefined;
  /** Colours the level on stderr, in text format. @default false */
  readonly colors?: boolean | undefined;
  /** Texts to be replaced by `[hidden]` in every line. */
  readonly secrets?: readonly string[] | undefined;
}

/** A logger that owns files. */
export interface ClosableLogger extends Logger {
  /** Passes lines for stderr to a function that draws them above a progress bar; `undefined` ends that. */
  redirect(write: ((line: string) => void) | undefined): void;
  /** Writes the deferred lines to the files, and further lines immediately. */
  startFiles(): void;
  /**
   * Ends writing to files. Lines still deferred are kept only if there are log files already, so that a run that fails
   * early creates none.
   */
  close(): Promise<void>;
}

const CONSOLA_LEVELS = { error: 0, warn: 1, info: 3, debug: 4 } as const;
/** SGR codes: red, yellow, cyan, grey. */
const COLORS = { error: 31, warn: 33, info: 36, debug: 90 } as const;
const GIB = 2 ** 30;
const MAX_DEFERRED_LINES = 1_000;

type Level = keyof typeof COLORS;
interface Entry {
  readonly level: Level;
  readonly message: string;
  readonly date: Date;
}

/**
 * Logs lines such as `[INFO] Progress: …` to stderr, and with the time to one file per day. A message is always one line:
 * secrets are hidden, line breaks and control characters escaped.
 */
export function createLogger(options: LoggerOptions = {}): ClosableLogger {
  const { format = "text", quiet = false, colors = false, stderr = process.stderr } = options;
  const clean = createLineCleaner(options.secrets);
  let redirected: ((line: string) => void) | undefined;
  let file =
    options.dir === undefined
      ? undefined
      : createDailyFile({
          dir: options.dir,
          name: options.name ?? "che168-sync",
          retentionDays: options.retentionDays ?? 7,
          maxBytes: options.maxBytes ?? GIB,
        });
  let deferred: Entry[] | undefined = options.deferFiles === true ? [] : undefined;

  const toStderr = (entry: Entry) => {
    if (quiet && CONSOLA_LEVELS[entry.level] > CONSOLA_LEVELS.warn) {
      return;
    }
    const line = format === "json" ? jsonLine(entry) : textLine(entry, colors);
    if (redirected === undefined) {
      stderr.write(`${line}\n`);
    } else {
      redirected(line);
    }
  };

  const toFile = (entry: Entry) => {
    if (file === undefined) {
      return;
    }
    if (deferred !== undefined) {
      deferred = [...deferred.slice(-MAX_DEFERRED_LINES + 1), entry];
      return;
    }
    const line = format === "json" ? jsonLine(entry) : `${localTime(entry.date)} ${textLine(entry)}`;
    for (const incident of file.write(line, CONSOLA_LEVELS[entry.level] <= CONSOLA_LEVELS.warn)) {
      consola.warn(incident);
    }
  };

  const reporter = (write: (entry: Entry) => void): ConsolaReporter => ({
    log: ({ type, args, date }) =>
      write({ level: type as Level, message: clean(args.map(String).join(" ")), date }),
  });
  const consola = createConsola({
    level: CONSOLA_LEVELS[options.level ?? "info"],
    // Repeated messages are not merged: each may report another attempt.
    throttle: 0,
    reporters: [reporter(toStderr), reporter(toFile)],
  });

  const startFiles = () => {
    const held = deferred ?? [];
    deferred = undefined;
    held.forEach(toFile);
  };

  return {
    debug: (message) => consola.debug(message),
    info: (message) => consola.info(message),
    warn: (message) => consola.warn(message),
    error: (message) => consola.error(message),
    redirect: (write) => {
      redirected = write;
    },
    startFiles,
    close: async () => {
      if (deferred !== undefined && file?.exists() === true) {
        startFiles();
      }
      file = undefined;
    },
  };
}

function textLine({ level, message }: Entry, colors = false): string {
  const tag = `[${level.toUpperCase()}]`;
  return `${colors ? `\u001b[${COLORS[level]}m${tag}\u001b[39m` : tag} ${message}`;
}

const jsonLine = ({ level, message, date }: Entry): string =>
  JSON.stringify({ time: localTime(date), level, message });
