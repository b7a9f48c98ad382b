import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, renderUsage, runCommand } from "citty";
import { createLineCleaner } from "../logging/redact.ts";
import { closest } from "../util/closest.ts";
import { quoted } from "../util/must-be.ts";
import { version } from "../version.ts";
import { checkArguments, didYouMean, type Outcome, usageError, withOptionalValues } from "./args.ts";
import { rootCommand } from "./commands/index.ts";
import { type Context, createContext, type ProcessIo, usesColors } from "./context.ts";
import { errorObject, exitCodeOf, exitCodeOfSignal, linesOf } from "./exit.ts";
import { print, printJson } from "./output.ts";
import { StopRequest, watchSignals } from "./signals.ts";

type AnyCommand = CommandDef<ArgsDef>;

/** Short names, in every group of commands that has the long one. */
const ALIASES: Readonly<Record<string, string>> = { ls: "list", rm: "revoke" };

/** A command found by its words. */
interface Found {
  readonly command: AnyCommand;
  /** `che168-sync tokens create` */
  readonly words: readonly string[];
  /** The words after the command. */
  readonly rest: readonly string[];
  /** Names of its subcommands, if it is a group. */
  readonly subcommands: readonly string[];
}

/** Runs the command line and ends the process. Nothing else calls `process.exit` or handles signals. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  const io: ProcessIo = {
    cwd: process.cwd(),
    env: process.env,
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  };
  // A closed pipe (`| head`) is not an error; `print` reports other failures.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  process.exit(await run(argv, io));
}

/** Runs the command line to its end, and returns the exit code. */
export async function run(argv: readonly string[], io: ProcessIo): Promise<number> {
  const asksForHelp = argv[0] === "help";
  const found = await find(asksForHelp ? argv.slice(1) : argv);
  const flags = beforeDashes(found.rest);
  const isUnknown = found.subcommands.length > 0 && found.rest[0] !== undefined;
  if (flags.some((flag) => flag === "--help" || flag === "-h") || (asksForHelp && !isUnknown)) {
    await print(io.stdout, await usage(found, io.stdout, io.env));
    return 0;
  }
  if (found.words.length === 1 && flags.some((flag) => flag === "--version" || flag === "-v")) {
    await print(io.stdout, version);
    return 0;
  }
  try {
    if (found.rest.length === 0 && found.subcommands.length > 0) {
      await print(io.stderr, `${await usage(found, io.stderr, io.env)}\n`);
    }
    checkUsage(found);
  } catch (error) {
    const hint = `${found.words.join(" ")} --help lists all ${found.subcommands.length > 0 ? "commands" : "flags"}`;
    await printError(io, undefined, [...linesOf(error), hint]);
    await printErrorJson(found, io, error);
    return exitCodeOf(error);
  }
  return execute(found, io);
}

async function execute(found: Found, io: ProcessIo): Promise<number> {
  let context: Context | undefined;
  const warn = (line: string) => {
    const logger = context?.currentLogger();
    if (logger === undefined) {
      io.stderr.write(`[WARN] ${line}\n`);
    } else {
      logger.warn(line);
    }
  };
  const { signal, stopped, unwatch } = watchSignals(warn);
  const opened = createContext(io, { applicationName: found.words.join(" "), signal });
  context = opened;
  const onBug = (error: Error) => {
    // Flush the log before the process ends.
    void printError(io, opened, linesOf(error))
      .then(() => opened.currentLogger()?.close())
      .finally(() => process.exit(1));
  };
  process.on("uncaughtException", onBug);
  let code: number;
  try {
    const { result } = await runCommand(found.command, { rawArgs: [...found.rest], data: context });
    code = (result as Outcome) === "ERROR" ? 1 : 0;
  } catch (error) {
    code = exitCodeOf(error);
    if (!(error instanceof StopRequest) && error !== signal.reason) {
      await printError(io, context, linesOf(error));
    }
    await printErrorJson(found, io, error);
  }
  await context.close();
  process.off("uncaughtException", onBug);
  unwatch();
  const stoppedBy = stopped();
  return stoppedBy === undefined ? code : exitCodeOfSignal(stoppedBy);
}

/** Follows the words that name commands, starting at the root. */
async function find(argv: readonly string[]): Promise<Found> {
  let command = rootCommand as AnyCommand;
  const words = ["che168-sync"];
  for (;;) {
    const children = (command.subCommands ?? {}) as Record<string, AnyCommand | (() => Promise<AnyCommand>)>;
    const subcommands = Object.keys(children);
    const given = argv[words.length - 1] ?? "";
    const word = subcommands.includes(given) ? given : (ALIASES[given] ?? "");
    const next = subcommands.includes(word) ? children[word] : undefined;
    if (next === undefined) {
      const rest = withOptionalValues(argv.slice(words.length - 1), (command.args ?? {}) as ArgsDef);
      return { command, words, rest, subcommands };
    }
    command = typeof next === "function" ? await next() : next;
    words.push(word);
  }
}

function checkUsage({ command, rest, subcommands, words }: Found): void {
  if (subcommands.length === 0) {
    checkArguments(rest, (command.args ?? {}) as ArgsDef);
    return;
  }
  const [word] = rest;
  if (word === undefined) {
    throw usageError(`${words.join(" ")} needs a command: ${subcommands.join(", ")}`);
  }
  if (word.startsWith("-")) {
    throw usageError(
      `Unknown flag ${quoted(word).slice(1, -1)} before the command; flags follow the command`,
    );
  }
  throw usageError(`Unknown command ${quoted(word)}${didYouMean(closest(word, subcommands))}`);
}

async function usage(
  { command, words }: Found,
  output: ProcessIo["stdout"],
  env: ProcessIo["env"],
): Promise<string> {
  const meta = (command.meta ?? {}) as { description?: string };
  const named = { ...command, meta: { ...meta, name: words.at(-1) ?? "", version } };
  const parent = words.length > 1 ? { meta: { name: words.slice(0, -1).join(" "), version } } : undefined;
  const text = (await renderUsage(named, parent as AnyCommand | undefined)).replace(/[ \t]+$/gm, "");
  // citty always colours.
  return usesColors(output, env) ? text : stripVTControlCharacters(text);
}

/** The words before `--`; those after it are arguments, even if they look like flags. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

async function printError(
  { stderr }: ProcessIo,
  context: Context | undefined,
  lines: readonly string[],
): Promise<void> {
  const logger = context?.currentLogger();
  const clean = createLineCleaner();
  for (const line of lines) {
    if (logger === undefined) {
      await print(stderr, `[ERROR] ${clean(line)}`);
    } else {
      logger.error(line);
    }
  }
}

/** With `--json`, a failure is one JSON object as well. */
async function printErrorJson(
  { command, rest }: Found,
  { stdout }: ProcessIo,
  error: unknown,
): Promise<void> {
  if ("json" in ((command.args ?? {}) as ArgsDef) && beforeDashes(rest).includes("--json")) {
    await printJson(stdout, errorObject(error));
  }
}
