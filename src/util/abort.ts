/** Longest delay of a Node.js timer; a longer one would fire immediately. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A signal that follows others until it is unlinked. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Aborts this signal only, not those it follows. */
  abort(reason: unknown): void;
  /** Removes the listeners from the followed signals. Must be called at the end. */
  unlink(): void;
}

/**
 * Creates a signal that aborts, with the same reason, when one of `sources` does. `AbortSignal.any` is not used: every
 * composite stays in memory as long as its longest-lived source (https://github.com/nodejs/node/issues/64476).
 */
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
 * Resolves like the promise, but does not wait for it after the signal aborts.
 * @throws `signal.reason`
 */
export async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Resolves after `ms` milliseconds of the monotonic clock, so that setting the wall clock back does not prolong it;
 * immediately for 0 or less.
 * @throws `signal.reason` as soon as the signal aborts
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) {
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(Math.ceil(left), MAX_TIMER_MS));
    });
    try {
      await abortable(due, signal);
    } finally {
      clearTimeout(timer);
    }
  }
}
