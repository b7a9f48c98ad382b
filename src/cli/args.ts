import { parseArgs } from "node:util";
import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty";
import { Che168Error } from "../errors.ts";
import { closest } from "../util/closest.ts";
import { mustBe, quoted } from "../util/must-be.ts";
import type { Context } from "./context.ts";

/** How a command ended: `ERROR` when it finished but part of the work failed. */
export type Outcome = "OK" | "ERROR";

interface CommandParts<T extends ArgsDef> {
  readonly description: string;
  readonly args: T;
  /** Imports its dependencies itself, so that `--help` loads none of them. */
  run(args: ParsedArgs<T>, context: Context): Promise<Outcome>;
}

/** Defines a command. `commands/index.ts` gives it its name. */
export function command<const T extends ArgsDef>({ description, args, run }: CommandParts<T>): CommandDef<T> {
  return defineCommand<T>({
    meta: { description },
    args,
    run: ({ args: parsed, data }) => run(parsed, data as Context),
  });
}

/** Flags that control the output. */
export const outputArgs = {
  verbose: { type: "boolean", description: "Log debug messages as well" },
  quiet: { type: "boolean", description: "Print only warnings and errors on stderr, and no progress" },
} as const satisfies ArgsDef;

/** Flags of every command that reads the configuration. */
export const configArgs = {
  config: {
    type: "string",
    description: "Configuration file, instead of che168.config.* in the working directory",
    valueHint: "file",
  },
  ...outputArgs,
} as const satisfies ArgsDef;

export const jsonArgs = {
  json: { type: "boolean", description: "Print a single JSON object on stdout and nothing else" },
} as const satisfies ArgsDef;

/** Wrong usage of the command line; exit code 2. */
export function usageError(message: string): Che168Error {
  return new Che168Error("USAGE", message);
}

/** Value of a flag whose value is optional, when it has none. */
export const NO_VALUE = "newest";

/**
 * Gives flags whose value is optional (a `valueHint` in brackets) the value {@link NO_VALUE} where they have none, because
 * citty and `parseArgs` would take the next word, or reject them.
 */
export function withOptionalValues(raw: readonly string[], defined: ArgsDef): string[] {
  const end = raw.indexOf("--");
  return raw.map((word, index) => {
    const hint = word.startsWith("--") ? defined[word.slice(2)]?.valueHint : undefined;
    const next = raw[index + 1];
    const isBare = next === undefined || next.startsWith("-");
    return hint?.startsWith("[") && isBare && (end === -1 || index < end) ? `${word}=${NO_VALUE}` : word;
  });
}

/** Names of the flags of a command, without their dashes. */
interface Flags {
  readonly valued: readonly string[];
  /** With `no-…` where a switch can be switched off. */
  readonly switches: readonly string[];
}

/** A flag as it was written. */
interface FlagToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  /** Whether the value follows a `=`; undefined without a value. */
  readonly inlineValue: boolean | undefined;
}

const isKnownFlag = ({ name, rawName }: FlagToken, { valued, switches }: Flags): boolean =>
  rawName.startsWith("--") && (valued.includes(name) || switches.includes(name));

/** What is wrong with a flag; undefined when nothing is. */
function flagProblem(token: FlagToken, flags: Flags, isRepeated: boolean): string | undefined {
  const { name, rawName, value, inlineValue } = token;
  const { valued, switches } = flags;
  if (!isKnownFlag(token, flags)) {
    const known = [...valued, ...switches];
    const guess = rawName.startsWith("--")
      ? (closest(name, known) ?? closest(name.replace(/^no-/, ""), known))
      : undefined;
    return `Unknown flag ${printable(rawName)}${didYouMean(guess && `--${guess}`)}`;
  }
  if (switches.includes(name)) {
    if (inlineValue === true) {
      return `${rawName} is a switch and takes no value`;
    }
  } else if ((value ?? "").trim() === "") {
    return `${rawName} needs a value`;
  } else if (inlineValue === false && /^-\d/.test(value ?? "")) {
    return `${rawName} must not be negative, and is ${printable(value ?? "")}`;
  } else if (inlineValue === false && value?.startsWith("-")) {
    return `${rawName} needs a value, and ${quoted(value)} looks like a flag`;
  }
  return isRepeated ? `${rawName} is given twice` : undefined;
}

/**
 * Rejects what citty accepts: unknown flags, repeated flags, flags without a value, values for switches, surplus
 * arguments.
 *
 * @param raw the words after the command's name
 * @throws Che168Error `USAGE` with all problems, one per line
 */
export function checkArguments(raw: readonly string[], defined: ArgsDef): void {
  const names = Object.keys(defined);
  const positionals = names.filter((name) => defined[name]?.type === "positional");
  const switches = names.filter((name) => defined[name]?.type === "boolean");
  const valued = names.filter((name) => !positionals.includes(name) && !switches.includes(name));
  // Only a switch that is on by default can be switched off.
  const negations = switches.filter((name) => defined[name]?.default === true).map((name) => `no-${name}`);
  const flags: Flags = { valued, switches: [...switches, ...negations] };

  const { tokens } = parseArgs({
    args: [...raw],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries([
      ...valued.map((name) => [name, { type: "string" }] as const),
      ...flags.switches.map((name) => [name, { type: "boolean" }] as const),
    ]),
  });

  const problems: string[] = [];
  const seen = new Set<string>();
  let surplus = -positionals.length;
  let afterUnknown = false;
  for (const token of tokens) {
    const isValueOfUnknown = afterUnknown && token.kind === "positional";
    afterUnknown = false;
    if (token.kind === "positional" && !isValueOfUnknown) {
      surplus += 1;
      if (surplus > 0) {
        problems.push(`Unexpected argument ${quoted(token.value)}`);
      }
    } else if (token.kind === "option") {
      afterUnknown = !isKnownFlag(token, flags);
      const problem = flagProblem(token, flags, seen.has(token.name));
      problems.push(...(problem === undefined ? [] : [problem]));
      seen.add(token.name);
    }
  }
  for (const name of positionals.slice(positionals.length + Math.min(surplus, 0))) {
    if (defined[name]?.required === true) {
      problems.push(`${name.toUpperCase()} is missing`);
    }
  }
  if (seen.has("verbose") && seen.has("quiet")) {
    problems.push("--verbose and --quiet exclude each other");
  }
  if (problems.length > 0) {
    throw usageError(problems.join("\n"));
  }
}

/**
 * A whole number; undefined when the flag is absent.
 *
 * @throws Che168Error `USAGE`
 */
export function wholeNumber(
  text: string | undefined,
  flag: string,
  { min = 1, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw usageError(`${flag} ${mustBe(`a whole number ${range}`, text)}`);
  }
  return value;
}

const alternatives = new Intl.ListFormat("en-GB", { type: "disjunction" });

/**
 * One of several words.
 *
 * @throws Che168Error `USAGE`
 */
export function oneOf<const T extends string>(text: string, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined) {
    throw usageError(
      `${name} ${mustBe(alternatives.format(words), text)}${didYouMean(closest(text, words))}`,
    );
  }
  return found;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const EXPIRY_FORMS =
  "a day (2027-01-01, from 00:00 UTC), a time (2027-01-01T12:00:00Z) or a time span (12h, 30d, 8w)";

/**
 * A time in the future: a day (its start in UTC), a time, or a time span from `now`.
 *
 * @throws Che168Error `USAGE`
 */
export function futureTime(text: string | undefined, flag: string, now: Date): Date | undefined {
  if (text === undefined) {
    return undefined;
  }
  const ms = spanMs(text);
  const time = ms === undefined ? pointInTime(text) : new Date(now.getTime() + ms);
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw usageError(`${flag} ${mustBe(EXPIRY_FORMS, text)}`);
  }
  if (time <= now) {
    throw usageError(`${flag} must be in the future; ${quoted(text)} is not`);
  }
  return time;
}

function spanMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return amount === undefined || unit === undefined
    ? undefined
    : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/**
 * A time span in milliseconds; undefined when the flag is absent.
 *
 * @throws Che168Error `USAGE`
 */
export function span(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const ms = spanMs(text);
  if (ms === undefined || ms === 0) {
    throw usageError(`${flag} ${mustBe("a time span such as 90m, 26h, 2d or 1w", text)}`);
  }
  return ms;
}

function pointInTime(text: string): Date | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(
    text,
  )?.[1];
  if (day === undefined) {
    return undefined;
  }
  // JavaScript reads February 30 as March 2.
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
    ? new Date(text)
    : undefined;
}

/** The end of an error message that suggests a correction, if there is one. */
export const didYouMean = (guess: string | undefined): string =>
  guess === undefined ? "" : `; did you mean ${guess}?`;
const printable = (text: string): string => quoted(text).slice(1, -1);
