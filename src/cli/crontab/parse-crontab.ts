import { Cron } from "croner";
import { closest } from "../../util/closest.ts";
import { isTimeZone } from "../../util/days.ts";
import { errorMessage } from "../../util/error-message.ts";
import { A_TIME_ZONE, mustBe, quoted } from "../../util/must-be.ts";
import { didYouMean } from "../args.ts";

/** One line of a crontab. */
export interface CrontabJob {
  /** Line number, from 1. */
  readonly line: number;
  /** Five fields, `@daily` and the like, or `@reboot`: once at the start. */
  readonly when: string;
  /** The shell command. */
  readonly command: string;
}

export interface Crontab {
  readonly jobs: readonly CrontabJob[];
  /** `CRON_TZ`, if set: the time zone of the fields. */
  readonly timezone: string | undefined;
  /** Other variables set in the file, passed to the commands. */
  readonly env: Readonly<Record<string, string>>;
}

const SETTING = /^([A-Za-z_]\w*)\s*=\s*(.*)$/;
const JOB = /^(@\w+|(?:\S+\s+){4}\S+)\s+(\S.*)$/;
const NAMES = ["@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const ALIASES: Readonly<Record<string, string>> = { "@annually": "@yearly", "@midnight": "@daily" };

const unquoted = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;

function problemOf(when: string, command: string): string | undefined {
  // cron replaces % by a line break, which breaks `$(date +%F)`.
  if (/(?<!\\)%/.test(command)) {
    return "% is a line break in a crontab; write \\%";
  }
  if (when.startsWith("@")) {
    return NAMES.includes(when)
      ? undefined
      : `invalid time ${quoted(when)}${didYouMean(closest(when, NAMES))}`;
  }
  try {
    new Cron(when, { paused: true, mode: "5-part" });
    return undefined;
  } catch (error) {
    return `invalid time ${quoted(when)}: ${errorMessage(error)}`;
  }
}

/**
 * Parses a crontab: lines of five fields and a command, `NAME=value`, `#` comments. Pure.
 *
 * @returns the jobs, or all problems with their line numbers
 */
export function parseCrontab(text: string): Crontab | { readonly problems: readonly string[] } {
  const jobs: CrontabJob[] = [];
  const problems: string[] = [];
  const env: Record<string, string> = {};
  let timezone: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim();
    const add = (problem: string) => problems.push(`line ${index + 1}: ${problem}`);
    const [, name, value] = SETTING.exec(content) ?? [];
    const [, when, command] = JOB.exec(content) ?? [];
    if (content === "" || content.startsWith("#")) {
      continue;
    }
    if (name === "CRON_TZ") {
      timezone = unquoted(value ?? "");
      if (!isTimeZone(timezone)) {
        add(`CRON_TZ ${mustBe(A_TIME_ZONE, timezone)}`);
      }
    } else if (name !== undefined) {
      env[name] = unquoted(value ?? "");
    } else if (when === undefined || command === undefined) {
      add(`expected five fields and a command, such as 30 3 * * * che168-sync daily, not ${quoted(content)}`);
    } else {
      const problem = problemOf(when, command);
      if (problem !== undefined) {
        add(problem);
      }
      jobs.push({ line: index + 1, when: ALIASES[when] ?? when, command: command.replaceAll("\\%", "%") });
    }
  }
  if (jobs.length === 0 && problems.length === 0) {
    problems.push("it has no jobs");
  }
  return problems.length > 0 ? { problems } : { jobs, timezone, env };
}
