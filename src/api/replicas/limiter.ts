import { isTransient } from "../../database/index.ts";
import { Problem } from "../http/problem.ts";

/** The way to the database: bounded in number and in time, so that requests never pile up behind a database that hangs. */
export interface QueryLimiter {
  /**
   * @throws Problem 503 when too many wait already, when `work` takes too long, or when the database is away
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * What is emptied when its work is done. A set that is always in use grows into ever new tables, and a table that V8 has
 * left keeps what stood in it alive until the next long collection: with it all that the answers were made of.
 */
interface Waiting {
  readonly until: number;
  giveUp: (() => void) | undefined;
}

/** How exactly the longest time is kept. One timer looks after everyone: a timer each costs more than the rest. */
const LOOK_EVERY_MS = 100;
const RETRY_AFTER_SEC = 5;

/**
 * @param options.timeoutMs how long one piece of work may take, waiting for a connection included
 * @param options.maxWaiting how many pieces may be under way
 */
export function createLimiter(options: { timeoutMs: number; maxWaiting: number }): QueryLimiter {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    const now = performance.now();
    for (const one of waiting) {
      // The order of arrival is the order of deadlines.
      if (one.until > now) {
        break;
      }
      waiting.delete(one);
      one.giveUp?.();
    }
    if (waiting.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    run: <T>(work: () => Promise<T>): Promise<T> => {
      if (waiting.size >= options.maxWaiting) {
        return Promise.reject(
          Problem.unavailable("Too many requests wait for the database; try again shortly.", 1),
        );
      }
      return new Promise<T>((resolve, reject) => {
        const one: Waiting = {
          until: performance.now() + options.timeoutMs,
          giveUp: () =>
            reject(Problem.unavailable("The database does not answer; try again shortly.", RETRY_AFTER_SEC)),
        };
        const done = () => {
          waiting.delete(one);
          one.giveUp = undefined;
        };
        waiting.add(one);
        timer ??= setInterval(look, LOOK_EVERY_MS).unref();
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
                    "The database is not available; try again shortly.",
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
