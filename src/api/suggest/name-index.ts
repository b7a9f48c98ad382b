import {
  isCodeWord,
  RUSSIAN_NAMES,
  type SearchTerm,
  type SearchWord,
  soundKey,
  soundOf,
} from "../../listing/internal.ts";
import type { NameInUse } from "./names-in-use.ts";
import { hasOneTypo, isForgiven } from "./one-typo.ts";

/** How well a name matches: by a word of its own, by the beginning of one, or only by its make. */
const WHOLE = 3;
const BEGINNING = 2;
const INHERITED = 1;

/** A word of the index with the names it belongs to. */
export interface IndexedWord {
  readonly text: string;
  /** The sound that it encodes; undefined for a written word. */
  readonly sound: string | undefined;
  readonly names: readonly NameInUse[];
}

/** Names by every word that finds them. */
export interface NameIndex {
  /** Whether a word of the index is one of these. */
  has(term: SearchTerm): boolean;
  /**
   * Names that have a word for every term, the best first: by a whole word of their own, makes, then by the number of listings.
   *
   * @param withTypo terms that match nothing may have a typo
   */
  find(terms: readonly SearchTerm[], withTypo?: boolean): NameInUse[];
  /** Words that differ from a word by one typo, or sound the same. */
  near(word: SearchWord): IndexedWord[];
}

/** Whether a term is a category's code, such as a colour: known, and no name. */
export const isCode = (term: SearchTerm): boolean => term.some(({ text }) => isCodeWord(text));

type Matches = ReadonlyMap<NameInUse, number>;

const byText = (one: { readonly text: string }, other: { readonly text: string }) =>
  one.text < other.text ? -1 : one.text > other.text ? 1 : 0;

/** Position of the first word that is not before `text`. */
function lowerBound(words: readonly IndexedWord[], text: string): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as IndexedWord).text < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function matching(words: readonly IndexedWord[], { text, isPrefix }: SearchWord): IndexedWord[] {
  const found: IndexedWord[] = [];
  for (let at = lowerBound(words, text); at < words.length; at += 1) {
    const word = words[at] as IndexedWord;
    if (isPrefix ? !word.text.startsWith(text) : word.text !== text) {
      break;
    }
    found.push(word);
  }
  return found;
}

function collectWords(
  names: readonly NameInUse[],
  wordsOf: (name: NameInUse) => readonly string[],
): IndexedWord[] {
  const words = new Map<string, Set<NameInUse>>();
  for (const name of names) {
    for (const text of wordsOf(name)) {
      const known = words.get(text);
      if (known === undefined) {
        words.set(text, new Set([name]));
      } else {
        known.add(name);
      }
    }
  }
  return [...words].map(([text, found]) => ({ text, sound: soundOf(text), names: [...found] }));
}

const LATIN = /^[a-z]{4,}$/;

/** Shorter nicknames are one letter apart from other words: `беха`, `бела`. */
const MIN_NICKNAME = 5;

/** Russian names and nicknames as words of the index, so that their beginnings and misspellings are known. */
function russianWords(words: readonly IndexedWord[]): IndexedWord[] {
  return [...RUSSIAN_NAMES].flatMap(([text, forms]) => {
    const meant = forms.flatMap((form) => matching(words, { text: form, isPrefix: form.length > 2 }));
    const names = new Set(meant.flatMap((word) => word.names));
    return names.size === 0 ? [] : [{ text, sound: undefined, names: [...names] }];
  });
}

const strength = ({ type, count }: NameInUse) => (type === "mark" ? count + 2 ** 40 : count);

/** Builds the index, some 15 words per name. Pure. */
export function createNameIndex(
  names: readonly NameInUse[],
  wordsOf: (name: NameInUse) => readonly string[],
): NameIndex {
  const collected = collectWords(names, wordsOf).sort(byText);
  const russian = russianWords(collected);
  const words = [...collected, ...russian].sort(byText);
  const guessed = [...collected, ...russian.filter(({ text }) => text.length >= MIN_NICKNAME)];

  /** The words of a make find its models too. */
  const modelsOf = Map.groupBy(
    names.filter(({ type }) => type === "model"),
    ({ parent }) => parent,
  );

  const near = ({ text, isPrefix }: SearchWord): IndexedWord[] => {
    const sound = soundOf(text);
    const typed = sound ?? text;
    if (!isForgiven(typed)) {
      return [];
    }
    // `kamri` for `Camry`: several letters, but the same sound.
    const heard = LATIN.test(typed) && sound === undefined ? soundKey(typed) : undefined;
    return guessed.filter(({ text: written, sound: other }) =>
      other === undefined
        ? sound === undefined && hasOneTypo(typed, written, isPrefix)
        : other === heard || (sound !== undefined && hasOneTypo(typed, other, isPrefix)),
    );
  };

  const matchesOf = (term: SearchTerm, find: (word: SearchWord) => readonly IndexedWord[]): Matches => {
    const matches = new Map<NameInUse, number>();
    const add = (name: NameInUse, score: number) => {
      if (score > (matches.get(name) ?? 0)) {
        matches.set(name, score);
      }
    };
    for (const wanted of term) {
      for (const word of find(wanted)) {
        for (const name of word.names) {
          add(name, word.text === wanted.text ? WHOLE : BEGINNING);
          const models = name.type === "mark" ? (modelsOf.get(name.value) ?? []) : [];
          for (const model of models) {
            add(model, INHERITED);
          }
        }
      }
    }
    return matches;
  };

  const exactly = (word: SearchWord) => matching(words, word);
  const has = (term: SearchTerm) => term.some((word) => exactly(word).length > 0);

  return {
    has,
    near,
    find: (terms, withTypo = false) => {
      const [first, ...more] = terms.map((term) => {
        const matches = matchesOf(term, exactly);
        return matches.size === 0 && withTypo && !isCode(term) ? matchesOf(term, near) : matches;
      });
      const scores = [...(first ?? new Map<NameInUse, number>())].flatMap(([name, score]) => {
        const others = more.map((matches) => matches.get(name) ?? 0);
        return others.includes(0) ? [] : [[name, Math.max(score, ...others)] as const];
      });
      return scores
        .sort(([one, score], [other, otherScore]) => otherScore - score || strength(other) - strength(one))
        .map(([name]) => name);
    },
  };
}
