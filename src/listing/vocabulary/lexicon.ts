import { memo } from "../memo.ts";
import { spellingKey } from "../parse/text.ts";
import type { Term, TermLabels, UserTerm } from "./types.ts";

/** Terms indexed by all their spellings. */
export interface Lexicon {
  /** Labels of every code. */
  readonly labels: ReadonlyMap<string, TermLabels>;
  /** The code of a text, compared by the lexicon's key; null when unknown. */
  find(text: string): string | null;
  /** The code of the longest spelling at the end of the text; two letters (`RV`) are too short. */
  findAtEnd(text: string): string | null;
  /** The longest spelling at the start of the text. */
  findInFront(text: string): Front | null;
  /** Every spelling of this code at the start of the text, longest first. */
  allInFront(text: string, code: string): Front[];
}

export interface Front {
  readonly code: string;
  /** In the form that the lexicon compares. */
  readonly spelling: string;
  /** Its length in the text. */
  readonly length: number;
}

type KeyOf = (text: string) => string;

const HAN = /\p{Script=Han}/u;
const LETTER_THAT_JOINS = /[\p{Script=Latin}\p{Script=Cyrillic}]/u;

/** Key for names of options and specifications, whose punctuation varies (`N·m`, `N.m`; `(kW)`). */
export function looseKey(text: string): string {
  return spellingKey(text).replace(/[^\p{L}\p{N}%+]+/gu, "");
}

/** The terms of a file, overridden by a user's terms. */
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

/** A lexicon of the terms. Of equal spellings a user's wins, then the first. */
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

/** The key of a text, and for each character of the key the end of its source in the text. */
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

/** Whether a cut here splits a word (`Seat` in `Seattle`). A following digit is fine: `MG5`. */
function cutsWord(text: string, at: number): boolean {
  return LETTER_THAT_JOINS.test(text.charAt(at - 1)) && LETTER_THAT_JOINS.test(text.charAt(at));
}
