import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, renderUsage, runCommand } from "citty";
import { createLineCleaner } from "../logging/redact.ts";
import { closest } from "../util/closest.ts";
import { version } from "../version.ts";
import { checkArguments, quoted, usageError } from "./args.ts";
import type { Outcome } from "./command.ts";
import { rootCommand } from "./commands/index.ts";
import { type Context, createContext, type ProcessIo } from "./context.ts";
import { errorObject, exitCodeOf, exitCodeOfSignal, linesOf } from "./exit.ts";
import { print, printJson } from "./output.ts";
import { StopRequest, watchSignals } from "./signals.ts";

type AnyCommand = CommandDef<ArgsDef>;

/** A command that was found by its words. */
interface Found {
  readonly command: AnyCommand;
  /** `che168-sync tokens create` */
  readonly words: readonly string[];
  /** What stands behind those words. */
  readonly rest: readonly string[];
  /** The commands below it, when it is a group. */
  readonly below: readonly string[];
}

/** Runs the command line, and ends the process. The only place that does, and the only one that hears signals. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  const io: ProcessIo = {
    cwd: process.cwd(),
    env: process.env,
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  };
  // A reader that went away is no failure of ours; `print` hears of everything else.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  process.exit(await run(argv, io));
}

async function run(argv: readonly string[], io: ProcessIo): Promise<number> {
  const found = await find(argv);
  const flags = beforeDashes(found.rest);
  if (flags.some((flag) => flag === "--help" || flag === "-h")) {
    await print(io.stdout, await usage(found, io.stdout));
    return 0;
  }
  if (found.words.length === 1 && flags.some((flag) => flag === "--version" || flag === "-v")) {
    await print(io.stdout, version);
    return 0;
  }
  try {
    checkUsage(found);
  } catch (error) {
    await print(io.stderr, `${await usage(found, io.stderr)}\n`);
    await tell(io, undefined, linesOf(error));
    await tellJson(found, io, error);
    return exitCodeOf(error);
  }
  return execute(found, io);
}

async function execute(found: Found, io: ProcessIo): Promise<number> {
  let context: Context | undefined;
  const say = (line: string) => {
    const log = context?.openLog();
    if (log === undefined) {
      io.stderr.write(`[WARN] ${line}\n`);
    } else {
      log.warn(line);
    }
  };
  const { signal, stopped } = watchSignals(say);
  context = createContext(io, { applicationName: found.words.join(" "), signal });
  const opened = context;
  process.on("uncaughtException", (error) => {
    // A bug. The log must not lose its last lines over it.
    void tell(io, opened, linesOf(error))
      .then(() => opened.openLog()?.close())
      .finally(() => process.exit(1));
  });
  let code: number;
  try {
    const { result } = await runCommand(found.command, { rawArgs: [...found.rest], data: context });
    code = (result as Outcome) === "ERROR" ? 1 : 0;
  } catch (error) {
    code = exitCodeOf(error);
    if (!(error instanceof StopRequest) && error !== signal.reason) {
      await tell(io, context, linesOf(error));
    }
    await tellJson(found, io, error);
  }
  await context.close();
  const stoppedBy = stopped();
  return stoppedBy === undefined ? code : exitCodeOfSignal(stoppedBy);
}

/** Walks from the root along the words that name commands. */
async function find(argv: readonly string[]): Promise<Found> {
  let command = rootCommand as AnyCommand;
  const words = ["che168-sync"];
  for (;;) {
    const below = (command.subCommands ?? {}) as Record<string, AnyCommand | (() => Promise<AnyCommand>)>;
    const names = Object.keys(below);
    const word = argv[words.length - 1];
    const next = word !== undefined && names.includes(word) ? below[word] : undefined;
    if (next === undefined) {
      return { command, words, rest: argv.slice(words.length - 1), below: names };
    }
    command = typeof next === "function" ? await next() : next;
    words.push(word as string);
  }
}

function checkUsage({ command, rest, below, words }: Found): void {
  if (below.length === 0) {
    checkArguments(rest, (command.args ?? {}) as ArgsDef);
    return;
  }
  const [word] = rest;
  if (word === undefined) {
    throw usageError(`${words.join(" ")} needs a command: ${below.join(", ")}`);
  }
  if (word.startsWith("-")) {
    checkArguments([word], {});
  }
  const guess = closest(word, below);
  throw usageError(`Unknown command ${quoted(word)}${guess === undefined ? "" : `; did you mean ${guess}?`}`);
}

async function usage({ command, words }: Found, output: NodeJS.WritableStream): Promise<string> {
  const meta = (command.meta ?? {}) as { description?: string };
  const named = { ...command, meta: { ...meta, name: words.at(-1) ?? "", version } };
  const parent = words.length > 1 ? { meta: { name: words.slice(0, -1).join(" "), version } } : undefined;
  const text = (await renderUsage(named, parent as AnyCommand | undefined)).replace(/[ \t]+$/gm, "");
  // citty colours whatever it writes to.
  return (output as { isTTY?: boolean }).isTTY === true && !process.env.NO_COLOR
    ? text
    : stripVTControlCharacters(text);
}

/** Flags behind `--` are arguments. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

async function tell(
  { stderr }: ProcessIo,
  context: Context | undefined,
  lines: readonly string[],
): Promise<void> {
  const log = context?.openLog();
  const clean = createLineCleaner();
  for (const line of lines) {
    if (log === undefined) {
      await print(stderr, `[ERROR] ${clean(line)}`);
    } else {
      log.error(line);
    }
  }
}

/** Who asked for one JSON object gets one of a failure, too. */
async function tellJson({ command, rest }: Found, { stdout }: ProcessIo, error: unknown): Promise<void> {
  if ("json" in ((command.args ?? {}) as ArgsDef) && beforeDashes(rest).includes("--json")) {
    await printJson(stdout, errorObject(error));
  }
}
