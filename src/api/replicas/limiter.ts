import { isStatementTimeout, isTransient } from "../../database/index.ts";
import { Problem } from "../http/problem.ts";

/** Limits queries in number and time, so that requests do not pile up while the database hangs. */
export interface QueryLimiter {
  /**
   * @param onEnd called when `work` has ended, which may be after it timed out
   * @throws Problem 503 when too many queries are pending, when `work` or its statement times out, or when the database is
   * unavailable
   */
  run<T>(work: () => Promise<T>, onEnd?: () => void): Promise<T>;
}

/** Cleared when the work is done: V8 keeps a busy Set's old backing store, and everything it references, until the next major GC. */
interface Pending {
  readonly deadline: number;
  abort: (() => void) | undefined;
}

/** Precision of the timeout. One timer checks all deadlines: a timer per query costs more than the rest. */
const CHECK_EVERY_MS = 100;
const RETRY_AFTER_SEC = 5;

/**
 * @param options.timeoutMs limit of one piece of work, including the wait for a connection
 * @param options.maxPending concurrent pieces of work; the next one fails immediately
 * @param options.onStatementTimeout called when a statement was cancelled by PostgreSQL's own time limit
 */
export function createLimiter(options: {
  readonly timeoutMs: number;
  readonly maxPending: number;
  readonly onStatementTimeout?: (() => void) | undefined;
}): QueryLimiter {
  const pending = new Set<Pending>();
  let timer: NodeJS.Timeout | undefined;

  const abortExpired = () => {
    const now = performance.now();
    for (const one of pending) {
      // The order of insertion is the order of deadlines.
      if (one.deadline > now) {
        break;
      }
      pending.delete(one);
      one.abort?.();
    }
    if (pending.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  const problemOf = (error: unknown): unknown => {
    if (isStatementTimeout(error)) {
      options.onStatementTimeout?.();
      return Problem.statementTimeout();
    }
    return isTransient(error)
      ? Problem.unavailable("The database is unavailable; try again shortly.", RETRY_AFTER_SEC, error)
      : error;
  };

  return {
    run: <T>(work: () => Promise<T>, onEnd?: () => void): Promise<T> => {
      if (pending.size >= options.maxPending) {
        onEnd?.();
        return Promise.reject(
          Problem.unavailable("Too many requests are waiting for the database; try again shortly.", 1),
        );
      }
      return new Promise<T>((resolve, reject) => {
        const one: Pending = {
          deadline: performance.now() + options.timeoutMs,
          abort: () =>
            reject(Problem.unavailable("The database does not respond; try again shortly.", RETRY_AFTER_SEC)),
        };
        const done = () => {
          pending.delete(one);
          one.abort = undefined;
          onEnd?.();
        };
        pending.add(one);
        timer ??= setInterval(abortExpired, CHECK_EVERY_MS).unref();
        work().then(
          (value) => {
            done();
            resolve(value);
          },
          (error: unknown) => {
            done();
            reject(problemOf(error));
          },
        );
      });
    },
  };
}
