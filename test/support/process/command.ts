import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { run } from "../../../src/cli/main.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const BUILT = path("../../../dist/cli.mjs");
const BIN = path("../../../bin/che168-sync.mjs");
const SOURCE = path("../../../scripts/cli.ts");
/** Compiled modules of all processes: a process from the sources then starts as fast as a built one. */
const COMPILED = join(tmpdir(), "che168-test-compile-cache");

export interface CommandResult {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment besides PATH, HOME and NODE_COMPILE_CACHE. */
  readonly env?: Readonly<Record<string, string>>;
  /** Set if the test writes to standard input. */
  readonly stdin?: "pipe";
  /** A file descriptor that receives standard output instead of the test. */
  readonly stdout?: number;
  /** Shell code that runs before the command, such as `ulimit`. */
  readonly shell?: string;
  /** Flags of Node.js itself. */
  readonly nodeFlags?: readonly string[];
}

/** A running command. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves once stdout or stderr matches; rejects if the command ends first. */
  shown(pattern: RegExp): Promise<void>;
}

/** Starts the built command; `npm run build` makes it. */
export function startCommand(args: readonly string[], options: CommandOptions): RunningCommand {
  if (!existsSync(BUILT)) {
    throw new Error("The command has not been built; run `npm run build` first");
  }
  return start(BIN, args, options);
}

/** Starts the command line from its sources. */
export const startSource = (args: readonly string[], options: CommandOptions): RunningCommand =>
  start(SOURCE, args, options);

/** Runs the built command to its end. */
export const runCommand = (args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  startCommand(args, options).ended;

/**
 * Runs the command line from its sources to its end, in this process: a process of its own spends a second on loading
 * modules. Tests of the process itself (signals, pipes, flags of Node.js) use `runSource`.
 */
export async function runCli(
  args: readonly string[],
  { cwd, env = {} }: Pick<CommandOptions, "cwd" | "env">,
): Promise<CommandResult> {
  const stdout = collector();
  const stderr = collector();
  const { PATH, HOME } = process.env;
  const code = await run(args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdin: () => Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { stream: Writable; text: () => string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write: (part: Buffer, _encoding, done) => {
      parts.push(part);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString() };
}

/** Runs the command line from its sources to its end. */
export const runSource = (args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  startSource(args, options).ended;

function start(
  entry: string,
  args: readonly string[],
  { cwd, env = {}, nodeFlags = [], stdin, stdout, shell }: CommandOptions,
): RunningCommand {
  const { PATH = "", HOME = "" } = process.env;
  const words = [process.execPath, ...nodeFlags, entry, ...args];
  const [program = "", ...rest] =
    shell === undefined ? words : ["sh", "-c", `${shell}; exec "$@"`, "sh", ...words];
  const child = spawn(program, rest, {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: [stdin ?? "ignore", stdout ?? "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      child.emit("shown");
    });
  }
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  const shown = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(output.stdout + output.stderr)) {
          child.off("shown", look);
          resolve();
        }
      };
      child.on("shown", look);
      child.once("close", () => reject(new Error(`Ended without ${pattern}: ${JSON.stringify(output)}`)));
      look();
    });
  return { child, ended, shown };
}
