import { memo } from "../memo.ts";
import { spellingKey } from "../parse/text.ts";
import type { Term, TermLabels, UserTerm } from "./types.ts";

/** Terms ready to be looked up by any of their spellings. */
export interface Lexicon {
  /** Labels of every code. */
  readonly labels: ReadonlyMap<string, TermLabels>;
  /** The code that a text spells, compared by the lexicon's key; null when none does. */
  find(text: string): string | null;
  /** The code of the longest spelling that the text ends with; two letters (`RV`) are too few to tell. */
  findAtEnd(text: string): string | null;
  /** The longest spelling that the text begins with, and where the text goes on behind it. */
  findInFront(text: string): Front | null;
  /** Every spelling of this very code that the text begins with, the longest first. */
  allInFront(text: string, code: string): Front[];
}

export interface Front {
  readonly code: string;
  /** As the lexicon compares it. */
  readonly spelling: string;
  /** Where the text goes on behind it. */
  readonly length: number;
}

type KeyOf = (text: string) => string;

const HAN = /\p{Script=Han}/u;
const LETTER_THAT_JOINS = /[\p{Script=Latin}\p{Script=Cyrillic}]/u;

/** Key for names of options and specifications: punctuation differs from year to year (`N·m`, `N.m`; `(kW)`). */
export function looseKey(text: string): string {
  return spellingKey(text).replace(/[^\p{L}\p{N}%+]+/gu, "");
}

/** Terms of a file with a user's terms laid over them. */
export function mergeTerms(
  terms: Readonly<Record<string, Term>>,
  user: Readonly<Record<string, UserTerm>> = {},
): Map<string, Term> {
  const merged = new Map(Object.entries(terms));
  for (const [code, added] of Object.entries(user)) {
    const known = merged.get(code);
    const fallback = added.en ?? added.ru ?? added.zh ?? code;
    merged.set(code, {
      en: added.en ?? known?.en ?? fallback,
      ru: added.ru ?? known?.ru ?? fallback,
      zh: added.zh ?? known?.zh ?? fallback,
      spellings: [
        ...(known === undefined ? [] : [known.en, known.ru, known.zh, ...known.spellings]),
        ...(added.spellings ?? []),
      ],
    });
  }
  return merged;
}

/** A lexicon of the terms. Where two spell alike, a user's spelling wins over ours, and the first over the later. */
export function createLexicon(
  terms: ReadonlyMap<string, Term>,
  user: Readonly<Record<string, UserTerm>> = {},
  keyOf: KeyOf = spellingKey,
): Lexicon {
  const codes = new Map<string, string>();
  const labels = new Map<string, TermLabels>();
  for (const [code, term] of terms) {
    labels.set(code, { en: term.en, ru: term.ru, zh: term.zh });
    for (const spelling of [term.en, term.ru, term.zh, ...term.spellings]) {
      const key = keyOf(spelling);
      if (key !== "" && !codes.has(key)) {
        codes.set(key, code);
      }
    }
  }
  for (const [code, term] of Object.entries(user)) {
    for (const spelling of term.spellings ?? []) {
      codes.set(keyOf(spelling), code);
    }
  }
  const longestFirst = [...codes.keys()].sort((a, b) => b.length - a.length);
  const byFirst = Map.groupBy(longestFirst, (key) => key.charAt(0));

  const inFront = (text: string): Front[] => {
    const { key, ends } = keyWithPositions(text, keyOf);
    return (byFirst.get(key.charAt(0)) ?? []).flatMap((spelling) => {
      const code = codes.get(spelling);
      const length = ends[spelling.length - 1] ?? 0;
      return code !== undefined && key.startsWith(spelling) && !cutsWord(text, length)
        ? [{ code, spelling, length }]
        : [];
    });
  };

  return {
    labels,
    find: memo((text) => codes.get(keyOf(text)) ?? null),
    findAtEnd: memo((text) => {
      const key = keyOf(text);
      const spelling = longestFirst.find((one) => key.endsWith(one) && (HAN.test(one) || one.length > 2));
      return spelling === undefined ? null : (codes.get(spelling) ?? null);
    }),
    findInFront: memo((text) => inFront(text)[0] ?? null),
    allInFront: (text, code) => inFront(text).filter((front) => front.code === code),
  };
}

/** The key of a text, and for each of its characters where the text goes on behind what made it. */
function keyWithPositions(text: string, keyOf: KeyOf): { key: string; ends: number[] } {
  let key = "";
  const ends: number[] = [];
  let at = 0;
  for (const char of text) {
    at += char.length;
    const part = keyOf(char);
    key += part;
    for (let unit = 0; unit < part.length; unit++) {
      ends.push(at);
    }
  }
  return { key, ends };
}

/** Would a cut here part a word of letters (`Seat` in `Seattle`)? Digits behind are fine: `MG5`. */
function cutsWord(text: string, at: number): boolean {
  return LETTER_THAT_JOINS.test(text.charAt(at - 1)) && LETTER_THAT_JOINS.test(text.charAt(at));
}
