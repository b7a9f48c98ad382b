import { isTransient } from "../../database/index.ts";
import { Problem } from "../http/problem.ts";

/** Limits queries in number and time, so that requests do not pile up while the database hangs. */
export interface QueryLimiter {
  /**
   * @throws Problem 503 when too many queries are pending, when `work` times out, or when the database is unavailable
   */
  run<T>(work: () => Promise<T>): Promise<T>;
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
 */
export function createLimiter(options: {
  readonly timeoutMs: number;
  readonly maxPending: number;
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

  return {
    run: <T>(work: () => Promise<T>): Promise<T> => {
      if (pending.size >= options.maxPending) {
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
            reject(
              isTransient(error)
                ? Problem.unavailable(
                    "The database is unavailable; try again shortly.",
                    RETRY_AFTER_SEC,
                    error,
                  )
                : error,
            );
          },
        );
      });
    },
  };
}
