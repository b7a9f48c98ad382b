import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { Che168Error } from "../errors.ts";
import { closest } from "../util/closest.ts";

/** Wrong usage of the command line; exit code 2. */
export function usageError(message: string): Che168Error {
  return new Che168Error("USAGE", message);
}

/**
 * Refuses what citty lets pass: unknown flags, flags without their value or twice, values for switches, arguments too
 * many.
 *
 * @param raw what stands behind the command's name
 * @throws Che168Error `USAGE` that names everything that is wrong
 */
export function checkArguments(raw: readonly string[], defined: ArgsDef): void {
  const names = Object.keys(defined);
  const positionals = names.filter((name) => defined[name]?.type === "positional");
  const switches = names.filter((name) => defined[name]?.type === "boolean");
  const valued = names.filter((name) => !positionals.includes(name) && !switches.includes(name));
  // Only what is on by default can be turned off.
  const negations = switches.filter((name) => defined[name]?.default === true).map((name) => `no-${name}`);
  const isSwitch = (name: string) => switches.includes(name) || negations.includes(name);

  const { tokens } = parseArgs({
    args: [...raw],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries([
      ...valued.map((name) => [name, { type: "string" }] as const),
      ...[...switches, ...negations].map((name) => [name, { type: "boolean" }] as const),
    ]),
  });

  const problems: string[] = [];
  const seen = new Set<string>();
  let extra = -positionals.length;
  let afterUnknown = false;
  for (const token of tokens) {
    const isItsValue = afterUnknown && token.kind === "positional";
    afterUnknown = false;
    if (token.kind === "positional" && !isItsValue) {
      extra += 1;
      if (extra > 0) {
        problems.push(`Unexpected argument ${quoted(token.value)}`);
      }
    } else if (token.kind === "option") {
      const { name, rawName, value, inlineValue } = token;
      const long = rawName.startsWith("--");
      if (!long || !(valued.includes(name) || isSwitch(name))) {
        afterUnknown = true;
        const guess = long ? closest(name, [...valued, ...switches, ...negations]) : undefined;
        problems.push(
          `Unknown flag ${printable(rawName)}${guess === undefined ? "" : `; did you mean --${guess}?`}`,
        );
      } else if (isSwitch(name) && inlineValue === true) {
        problems.push(`${rawName} is a switch and takes no value`);
      } else if (valued.includes(name) && (value ?? "").trim() === "") {
        problems.push(`${rawName} needs a value`);
      } else if (valued.includes(name) && inlineValue === false && value?.startsWith("-")) {
        problems.push(`${rawName} needs a value, and ${quoted(value)} looks like a flag`);
      } else if (seen.has(name)) {
        problems.push(`${rawName} is given twice`);
      }
      seen.add(name);
    }
  }
  // `extra` has counted up from as many as there may be.
  for (const name of positionals.slice(positionals.length + Math.min(extra, 0))) {
    if (defined[name]?.required === true) {
      problems.push(`${name.toUpperCase()} is missing`);
    }
  }
  if (problems.length > 0) {
    throw usageError(problems.join("\n"));
  }
}

/**
 * A whole number that was given as text; undefined when the flag was not given.
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
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
    throw usageError(`${flag} must be a whole number ${range}, not ${quoted(text)}`);
  }
  return value;
}

/**
 * One of several words.
 *
 * @throws Che168Error `USAGE`
 */
export function oneOf<const T extends string>(text: string, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined) {
    const guess = closest(text, words);
    throw usageError(
      `${name} must be ${words.join(", ")}, not ${quoted(text)}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    );
  }
  return found;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const EXPIRY_FORMS =
  "a day (2027-01-01: from its first moment in UTC), a time (2027-01-01T12:00:00Z) or a span (12h, 30d, 8w)";

/**
 * A moment in the future: a day, a time, or a span from now.
 *
 * @throws Che168Error `USAGE`
 */
export function futureTime(text: string | undefined, flag: string, now: Date): Date | undefined {
  if (text === undefined) {
    return undefined;
  }
  const time = spanFrom(text, now) ?? pointInTime(text);
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw usageError(`${flag} must be ${EXPIRY_FORMS}, not ${quoted(text)}`);
  }
  if (time <= now) {
    throw usageError(`${flag} must lie in the future; ${quoted(text)} does not`);
  }
  return time;
}

function spanFrom(text: string, now: Date): Date | undefined {
  const ms = spanMs(text);
  return ms === undefined ? undefined : new Date(now.getTime() + ms);
}

function spanMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return amount === undefined || unit === undefined
    ? undefined
    : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/**
 * A span of time in milliseconds; undefined when the flag was not given.
 *
 * @throws Che168Error `USAGE`
 */
export function span(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const ms = spanMs(text);
  if (ms === undefined || ms === 0) {
    throw usageError(`${flag} must be a span such as 90m, 26h, 2d or 1w, not ${quoted(text)}`);
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
  // JavaScript takes February 30th for March 2nd.
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
    ? new Date(text)
    : undefined;
}

/** Foreign text on one line. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
const printable = (text: string): string => quoted(text).slice(1, -1);
