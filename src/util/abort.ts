/** The longest time a timer of Node.js can hold; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A signal that follows others, and the way to let go of them. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Aborts only this signal, not those it follows. */
  abort(reason: unknown): void;
  /** Must be called in the end: else the others keep a listener for every request ever made. */
  unlink(): void;
}

/** Gives a signal that aborts, with the same reason, as soon as one of `sources` does. */
export function linkSignals(...sources: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const unlinks: (() => void)[] = [];
  for (const source of sources) {
    if (source === undefined) {
      continue;
    }
    const follow = () => controller.abort(source.reason);
    if (source.aborted) {
      follow();
      break;
    }
    source.addEventListener("abort", follow, { once: true });
    unlinks.push(() => source.removeEventListener("abort", follow));
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink() {
      for (const unlink of unlinks) {
        unlink();
      }
    },
  };
}

/**
 * Resolves after `ms` milliseconds by the monotonic clock, so that a wall clock set back does not prolong it; at once
 * for 0 or less.
 * @throws `signal.reason` as soon as the signal aborts.
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) {
    await timer(Math.min(Math.ceil(left), MAX_TIMER_MS), signal);
  }
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timeout);
      reject(signal?.reason);
    };
    const timeout = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
