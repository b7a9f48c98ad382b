import { spellingKey } from "../parse/text.ts";
import { createLexicon, type Lexicon, looseKey } from "./lexicon.ts";
import type { Term } from "./types.ts";

/** Two characters or more: the pinyin of a single one is shared by too many. */
const HAN_NAME = /^[\p{Script=Han}·]{2,}$/u;

/** `朋克汽车` is also 朋克. */
const CAR_MAKER = /汽车$/u;

/**
 * Spellings of makes that the vocabulary does not list: those of its terms without punctuation (`Mercedes Benz`), and the
 * pinyin of Chinese ones (`Wenjie`), unless two makes share it or it is the name of another make. A fallback for
 * spellings that the vocabulary lacks. Without the spellings that are also lines of models.
 */
export function createLooseMarks(
  terms: ReadonlyMap<string, Term>,
  lines: ReadonlySet<string>,
  toPinyin: (chinese: string) => string,
): Lexicon {
  const listed = new Map<string, string[]>();
  for (const [code, { en, ru, zh, spellings }] of terms) {
    const all = [en, ru, zh, ...spellings];
    listed.set(
      code,
      all.filter((one) => !lines.has(spellingKey(one))),
    );
  }
  const known = new Set([...listed.values()].flat().map(looseKey));
  /** The make of each pinyin; null when it is ambiguous. */
  const owners = new Map<string, string | null>();
  for (const [code, spellings] of listed) {
    const chinese = spellings.map((one) => one.replace(CAR_MAKER, "")).filter((one) => HAN_NAME.test(one));
    for (const spelling of chinese) {
      for (const key of pinyinKeys(toPinyin(spelling))) {
        owners.set(key, (owners.get(key) ?? code) === code && !known.has(key) ? code : null);
      }
    }
  }
  const loose = new Map<string, Term>();
  for (const [code, spellings] of listed) {
    loose.set(code, { en: code, ru: code, zh: code, spellings });
  }
  for (const [key, code] of owners) {
    const term = code === null ? undefined : loose.get(code);
    if (code !== null && term !== undefined) {
      loose.set(code, { ...term, spellings: [...term.spellings, key] });
    }
  }
  return createLexicon(loose, {}, looseKey);
}

/** `lü` is also written `lv` and `lu`. */
function pinyinKeys(pinyin: string): string[] {
  const key = looseKey(pinyin);
  return key.includes("ü") ? [key, key.replaceAll("ü", "v"), key.replaceAll("ü", "u")] : [key];
}
