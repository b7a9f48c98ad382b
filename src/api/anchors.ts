import { LRUCache } from "lru-cache";

/**
 * Where a walk by page numbers began. Listings that are added while someone reads page after page would push others over
 * a page border, to be read twice; so the pages behind the first leave out what came after the first was read.
 */
export interface Anchors {
  /**
   * @param walk who walks through what
   * @param page 1 begins a walk
   * @param newestId the newest listing now
   * @returns the newest listing that pages of this walk may show
   */
  at(walk: string, page: number, newestId: number): number;
}

/** Walks that are remembered; who is forgotten sees the list as it is now. */
const WALKS = 5_000;
/** A walk is over when nobody has asked for a page of it for so long. */
const IDLE_MS = 300_000;

export function createAnchors(): Anchors {
  const walks = new LRUCache<string, number>({ max: WALKS, ttl: IDLE_MS, updateAgeOnGet: true });
  return {
    at: (walk, page, newestId) => {
      if (page > 1) {
        return walks.get(walk) ?? newestId;
      }
      walks.set(walk, newestId);
      return newestId;
    },
  };
}
