import { fractionOf, hash } from "../src/sandbox/world/random.ts";

/** Pseudo-random numbers from 0 to 1 (1 excluded), equal for equal seeds. */
export function numbersFrom(seed: number): () => number {
  let index = 0;
  return () => fractionOf(hash(seed, index++));
}
