/**
 * Binary search: the first place from `from` to `to` (excluded) whose element does not precede the one searched for; `to` if
 * all do.
 *
 * @param precedes true for a beginning of the places, false for the rest
 */
export function lowerBound(from: number, to: number, precedes: (place: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (precedes(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
