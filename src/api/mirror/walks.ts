import { LRUCache } from "lru-cache";

/**
 * The last listing of each page that a client has read, so that its next page continues there (keyset), whatever was
 * added or ended in between. Clients know page numbers only.
 */
export interface Walks {
  /** The last listing of the page before `page`; undefined when this client has not read it. */
  before(walk: string, page: number): string | undefined;
  remember(walk: string, page: number, lastInnerId: string): void;
}

/** Walks in memory: a client that filters differently, or with another token, is another one. */
const MAX_WALKS = 50;
/** Pages of a walk: 1,000,000 listings. */
const MAX_PAGES = 50_000;

/** @returns walks in memory; after a restart, the first page of a continued walk is found by its offset */
export function createWalks(): Walks {
  const walks = new LRUCache<string, LRUCache<number, string>>({ max: MAX_WALKS });
  return {
    before: (walk, page) => walks.get(walk)?.get(page - 1),
    remember: (walk, page, lastInnerId) => {
      let pages = walks.get(walk);
      if (pages === undefined || page === 1) {
        // A restarted walk must not continue at the boundaries of the previous one.
        pages = new LRUCache({ max: MAX_PAGES });
        walks.set(walk, pages);
      }
      pages.set(page, lastInnerId);
    },
  };
}
