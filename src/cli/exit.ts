import { constants } from "node:os";
import { ConfigError, isChe168Error } from "../errors.ts";

/** 0 done, 1 finished with errors, 2 wrong usage or configuration, 3 another run holds the lock (contract §3). */
export type ExitCode = 0 | 1 | 2 | 3;

const CODES: Readonly<Record<string, ExitCode>> = {
  CONFIG_INVALID: 2,
  USAGE: 2,
  UPSTREAM_UNAUTHORIZED: 2,
  DATABASE_UNUSABLE: 2,
  DATABASE_NOT_EMPTY: 2,
  DUMP_INVALID: 2,
  SCHEMA_OUTDATED: 2,
  SCHEMA_NEWER: 2,
  ADDRESS_UNUSABLE: 2,
  LOCKED: 3,
};

export function exitCodeOf(error: unknown): ExitCode {
  return isChe168Error(error) ? (CODES[error.code] ?? 1) : 1;
}

/** 128 and the number of the signal, as a shell reports it. */
export const exitCodeOfSignal = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** What is told of an error, line by line. Of a bug the place, too. */
export function linesOf(error: unknown): string[] {
  if (isChe168Error(error)) {
    // Several problems of usage or configuration stand on a line each.
    return error.code === "USAGE" || error.code === "CONFIG_INVALID"
      ? error.message.split("\n")
      : [error.message];
  }
  if (!(error instanceof Error)) {
    return [String(error)];
  }
  // Errors of the system and of PostgreSQL bear a code, and say enough; others are ours.
  const isKnown = typeof (error as { code?: unknown }).code === "string";
  return isKnown ? [error.message] : (error.stack ?? error.message).split("\n");
}

/** The object that `--json` prints of a failure. */
export function errorObject(error: unknown): { error: Record<string, unknown> } {
  const { code, message } =
    error instanceof Error ? (error as { code?: unknown; message: string }) : { message: String(error) };
  return {
    error: {
      code: typeof code === "string" ? code : "UNEXPECTED",
      message,
      ...(error instanceof ConfigError ? { problems: error.problems } : {}),
    },
  };
}
