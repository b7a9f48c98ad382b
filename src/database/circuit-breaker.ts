import { isTransient } from "./retry-transient.ts";

/**
 * Asks a server that may be away, for someone who can do without its answer: nobody waits longer than `timeoutMs`, and
 * after a failure nobody asks for `cooldownMs`.
 *
 * @returns rejects with the server's error, or with ETIMEDOUT; at once, and with the last error, while it rests
 */
export function createCircuitBreaker(options: {
  timeoutMs: number;
  cooldownMs: number;
}): <T>(work: () => Promise<T>) => Promise<T> {
  let restsUntil = Number.NEGATIVE_INFINITY;
  let last: unknown;

  return async (work) => {
    if (performance.now() < restsUntil) {
      throw last;
    }
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new Error(`The database has not answered within ${options.timeoutMs} ms`);
      reject(Object.assign(error, { code: "ETIMEDOUT" }));
    }, options.timeoutMs).unref();
    try {
      return await Promise.race([work(), tooLate]);
    } catch (error) {
      if (isTransient(error)) {
        last = error;
        restsUntil = performance.now() + options.cooldownMs;
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
