import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty";
import type { Context } from "./context.ts";

/** How a command ended: `ERROR` when the work is done but not all of it succeeded. */
export type Outcome = "OK" | "ERROR";

interface CommandParts<T extends ArgsDef> {
  readonly description: string;
  readonly args: T;
  /** Imports what it needs itself, so that `--help` loads nothing of it. */
  run(args: ParsedArgs<T>, context: Context): Promise<Outcome>;
}

/** One command. Its name is the one under which it is listed. */
export function command<const T extends ArgsDef>({ description, args, run }: CommandParts<T>): CommandDef<T> {
  return defineCommand<T>({
    meta: { description },
    args,
    run: ({ args: parsed, data }) => run(parsed, data as Context),
  });
}

/** The flag of every command that reads the configuration. */
export const configArgs = {
  config: {
    type: "string",
    description: "Configuration file, instead of che168.config.* in the working directory",
    valueHint: "file",
  },
} as const satisfies ArgsDef;

export const jsonArgs = {
  json: { type: "boolean", description: "Print one JSON object on stdout and nothing else" },
} as const satisfies ArgsDef;
