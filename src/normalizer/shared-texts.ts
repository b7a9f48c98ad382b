import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { encodeUtf8 } from "../util/utf8.ts";
import type { SharedText } from "./document.ts";

/** Of all kept texts together, two bytes each. */
const MAX_CHARACTERS = 16_000_000;
/** What an entry takes besides its text, in characters. */
const ENTRY_SIZE = 100;
/** Weight of a look-up in the share of known texts: the last hundred matter. */
const WEIGHT = 0.01;
/** From this share on, sending keys and fetching unknown texts costs less than sending all texts. */
const MIN_KNOWN_SHARE = 0.6;

/** Long texts of documents by the MD5 of their UTF-8: as they were sent by the service, or as PostgreSQL prints them. */
export interface SharedTexts {
  /** Whether so many of the last texts were known that keys should be read instead of texts. */
  areMostlyKnown(): boolean;
  /** The text with a key, if it is kept. */
  find(key: string): string | undefined;
  /** Keeps a text. */
  keep(key: string, text: string): void;
  /**
   * Notes that a text occurred; keeps it from the second time on, because most texts may occur once.
   *
   * @param key computed when it is empty
   */
  meet(text: string, key?: string): SharedText;
}

const keyOf = (text: string): string => hash("md5", encodeUtf8([text]));

/** Creates an empty store of bounded size, which drops the least recently used texts. */
export function createSharedTexts(): SharedTexts {
  // An empty text was seen once.
  const kept = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length + ENTRY_SIZE,
  });
  let knownShare = 0;
  const count = (isKnown: boolean) => {
    knownShare += WEIGHT * ((isKnown ? 1 : 0) - knownShare);
  };
  return {
    areMostlyKnown: () => knownShare >= MIN_KNOWN_SHARE,
    find: (key) => {
      const text = kept.get(key) || undefined;
      count(text !== undefined);
      return text;
    },
    keep: (key, text) => {
      kept.set(key, text);
    },
    meet: (text, givenKey) => {
      const key = givenKey || keyOf(text);
      const known = kept.get(key);
      count(known !== undefined);
      if (!known) {
        kept.set(key, known === undefined ? "" : text);
      }
      return { key, text: known || text, isKnown: known !== undefined };
    },
  };
}
