import { hash32, ONE, OTHER } from "./hash.ts";

/**
 * Stable boundaries of numbered pages. A listing added between two requests would shift others to the next page, and the
 * client would read them twice; so later pages exclude listings added after the first page was read.
 */
export interface PageSnapshots {
  /**
   * @param walk key of the client and its query
   * @param page 1 starts a walk
   * @param newestId greatest id of a listing now
   * @returns the greatest id that this walk's pages may contain
   */
  snapshotFor(walk: string, page: number, newestId: number): number;
}

/** Slots for walks, a power of two. An evicted walk continues with the current list. */
const SLOTS = 32_768;
/** A walk expires this long after its last page. */
const IDLE_MS = 300_000;

/**
 * Typed arrays create no garbage: every first page starts a walk, and most never continue. A walk has two possible slots; a
 * new one evicts the older of their walks. Identified by two hashes, 64 bits together.
 */
export function createPageSnapshots(): PageSnapshots {
  const walks = new Uint32Array(2 * SLOTS);
  const newest = new Float64Array(SLOTS);
  const usedAt = new Float64Array(SLOTS).fill(Number.NEGATIVE_INFINITY);

  return {
    snapshotFor: (walk, page, newestId) => {
      const now = performance.now();
      const [one, other] = [hash32(walk, ONE), hash32(walk, OTHER)];
      const [first, second] = [one & (SLOTS - 1), other & (SLOTS - 1)];
      const holds = (slot: number) => walks[2 * slot] === one && walks[2 * slot + 1] === other;
      const isLive = (slot: number) => now - (usedAt[slot] ?? 0) <= IDLE_MS;
      const known = holds(first) ? first : holds(second) ? second : undefined;
      if (page > 1) {
        if (known === undefined || !isLive(known)) {
          return newestId;
        }
        usedAt[known] = now;
        return newest[known] ?? newestId;
      }
      const slot = known ?? ((usedAt[first] ?? 0) <= (usedAt[second] ?? 0) ? first : second);
      [walks[2 * slot], walks[2 * slot + 1]] = [one, other];
      newest[slot] = newestId;
      usedAt[slot] = now;
      return newestId;
    },
  };
}
