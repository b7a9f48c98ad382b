import { type SearchTerm, soundKey } from "../../listing/internal.ts";
import type { Labels } from "../schema/labels.ts";
import { type IndexedWord, isCode, type NameIndex } from "./name-index.ts";

/** Candidates for one word, the most frequent names first. */
const MAX_CANDIDATES = 8;

const mostListings = ({ names }: IndexedWord) => names.reduce((most, { count }) => Math.max(most, count), 0);

/** A word as a person writes it: for a sound, the word of the name that has it. */
function spellingOf({ text, sound, names: [name] }: IndexedWord): string {
  if (sound === undefined) {
    return text;
  }
  const words = name?.value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.find((word) => soundKey(word) === sound) ?? words.join("");
}

/** Spellings of names that one typo turns into the term, the likeliest first. */
function candidatesFor(term: SearchTerm, index: NameIndex): string[] {
  const isSound = ({ sound }: IndexedWord) => Number(sound !== undefined);
  const near = term.flatMap(({ text }) => index.near({ text, isPrefix: false }));
  return near
    .toSorted((one, other) => isSound(one) - isSound(other) || mostListings(other) - mostListings(one))
    .slice(0, MAX_CANDIDATES)
    .map(spellingOf);
}

/**
 * A query whose unknown words are replaced by names that differ from them by one typo and fit the other words; undefined when
 * there is nothing to replace. Of several names, the one with the most listings is taken. Pure.
 */
export function correctedText(text: string, index: NameIndex, labels: Labels): string | undefined {
  const parts = labels.searchParts(text);
  const isKnown = ({ term }: (typeof parts)[number]) => isCode(term) || index.has(term);
  // What the name must fit: colours and the like belong to no name.
  const named = parts.filter((part) => isKnown(part) && !isCode(part.term)).map(({ term }) => term);
  let isCorrected = false;
  const words = parts.map((part) => {
    const fitting = isKnown(part)
      ? undefined
      : candidatesFor(part.term, index).find(
          (candidate) => index.find([...named, ...labels.searchTerms(candidate)]).length > 0,
        );
    if (fitting === undefined) {
      return part.words.join(" ");
    }
    isCorrected = true;
    named.push(...labels.searchTerms(fitting));
    return fitting;
  });
  return isCorrected ? words.join(" ") : undefined;
}
