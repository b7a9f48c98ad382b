import { sleep } from "../util/abort.ts";

/** Lets one request start at a time, and none sooner than an interval after the one before it. */
export interface Pace {
  /**
   * Resolves when the caller's request may start. Callers get their turn in the order in which they asked.
   * @throws `signal.reason` when the signal aborts first; the turn then goes to the next caller, at no cost.
   */
  turn(signal?: AbortSignal): Promise<void>;
}

/** Makes a pace of at least `intervalMs` milliseconds from the start of a request to the start of the next. */
export function createPace(intervalMs: number): Pace {
  let earliest = Number.NEGATIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  async function start(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) {
      return;
    }
    await sleep(earliest - performance.now(), signal);
    earliest = performance.now() + intervalMs;
  }

  return {
    turn(signal) {
      const mine = queue.then(() => start(signal));
      // Those behind wait for the turn to be over, however it ended.
      queue = mine.catch(() => {});
      return untilAborted(mine, signal);
    },
  };
}

/** The same promise, except that it does not wait longer than the signal allows. */
function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
