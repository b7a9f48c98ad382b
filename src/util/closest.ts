import { closestMatch } from "leven";

/**
 * The one of `candidates` that was probably meant by `given`, for «did you mean …».
 * Undefined when nothing is near: a wrong suggestion is worse than none.
 */
export function closest(given: string, candidates: readonly string[]): string | undefined {
  const lower = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  // Two letters the wrong way round are a distance of two.
  const maxDistance = given.length <= 3 ? 1 : Math.max(2, Math.ceil(given.length / 3));
  const match = closestMatch(given.toLowerCase(), [...lower.keys()], { maxDistance });
  return match === undefined ? undefined : lower.get(match);
}
