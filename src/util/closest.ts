/** Optimal string alignment distance: insertions, deletions, replacements and transpositions of UTF-16 units. */
function distance(one: string, other: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isTransposed =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        replaced,
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        isTransposed ? (beforePrevious[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[other.length] ?? 0;
}

/** Most typos in a word of this length: one in three characters, at most three. With more, most guesses are different words. */
const maxTypos = (length: number): number =>
  length < 2 ? 0 : Math.min(3, Math.max(1, Math.floor(length / 3)));

/**
 * The candidate that `given` probably misspells, or abbreviates to its first words (`engine`: `engine_type`), for "did you
 * mean …"; case is ignored. Undefined when none is near: a wrong guess is worse than none.
 */
export function closest(given: string, candidates: readonly string[]): string | undefined {
  const text = given.toLowerCase();
  let limit = maxTypos(text.length);
  let found: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) <= limit) {
      const steps = distance(text, candidate.toLowerCase());
      if (steps <= limit) {
        found = candidate;
        // Only a nearer one replaces it.
        limit = steps - 1;
      }
    }
  }
  if (found !== undefined || text === "") {
    return found;
  }
  const longer = candidates.filter((candidate) => /^[._-]/.test(rest(candidate.toLowerCase(), text)));
  return longer.length === 1 ? longer[0] : undefined;
}

/** What follows a prefix; empty without it. */
const rest = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : "";
