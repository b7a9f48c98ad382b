import type { Vocabulary } from "../vocabulary/index.ts";
import { searchWords } from "./listing-words.ts";
import russianWords from "./russian-words.json" with { type: "json" };
import { soundKey } from "./sound-key.ts";
import { CODED, codeWord, joined, soundWord } from "./word-forms.ts";

/** A word of the index, or the beginning of one. */
export interface SearchWord {
  readonly text: string;
  readonly isPrefix: boolean;
}

/** The alternatives for one part of a query: a listing matches if it has one of these words. */
export type SearchTerm = readonly SearchWord[];

/** A part of a query: one word, or a phrase of the vocabulary. */
export interface SearchPart {
  readonly words: readonly string[];
  readonly term: SearchTerm;
}

/** Russian names and nicknames of makes and models, with the beginnings of the indexed words that they match. */
export const RUSSIAN_NAMES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(russianWords));
/** Cyrillic letters that look like Latin ones on a keyboard: `х5` is `x5`. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ а: "a", в: "b", е: "e", к: "k", м: "m", н: "h", о: "o", р: "p", с: "c", т: "t", у: "y", х: "x" },
};
const CYRILLIC = /\p{Script=Cyrillic}/u;
/** Longest phrase of the vocabulary, in words: `полный привод`. */
const MAX_PHRASE = 3;
/** Shorter sounds match too many words. */
const MIN_SOUND = 3;
const ENDING = /(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|ую)$/;

/** Codes by the stem of their Russian label, so that `белая` finds `белый`. */
const stems = new WeakMap<Vocabulary, ReadonlyMap<string, string>>();

function stemsOf(vocabulary: Vocabulary): ReadonlyMap<string, string> {
  const known = stems.get(vocabulary);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<string, string>();
  for (const category of CODED) {
    for (const [code, { ru }] of vocabulary.categories[category].labels) {
      const label = ru.toLowerCase().replaceAll("ё", "е");
      if (ENDING.test(label) && !label.includes(" ")) {
        found.set(label.replace(ENDING, ""), codeWord(category, code));
      }
    }
  }
  stems.set(vocabulary, found);
  return found;
}

/** Words of the index for a phrase that the vocabulary knows: codes of categories, and makes by all their names. */
function knownPhrase(phrase: readonly string[], vocabulary: Vocabulary): string[] {
  const text = phrase.join(" ");
  const words = CODED.flatMap((category) => {
    const code = vocabulary.categories[category].find(text);
    return code === null || code === "other" ? [] : [codeWord(category, code)];
  });
  const mark = vocabulary.marks.find(text);
  const stem = phrase.length === 1 ? stemsOf(vocabulary).get(text.replace(ENDING, "")) : undefined;
  return [
    ...words,
    ...(stem === undefined ? [] : [stem]),
    ...(mark === null ? [] : [joined(mark.toLowerCase())]),
  ];
}

function lookAlike(word: string): string | undefined {
  const latin = [...word].map((letter) => LOOK_ALIKES[letter] ?? letter).join("");
  return CYRILLIC.test(word) && !CYRILLIC.test(latin) && (word.length <= 4 || /\d/.test(word))
    ? latin
    : undefined;
}

/** A single letter or digit must be a whole word, or it would match nearly everything. */
const wordOf = (text: string): SearchWord => ({
  text,
  isPrefix: !/^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]$/u.test(text),
});

/** The indexed words that match one word of a query. */
function alternatives(word: string, vocabulary: Vocabulary): SearchTerm {
  const forms = new Set([word, joined(word)]);
  const latin = lookAlike(word);
  if (latin !== undefined) {
    forms.add(latin);
  }
  for (const form of RUSSIAN_NAMES.get(word) ?? []) {
    forms.add(form);
  }
  const exact = knownPhrase([word], vocabulary).filter((form) => !forms.has(form));
  const sound = CYRILLIC.test(word) ? soundKey(word) : "";
  return [
    ...[...forms].filter((form) => form !== "").map(wordOf),
    ...exact.map((text) => ({ text, isPrefix: false })),
    ...(sound.length >= MIN_SOUND ? [{ text: soundWord(sound), isPrefix: true }] : []),
  ];
}

/**
 * The alternatives for each part of a query: Latin, Russian and Chinese names, look-alike letters, names without their
 * separators, nicknames, and words of the vocabulary such as colours. Pure.
 */
export function searchTerms(text: string, vocabulary: Vocabulary): SearchTerm[] {
  return searchParts(text, vocabulary).map(({ term }) => term);
}

/** {@link searchTerms} with the words of each part, in lower case. */
export function searchParts(text: string, vocabulary: Vocabulary): SearchPart[] {
  const words = searchWords(text);
  const parts: SearchPart[] = [];
  for (let at = 0; at < words.length; ) {
    let length = 1;
    for (let longer = Math.min(MAX_PHRASE, words.length - at); longer > 1; longer -= 1) {
      const phrase = words.slice(at, at + longer);
      const known = knownPhrase(phrase, vocabulary);
      if (known.length > 0) {
        parts.push({ words: phrase, term: known.map((one) => ({ text: one, isPrefix: false })) });
        length = longer;
        break;
      }
    }
    if (length === 1) {
      const word = words[at] as string;
      parts.push({ words: [word], term: alternatives(word, vocabulary) });
    }
    at += length;
  }
  return parts;
}
