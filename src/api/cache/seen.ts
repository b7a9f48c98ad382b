import { hash32, ONE, OTHER } from "./hash.ts";

/** Knows texts that were there before. */
export interface Doorkeeper {
  /** Whether this text was there before, as far as is known; from now on it was. */
  before(text: string): boolean;
  clear(): void;
}

/**
 * For what most come for once: it keeps two hashes of a text and not the text, so that one that never comes again leaves
 * nothing to be collected. Now and then a text is forgotten for another that falls on its place, or one in four
 * thousand million taken for another: whoever asks must do with that.
 *
 * @param places a power of two
 */
export function createDoorkeeper(places: number): Doorkeeper {
  const hashes = new Uint32Array(places);
  return {
    before: (text) => {
      const place = hash32(text, ONE) & (places - 1);
      // 0 is an empty place.
      const hash = hash32(text, OTHER) || 1;
      const known = hashes[place] === hash;
      hashes[place] = hash;
      return known;
    },
    clear: () => void hashes.fill(0),
  };
}
