import { createRecent } from "./recent.ts";

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
  const walks = createRecent<{ newestId: number; askedAt: number }>(WALKS);
  return {
    at: (walk, page, newestId) => {
      const now = performance.now();
      if (page > 1) {
        const begun = walks.get(walk);
        if (begun === undefined || now - begun.askedAt > IDLE_MS) {
          return newestId;
        }
        begun.askedAt = now;
        return begun.newestId;
      }
      walks.set(walk, { newestId, askedAt: now });
      return newestId;
    },
  };
}
