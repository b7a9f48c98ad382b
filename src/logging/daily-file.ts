import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export interface DailyFileOptions {
  /** Created with the first line, for its owner only. */
  readonly dir: string;
  /** Prefix of the file names: `<name>-2026-11-24.log`. */
  readonly name: string;
  /** A file is deleted once its day ended more than this many days ago. */
  readonly retentionDays: number;
  /** Limit for all files together. */
  readonly maxBytes: number;
}

export interface DailyFile {
  /**
   * Appends a line. Never throws.
   *
   * @param isImportant a warning or error: may use the part of `maxBytes` that is reserved for them
   * @returns messages about failures and dropped parts of the log, one per incident, to be logged by the caller
   */
  write(line: string, isImportant: boolean): string[];
  /** Whether there is a file of an earlier run. */
  exists(): boolean;
}

const DAY_MS = 86_400_000;
const RETRY_AFTER_MS = 60_000;
/** How often the files are recounted: other processes write to them, too. */
const RECOUNT_INTERVAL_MS = 10_000;
/** Part of `maxBytes` that is reserved for warnings and errors. */
const RESERVED_SHARE = 0.05;

/**
 * Appends lines to one file per day. Each line is one `appendFileSync`: appends are atomic, so processes can share a file,
 * and a line is on disk before a crash that it explains. When `maxBytes` is reached, the oldest days are deleted; if today
 * alone exceeds it, lines are dropped and counted.
 */
export function createDailyFile({ dir, name, retentionDays, maxBytes }: DailyFileOptions): DailyFile {
  const freeLimit = maxBytes * (1 - RESERVED_SHARE);
  let day = "";
  let failedAt: number | undefined;
  let dropped = 0;
  /** Estimated size of all files, corrected by each recount. */
  let totalBytes = 0;
  let countedAt = Number.NEGATIVE_INFINITY;

  const fileOf = (ofDay: string) => `${name}-${ofDay}.log`;
  const files = () =>
    (existsSync(dir) ? readdirSync(dir) : [])
      .flatMap((file) => {
        const endsAt = endOfDay(file, name);
        return endsAt === undefined ? [] : [{ file, endsAt, path: join(dir, file) }];
      })
      .sort((a, b) => a.endsAt - b.endsAt);

  const openDay = (today: string, now: number) => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const { path, endsAt } of files()) {
      if (endsAt < now - retentionDays * DAY_MS) {
        rmSync(path, { force: true });
      }
    }
    day = today;
    countedAt = Number.NEGATIVE_INFINITY;
  };

  /** Recounts the files, and deletes the oldest until `bytes` fit. */
  const makeRoom = (bytes: number, limit: number, now: number, incidents: string[]) => {
    const existing = files().map((entry) => ({
      ...entry,
      size: statSync(entry.path, { throwIfNoEntry: false })?.size ?? 0,
    }));
    totalBytes = existing.reduce((sum, { size }) => sum + size, 0);
    countedAt = now;
    for (const { path, file, size } of existing) {
      if (totalBytes + bytes > limit && file !== fileOf(day)) {
        rmSync(path, { force: true });
        totalBytes -= size;
        incidents.push(
          `The log files reached logging.maxBytes (${maxBytes}); deleted ${file} (${size} bytes)`,
        );
      }
    }
  };

  const append = (line: string, isImportant: boolean, now: number, incidents: string[]) => {
    const bytes = Buffer.byteLength(line) + 1;
    const limit = isImportant ? maxBytes : freeLimit;
    // While lines are dropped, recounting for each would cost more than writing it.
    if (now - countedAt > RECOUNT_INTERVAL_MS || (totalBytes + bytes > limit && dropped === 0)) {
      makeRoom(bytes, limit, now, incidents);
    }
    if (totalBytes + bytes > limit) {
      dropped += 1;
      if (dropped === 1) {
        incidents.push(
          `Today's log file reached logging.maxBytes (${maxBytes}); dropping lines. Raise logging.maxBytes, or set logging.level to "warn".`,
        );
      }
      return;
    }
    appendFileSync(join(dir, fileOf(day)), `${line}\n`, { mode: 0o600 });
    totalBytes += bytes;
    if (dropped > 0 && totalBytes <= freeLimit) {
      incidents.push(`The log files have room again; ${dropped} lines were dropped`);
      dropped = 0;
    }
  };

  return {
    write: (line, isImportant) => {
      const incidents: string[] = [];
      const date = new Date();
      const now = date.getTime();
      if (failedAt !== undefined && Math.abs(now - failedAt) < RETRY_AFTER_MS) {
        return incidents;
      }
      try {
        if (localDay(date) !== day) {
          openDay(localDay(date), now);
        }
        append(line, isImportant, now, incidents);
        failedAt = undefined;
      } catch (error) {
        if (failedAt === undefined) {
          incidents.push(
            `The log file cannot be written (${(error as Error).message}); lines go to stderr only. Free disk space, or set logging.dir or LOG_DIR to another directory.`,
          );
        }
        failedAt = now;
      }
      return incidents;
    },
    exists: () => files().length > 0,
  };
}

/** The end of the day in a file's name, in milliseconds since the epoch; undefined if the name is not ours. */
function endOfDay(file: string, name: string): number | undefined {
  const rest = file.startsWith(`${name}-`) ? file.slice(name.length + 1) : "";
  const match = /^(\d{4})-(\d{2})-(\d{2})\.log$/.exec(rest);
  return match === null
    ? undefined
    : new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + 1).getTime();
}

const two = (value: number) => String(value).padStart(2, "0");

/** The day in the time zone of the process, e.g. `2026-11-24`. */
export function localDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time in the time zone of the process with its offset, e.g. `2026-11-24T14:05:10.123+03:00`. */
export function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${localDay(date)}T${time}.${String(date.getMilliseconds()).padStart(3, "0")}${zone}`;
}
