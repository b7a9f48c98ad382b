import { constants } from "node:os";
import { ConfigError, type ErrorCode, isChe168Error } from "../errors.ts";

/** 0: success, 1: finished with errors, 2: usage or configuration error, 3: another run holds the lock. */
export type ExitCode = 0 | 1 | 2 | 3;

const CODES: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
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

/** 128 plus the signal's number, as shells report it. */
export const exitCodeOfSignal = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** The log lines of an error; they include the stack only for a bug. */
export function linesOf(error: unknown): string[] {
  if (isChe168Error(error)) {
    // These list one problem per line.
    return error.code === "USAGE" || error.code === "CONFIG_INVALID"
      ? error.message.split("\n")
      : [error.message];
  }
  if (!(error instanceof Error)) {
    return [String(error)];
  }
  // Errors of the system and of PostgreSQL have a code and explain themselves; any other is a bug.
  const isKnown = typeof (error as { code?: unknown }).code === "string";
  return isKnown ? [error.message] : (error.stack ?? error.message).split("\n");
}

/** Output of `--json` for a failure. */
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
