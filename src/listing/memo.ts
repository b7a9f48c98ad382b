/** Longer texts rarely repeat; they are computed each time. */
const MAX_KEPT_LENGTH = 200;

/**
 * Memoises a function of text: trims, specification values and spellings repeat a lot. The cache is cleared at `limit`
 * entries, so memory is bounded. Results are shared and must not be changed.
 */
export function memo<T>(compute: (text: string) => T, limit = 20_000): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    if (text.length > MAX_KEPT_LENGTH) {
      return compute(text);
    }
    const known = kept.get(text);
    if (known !== undefined) {
      return known;
    }
    const result = compute(text);
    if (kept.size >= limit) {
      kept.clear();
    }
    kept.set(text, result);
    return result;
  };
}

interface Met<T> {
  readonly text: string;
  readonly result: T;
  /** The text that followed it last time. */
  next: Met<T> | undefined;
}

/**
 * {@link memo} for texts that repeat in nearly the same order, as the names of a table do: the text that followed the
 * previous one last time is compared first, which costs less than a lookup.
 */
export function memoInOrder<T>(compute: (text: string) => T, limit = 20_000): (text: string) => T {
  const kept = new Map<string, Met<T>>();
  let last: Met<T> | undefined;
  return (text) => {
    const expected = last?.next;
    if (expected?.text === text) {
      last = expected;
      return expected.result;
    }
    if (text.length > MAX_KEPT_LENGTH) {
      return compute(text);
    }
    let met = kept.get(text);
    if (met === undefined) {
      met = { text, result: compute(text), next: undefined };
      if (kept.size >= limit) {
        // Entries link to each other: without this the old ones stay reachable.
        kept.clear();
        last = undefined;
      }
      kept.set(text, met);
    }
    if (last !== undefined) {
      last.next = met;
    }
    last = met;
    return met.result;
  };
}
