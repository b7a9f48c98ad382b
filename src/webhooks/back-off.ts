const FIRST_MS = 2_000;
const MAX_MS = 3_600_000;

/**
 * Wait after a failed attempt, in milliseconds: doubles up to an hour; half of it is random, so that endpoints of one host do
 * not retry together. Pure.
 *
 * @param failures in a row, at least 1
 * @param random from 0 to 1
 * @param retryAfterMs as requested by the receiver; at most an hour is honoured
 */
export function backOffMs(failures: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(Math.max(full * (0.5 + random / 2), Math.min(retryAfterMs, MAX_MS)));
}
