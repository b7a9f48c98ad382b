import { abortable, sleep } from "../util/abort.ts";

/** Serialises the starts of requests with a minimum interval between them. */
export interface Throttle {
  /**
   * Resolves when the caller's request may start, in the order of the calls.
   * @throws `signal.reason` when the signal aborts first; the turn then passes to the next caller without a wait
   */
  turn(signal?: AbortSignal): Promise<void>;
}

/** Creates a throttle with at least `intervalMs` milliseconds from one start to the next. */
export function createThrottle(intervalMs: number): Throttle {
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
      const turn = queue.then(() => start(signal));
      // The next caller waits until this turn is over, regardless of its outcome.
      queue = turn.catch(() => {});
      return abortable(turn, signal);
    },
  };
}
