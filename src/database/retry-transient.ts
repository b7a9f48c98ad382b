import { setTimeout as delay } from "node:timers/promises";
import { Che168Error, isChe168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";

/** SQLSTATE classes and codes (PostgreSQL, appendix A) after which the same transaction may succeed. */
const TRANSIENT = [
  "08", // connection exception
  "40001", // serialization failure
  "40P01", // deadlock detected
  "53", // insufficient resources: disk full, out of memory, too many connections
  "55P03", // lock not available
  "57014", // query canceled: statement timeout
  "57P01", // admin shutdown
  "57P02", // crash shutdown
  "57P03", // cannot connect now
  "57P05", // idle session timeout
  "25006", // read-only transaction: a standby that is being promoted
  "58030", // I/O error
];

const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ENOTFOUND",
]);

/** Errors without a specific code: of node-postgres, and of a database that is being created or renamed (55000). */
const MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection|not currently accepting connections/;

/** Errors of failed connections, regardless of their code. */
const connectFailures = new WeakSet<object>();

/** Marks the error of a failed connection, so that {@link isTransient} is true for it: the database is unavailable. */
export function asConnectFailure(error: unknown): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  connectFailures.add(failure);
  return failure;
}

/** The SQLSTATE or the system's code of an error, or of the first of its causes that has one. */
export function errorCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string") {
      return code;
    }
    if (current instanceof AggregateError && current.errors.length > 0) {
      return errorCode(current.errors[0]);
    }
  }
  return undefined;
}

const isConnectFailure = (error: unknown): boolean =>
  error instanceof Error && (connectFailures.has(error) || MESSAGES.test(error.message));

/** True for a temporary failure: the database is unavailable, or a retry may succeed. */
export function isTransient(error: unknown): boolean {
  const code = errorCode(error);
  return (
    (code !== undefined && (NETWORK.has(code) || TRANSIENT.some((prefix) => code.startsWith(prefix)))) ||
    isConnectFailure(error)
  );
}

/** True for a statement that PostgreSQL cancelled, at its time limit (SQLSTATE 57014). */
export const isStatementTimeout = (error: unknown): boolean => errorCode(error) === "57014";

/** True when the connection is lost, so that a new one is needed. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  const isLost = code !== undefined && (NETWORK.has(code) || code.startsWith("08") || code.startsWith("57P"));
  return isLost || isConnectFailure(error);
}

/** True for an unreachable server, as opposed to one that reports that it is not ready. */
export const isUnreachable = (error: unknown): boolean => {
  const code = errorCode(error);
  return code === undefined ? isConnectFailure(error) : NETWORK.has(code);
};

/** SQLSTATE of a sequence at its maximum: class 22, but not the fault of a row. */
const SEQUENCE_EXHAUSTED = "2200H";

/** True when PostgreSQL rejects the values themselves: SQLSTATE 22 (data exception), 54 (program limit exceeded). */
export function isUnstorable(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && code !== SEQUENCE_EXHAUSTED && /^(?:22|54)/.test(code);
}

/** An exhausted sequence as an error with its remedy; any other error unchanged. */
export function explainExhausted(error: unknown): unknown {
  return errorCode(error) !== SEQUENCE_EXHAUSTED || isChe168Error(error)
    ? error
    : new Che168Error(
        "DATABASE_UNUSABLE",
        `No ids are left for new rows (${(error as Error).message}). Renumber the table: see "Ids used up" in docs/deployment.md.`,
        { cause: error },
      );
}

/** How long a failing transaction is retried, with exponential back-off between attempts. Milliseconds. */
export interface RetryTimes {
  readonly maxElapsedMs: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryTimes = { maxElapsedMs: 120_000, firstWaitMs: 100, maxWaitMs: 5_000 };

export interface RetryOptions {
  readonly times?: RetryTimes | undefined;
  readonly logger?: Logger | undefined;
  /** Aborts before the next attempt, and between attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Stops retries, but not the first attempt, so that the row of a stopped run can still be closed. */
  readonly stop?: AbortSignal | undefined;
  /** How long this error is retried, counted from the first failure. @default maxElapsedMs if it is transient, else 0 */
  readonly limitMs?: ((error: unknown) => number) | undefined;
}

/**
 * Retries `work` until it succeeds, fails permanently, or `maxElapsedMs` have passed since the first failure. Logs each
 * failure with the message of PostgreSQL.
 */
export async function retryTransient<T>(
  work: (attempt: number) => Promise<T>,
  { times = DEFAULT_RETRY, logger, signal, stop, limitMs }: RetryOptions = {},
): Promise<T> {
  const limitOf = limitMs ?? ((error: unknown) => (isTransient(error) ? times.maxElapsedMs : 0));
  let firstFailure: number | undefined;
  let wait = times.firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      firstFailure ??= performance.now();
      if (performance.now() - firstFailure >= limitOf(error)) {
        throw explainExhausted(error);
      }
      stop?.throwIfAborted();
      const message = error instanceof Error ? error.message || error.name : String(error);
      logger?.warn(`A database operation failed (${message}); retrying in ${wait} ms`);
      await waitUnlessAborted(wait, [signal, stop]);
      wait = Math.min(wait * 2, times.maxWaitMs);
    }
  }
}

/** @throws the reason of the first signal that is aborted */
async function waitUnlessAborted(ms: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const given = signals.filter((signal) => signal !== undefined);
  const signal = given.length > 1 ? AbortSignal.any(given) : given[0];
  await delay(ms, undefined, { signal }).catch(() => {
    throw signal?.reason;
  });
}
