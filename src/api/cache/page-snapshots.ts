import { hash32, ONE, OTHER } from "./hash.ts";

/**
 * Where a walk by page numbers began. Listings that are added while someone reads page after page would push others over
 * a page border, to be read twice; so the pages behind the first leave out what came after the first was read.
 */
export interface PageSnapshots {
  /**
   * @param walk who walks through what
   * @param page 1 begins a walk
   * @param newestId the newest listing now
   * @returns the newest listing that pages of this walk may show
   */
  at(walk: string, page: number, newestId: number): number;
}

/** Places for walks, a power of two; who is forgotten sees the list as it is now. */
const PLACES = 32_768;
/** A walk is over when nobody has asked for a page of it for so long. */
const IDLE_MS = 300_000;

/**
 * Every first page begins a walk, and most are never gone on with: numbers in tables, which leave nothing to be collected.
 * A walk has two places, and the one that was asked for longer ago gives way. A walk is known by both of its hashes, which
 * no two walks share in a human life.
 */
export function createAnchors(): PageSnapshots {
  const names = new Uint32Array(2 * PLACES);
  const newest = new Float64Array(PLACES);
  const askedAt = new Float64Array(PLACES).fill(Number.NEGATIVE_INFINITY);

  return {
    at: (walk, page, newestId) => {
      const now = performance.now();
      const [one, other] = [hash32(walk, ONE), hash32(walk, OTHER)];
      const [first, second] = [one & (PLACES - 1), other & (PLACES - 1)];
      const isAt = (place: number) => names[2 * place] === one && names[2 * place + 1] === other;
      const isLive = (place: number) => now - (askedAt[place] ?? 0) <= IDLE_MS;
      const known = isAt(first) ? first : isAt(second) ? second : undefined;
      if (page > 1) {
        if (known === undefined || !isLive(known)) {
          return newestId;
        }
        askedAt[known] = now;
        return newest[known] ?? newestId;
      }
      const place = known ?? ((askedAt[first] ?? 0) <= (askedAt[second] ?? 0) ? first : second);
      [names[2 * place], names[2 * place + 1]] = [one, other];
      newest[place] = newestId;
      askedAt[place] = now;
      return newestId;
    },
  };
}
