import { isTransient } from "./retry-transient.ts";

/**
 * Circuit breaker for optional queries: times out after `timeoutMs`, then fails fast for `cooldownMs`.
 *
 * @returns runs a query; rejects with the server's error or ETIMEDOUT; while open, immediately with the last error
 */
export function createCircuitBreaker({
  timeoutMs,
  cooldownMs,
}: {
  readonly timeoutMs: number;
  readonly cooldownMs: number;
}): <T>(work: () => Promise<T>) => Promise<T> {
  let openUntil = Number.NEGATIVE_INFINITY;
  let last: unknown;

  return async (work) => {
    if (performance.now() < openUntil) {
      throw last;
    }
    const { promise: timedOut, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new Error(`No response from the database within ${timeoutMs} ms`);
      reject(Object.assign(error, { code: "ETIMEDOUT" }));
    }, timeoutMs).unref();
    try {
      return await Promise.race([work(), timedOut]);
    } catch (error) {
      if (isTransient(error)) {
        last = error;
        openUntil = performance.now() + cooldownMs;
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
