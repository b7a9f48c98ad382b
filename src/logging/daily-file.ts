import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { getTimeRotatingFileSink } from "@logtape/file";
import type { Sink } from "@logtape/logtape";
import { localDay } from "./redact.ts";

export interface DailyFileOptions {
  /** Directory of the files; made when missing. */
  readonly dir: string;
  /** What the names begin with: `<name>-2026-11-24.log`. */
  readonly name: string;
  /** A file goes when its last possible line is older than so many days. */
  readonly retentionDays: number;
  /** Called once when the file cannot be written, with the reason; again only after it could be. */
  readonly onFailure: (reason: string) => void;
}

export interface DailyFile {
  write(line: string): void;
  /** Writes what is buffered and closes the file. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const FLUSH_MS = 200;
const REOPEN_AFTER_MS = 60_000;
/** How often it is looked whether lines arrive in the file. */
const CHECK_EVERY_MS = 10_000;

type FileSink = Sink & AsyncDisposable;

/**
 * One file a day. `@logtape/file` appends in whole lines, so that several processes can share a file, and finds old
 * files by their names in the directory, whichever process wrote them; the libraries that keep a list of what they
 * wrote, or count files instead of days, fail with short runs from cron.
 *
 * The file is opened with the first line; a directory that cannot be written costs one message, and is tried again
 * later.
 */
export function createDailyFile(options: DailyFileOptions): DailyFile {
  let open: { readonly sink: FileSink; readonly day: string } | undefined;
  let closing: Promise<void> = Promise.resolve();
  let failedAt: number | undefined;
  let growth = createGrowthCheck(options);

  const closeCurrent = () => {
    const { sink } = open ?? {};
    const { check } = growth;
    open = undefined;
    if (sink !== undefined) {
      closing = Promise.allSettled([closing, sink[Symbol.asyncDispose]()]).then(check);
    }
  };

  const sinkFor = (day: string): FileSink | undefined => {
    // The library would open the next day's file by itself, but from a timer, where a failure ends the process.
    if (open !== undefined && open.day !== day) {
      closeCurrent();
    }
    if (open === undefined && (failedAt === undefined || Date.now() - failedAt > REOPEN_AFTER_MS)) {
      try {
        open = { sink: openSink(options), day };
        growth = createGrowthCheck(options, day);
        failedAt = undefined;
      } catch (error) {
        if (failedAt === undefined) {
          options.onFailure(error instanceof Error ? error.message : String(error));
        }
        failedAt = Date.now();
      }
    }
    return open?.sink;
  };

  return {
    write: (line) => {
      const now = new Date();
      const sink = sinkFor(localDay(now));
      if (sink !== undefined) {
        growth.line(now.getTime());
      }
      sink?.({
        category: [],
        level: "info",
        message: [line],
        rawMessage: line,
        timestamp: now.getTime(),
        properties: {},
      });
    },
    close: async () => {
      closeCurrent();
      await closing;
    },
  };
}

/**
 * Notices that lines do not arrive, as on a full disk: the library that writes them keeps its failures to itself. A file
 * that has not grown although lines were written to it before the last look is one; that others write to it as well
 * changes nothing, for they then fail as well.
 */
function createGrowthCheck({ dir, name, onFailure }: DailyFileOptions, day = "") {
  const size = () => statSync(join(dir, `${name}-${day}.log`), { throwIfNoEntry: false })?.size ?? 0;
  let before = day === "" ? 0 : size();
  let checkedAt = 0;
  let lines = 0;
  let isTold = false;
  const check = () => {
    if (lines === 0) {
      return;
    }
    const now = size();
    const grows = now > before;
    if (!grows && !isTold) {
      onFailure("lines do not arrive in it; is the disk full?");
    }
    isTold = !grows;
    before = now;
    lines = 0;
  };
  return {
    check,
    line: (at: number) => {
      if (at - checkedAt > CHECK_EVERY_MS) {
        check();
        checkedAt = at;
      }
      lines += 1;
    },
  };
}

function openSink({ dir, name, retentionDays }: DailyFileOptions): FileSink {
  mkdirSync(dir, { recursive: true });
  const sink: Sink = getTimeRotatingFileSink({
    directory: dir,
    interval: "daily",
    filename: (date) => `${name}-${localDay(date)}.log`,
    parseFilename: (file) => endOfDay(file, name),
    maxAgeMs: retentionDays * DAY_MS,
    formatter: ({ rawMessage }) => `${rawMessage}\n`,
    nonBlocking: true,
    flushInterval: FLUSH_MS,
  });
  // Its types tell only of the blocking kind.
  return sink as FileSink;
}

/** When the day ended that a file's name tells; null for a name that is not ours. */
function endOfDay(file: string, name: string): Date | null {
  const day = file.startsWith(`${name}-`) ? file.slice(name.length + 1) : "";
  const match = /^(\d{4})-(\d{2})-(\d{2})\.log$/.exec(day);
  return match === null ? null : new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + 1);
}
