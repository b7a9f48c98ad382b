import { lowerBound } from "./lower-bound.ts";

/**
 * Stateless random numbers: the sandbox stores no listings but computes them from their index on demand.
 */

/** Spreads `value` over 32 bits (an integer hash with full avalanche). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An integer 0..2^32-1 for `index` with a seed. */
export function hash(seed: number, index: number): number {
  return mix(mix(seed + 0x9e3779b9) ^ mix(index + 0x7f4a7c15));
}

/** A fraction 0..1 (1 excluded) of a hash. */
export function fractionOf(value: number): number {
  return value / 4_294_967_296;
}

/** The element chosen by `value` (a hash). @throws RangeError on an empty list */
export function pick<T>(list: readonly T[], value: number): T {
  const element = list[value % list.length];
  if (element === undefined) {
    throw new RangeError("nothing to pick from");
  }
  return element;
}

/**
 * Weighted choice: returns a function from a hash to the index of a weight.
 * @param weights at least one, all positive
 */
export function weighted(weights: readonly number[]): (value: number) => number {
  const bounds = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    bounds[index] = sum;
  }
  return (value) => {
    const target = fractionOf(value) * sum;
    return lowerBound(0, bounds.length - 1, (at) => (bounds[at] as number) <= target);
  };
}
