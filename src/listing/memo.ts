/** Longer texts are rarely met twice; they are computed each time. */
const MAX_KEPT_LENGTH = 200;

/**
 * The function with its results kept for texts met before: trims, specification values and spellings repeat a lot.
 * When `limit` texts are kept all are forgotten, so memory stays bounded whatever comes. Results are shared: they
 * must not be changed.
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
  /** What came behind it last time. */
  next: Met<T> | undefined;
}

/**
 * {@link memo} for texts that come in nearly the same order with every listing, as the names of a table do: what came
 * behind the last one before is compared first, which costs less than looking it up.
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
        // What was met before leads to more of it.
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
