/** Longer texts are rarely met twice; they are computed each time. */
const LONGEST_KEPT = 200;

/**
 * The function with its results kept for texts met before: trims, specification values and spellings repeat a lot.
 * When `limit` texts are kept all are forgotten, so memory stays bounded whatever comes. Results are shared: they
 * must not be changed.
 */
export function memo<T>(compute: (text: string) => T, limit = 20_000): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_KEPT) return compute(text);
    const known = kept.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (kept.size >= limit) kept.clear();
    kept.set(text, result);
    return result;
  };
}
