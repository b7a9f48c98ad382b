/** Levenshtein distance: insertions, deletions and replacements of UTF-16 units. */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current[column] = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}

/**
 * The candidate that `given` probably misspells, for "did you mean …"; case is ignored. Undefined when none is near: a wrong
 * suggestion is worse than none.
 */
export function closest(given: string, candidates: readonly string[]): string | undefined {
  // A transposition is a distance of two.
  let limit = given.length <= 3 ? 1 : Math.max(2, Math.ceil(given.length / 3));
  let found: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - given.length) <= limit) {
      const steps = distance(given.toLowerCase(), candidate.toLowerCase());
      if (steps <= limit) {
        found = candidate;
        // Only a nearer one replaces it.
        limit = steps - 1;
      }
    }
  }
  return found;
}
