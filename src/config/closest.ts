import { closestMatch } from "leven";

/**
 * The one of `candidates` that was probably meant by `given`, for «did you mean …».
 * Undefined when nothing is near: a wrong suggestion is worse than none.
 */
export function closest(given: string, candidates: readonly string[]): string | undefined {
  const lower = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const maxDistance = Math.max(1, Math.floor(given.length / 3));
  const match = closestMatch(given.toLowerCase(), [...lower.keys()], { maxDistance });
  return match === undefined ? undefined : lower.get(match);
}
