/** Counts calls in a sliding window. */
export interface CallLimit {
  /** Counts a call; returns the seconds to wait when it exceeds the limit, else 0. */
  take(at: number): number;
}

/** @param limit false: no limit */
export function createCallLimit(
  limit: { readonly calls: number; readonly windowMs: number } | false,
): CallLimit {
  const times: number[] = [];
  return {
    take(at) {
      if (limit === false) {
        return 0;
      }
      while (times.length > 0 && (times[0] ?? 0) <= at - limit.windowMs) {
        times.shift();
      }
      if (times.length >= limit.calls) {
        return Math.max(1, Math.ceil(((times[0] ?? at) + limit.windowMs - at) / 1000));
      }
      times.push(at);
      return 0;
    },
  };
}
