import { soundKey, soundWord } from "../../listing/internal.ts";
import type { Labels } from "../schema/labels.ts";
import type { NameIndex } from "./name-index.ts";
import type { NameInUse } from "./names-in-use.ts";

const CYRILLIC = /\p{Script=Cyrillic}/u;

/** Beginnings up to this length match by their sound, however short; a search needs more of it. */
const MAX_LETTERS = 2;

/** No name has more words, and each unknown word is compared with all names. */
const MAX_PARTS = 8;

/** Names that complete a text, the best first; with a typo in each word only if there are no others. Pure. */
export function suggestedNames(text: string, index: NameIndex, labels: Labels): NameInUse[] {
  const parts = labels.searchParts(text);
  if (parts.length > MAX_PARTS) {
    return [];
  }
  const last = parts.at(-1);
  const typing = last?.words.at(-1) ?? "";
  const terms = parts.map(({ term }) => term);
  // Unlike in a search, the last word may be unfinished after a single letter.
  const unfinished = last === undefined ? [] : [...last.term, { text: typing, isPrefix: true }];
  if (CYRILLIC.test(typing) && typing.length <= MAX_LETTERS) {
    unfinished.push({ text: soundWord(soundKey(typing)), isPrefix: true });
  }
  const wanted = [...terms.slice(0, -1), unfinished].filter((term) => term.length > 0);
  const found = index.find(wanted);
  return found.length > 0 ? found : index.find(wanted, true);
}
