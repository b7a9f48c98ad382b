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

/** node-postgres has no code for these. */
const TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection/;

/** The SQLSTATE or the system's code of an error, looked for down its causes. */
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

/** True when the failure is of the moment: the database is away, or asks to try again. */
export function isTransient(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (NETWORK.has(code) || TRANSIENT.some((prefix) => code.startsWith(prefix)))) {
    return true;
  }
  return error instanceof Error && TEXTS.test(error.message);
}

/** True when the connection itself is gone, so that another one is needed. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  const lost = code !== undefined && (NETWORK.has(code) || code.startsWith("08") || code.startsWith("57P"));
  return lost || (error instanceof Error && TEXTS.test(error.message));
}

/** SQLSTATE of a sequence at its maximum. Of class 22, but no row is to blame. */
const SEQUENCE_EXHAUSTED = "2200H";

/** True when PostgreSQL refuses the values themselves: SQLSTATE 22 (data exception), 54 (program limit exceeded). */
export function isUnstorable(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && code !== SEQUENCE_EXHAUSTED && /^(?:22|54)/.test(code);
}

/** An exhausted sequence with its remedy; any other error unchanged. */
export function explainExhausted(error: unknown): unknown {
  return errorCode(error) !== SEQUENCE_EXHAUSTED || isChe168Error(error)
    ? error
    : new Che168Error(
        "DATABASE_UNUSABLE",
        `No ids are left for new rows (${(error as Error).message}). Renumber the table: see "Ids used up" in docs/deployment.md.`,
        { cause: error },
      );
}

/** How long a failing transaction is tried again, and how the waits between grow. Milliseconds. */
export interface RetryTimes {
  readonly maxElapsedMs: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export const DEFAULT_RETRY: RetryTimes = { maxElapsedMs: 120_000, firstWaitMs: 100, longestWaitMs: 5_000 };

/**
 * Runs `work` until it succeeds, fails for good, or `maxElapsedMs` have passed since the first failure.
 * Each failure is logged with PostgreSQL's own words.
 */
export async function retryTransient<T>(
  work: (attempt: number) => Promise<T>,
  options: { times?: RetryTimes; logger?: Logger; signal?: AbortSignal } = {},
): Promise<T> {
  const times = options.times ?? DEFAULT_RETRY;
  let firstFailure: number | undefined;
  let wait = times.firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      options.signal?.throwIfAborted();
      firstFailure ??= performance.now();
      if (!isTransient(error) || performance.now() - firstFailure >= times.maxElapsedMs) {
        throw explainExhausted(error);
      }
      const message = error instanceof Error ? error.message : String(error);
      options.logger?.warn(
        `The database did not take a transaction (${message}); trying again in ${wait} ms`,
      );
      await delay(wait, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
        throw options.signal?.reason;
      });
      wait = Math.min(wait * 2, times.longestWaitMs);
    }
  }
}
