import { memo, oncePer } from "../../memo.ts";
import { compileVocabulary, type Language, type Vocabulary } from "../../vocabulary/index.ts";
import { halfWidth } from "../text.ts";
import { splitCounts, type TrimLanguage, type TrimPart, translateUnits } from "./trim-counts.ts";
import { englishToRussian, russianByEnglish } from "./trim-english.ts";
import { englishByRussian, russianToEnglish } from "./trim-russian.ts";

const RUNS = /\p{Script=Han}+|[^\p{Script=Han}]+/gu;
const HAN = /\p{Script=Han}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;
/** "Version" or "type" after the word that matters: 豪华版 and 豪华型 are both Luxury. */
const SUFFIXES = new Set(["版", "型", "款", "版本", "版型", "年型", "车型"]);

/** A piece of a trim: a word of the vocabulary, a suffix, or Chinese characters that are in no vocabulary. */
interface Piece {
  readonly text: string;
  readonly kind: "word" | "suffix" | "unknown";
}

/** Cost of a character that is in no vocabulary, compared with a word: as many as possible are translated. */
const UNKNOWN_COST = 1_000;

/** The split with the fewest unknown characters, then the fewest words, then the longest word first: 悦 智联, not 悦智 联. */
function split(run: string, words: Vocabulary["trimWords"]): Piece[] {
  const costs: number[] = [];
  const first: Piece[] = [];
  costs[run.length] = 0;
  for (let at = run.length - 1; at >= 0; at--) {
    for (let length = Math.min(words.maxLength, run.length - at); length > 0; length--) {
      const text = run.slice(at, at + length);
      const kind = words.labels.has(text) ? "word" : SUFFIXES.has(text) ? "suffix" : "unknown";
      if (kind === "unknown" && length > 1) {
        continue;
      }
      const cost = (kind === "unknown" ? UNKNOWN_COST : 1) + (costs[at + length] ?? 0);
      if (cost < (costs[at] ?? Number.POSITIVE_INFINITY)) {
        costs[at] = cost;
        first[at] = { text, kind };
      }
    }
  }
  const pieces: Piece[] = [];
  for (let at = 0; at < run.length; at += pieces.at(-1)?.text.length ?? 1) {
    pieces.push(first[at] ?? { text: run.charAt(at), kind: "unknown" });
  }
  return joinUnknown(pieces);
}

/**
 * A single character next to an unknown one is more likely a part of the same word than a word. A suffix ends the word, so that
 * 悦跑版 and 悦跑型 are counted as one.
 */
function joinUnknown(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const isShort = piece.text.length === 1 && piece.kind !== "suffix";
    if (last?.kind === "unknown" && isShort) {
      joined[joined.length - 1] = { text: last.text + piece.text, kind: "unknown" };
    } else if (piece.kind === "unknown") {
      let { text } = piece;
      while (joined.at(-1)?.text.length === 1 && joined.at(-1)?.kind !== "suffix") {
        text = `${joined.pop()?.text}${text}`;
      }
      joined.push({ text, kind: "unknown" });
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

type Word = TrimPart | Piece;

/** 锐·混动, 罗兰·加洛斯 */
const POINT_IN_NAME = /(?<=\p{Script=Han})[·•・](?=\p{Script=Han})/gu;

/** The parts of a trim in order; texts without Chinese characters are kept as they are. */
const wordsOf = (trim: string, words: Vocabulary["trimWords"]): readonly Word[] =>
  splitCounts(halfWidth(trim).replace(POINT_IN_NAME, "")).flatMap((part): readonly Word[] => {
    const runs = typeof part === "string" ? (part.match(RUNS) ?? []) : null;
    return runs?.flatMap((run): readonly Word[] => (HAN.test(run) ? split(run, words) : [run])) ?? [part];
  });

function textOf(word: Word, { labels }: Vocabulary["trimWords"], language: TrimLanguage): string {
  if (typeof word === "string") {
    return translateUnits(word, language);
  }
  if (!("kind" in word)) {
    return word[language];
  }
  return word.kind === "unknown" ? word.text : (labels.get(word.text)?.[language] ?? "");
}

/** `Avenir艾维亚` has one name in two scripts. */
const ECHO = /(?<!\p{L})(\p{L}{4,40}) \1(?![\p{L}-])/giu;

function joined(words: readonly Word[], vocabulary: Vocabulary["trimWords"], language: TrimLanguage): string {
  return words
    .map((word) => textOf(word, vocabulary, language))
    .join(" ")
    .replace(/\s+/gu, " ")
    .replace(/(?<=[(（]) | (?=[)），,])/gu, "")
    .replace(/ (?=\+(?:\s|$))/gu, "")
    .replace(ECHO, "$1")
    .trim();
}

/** Both translations of a trim. */
const translations = oncePer(({ trimWords }: Vocabulary) => {
  let english: ReadonlyMap<string, string> | undefined;
  let russian: ReadonlyMap<string, string> | undefined;
  return memo((trim): Readonly<Record<TrimLanguage, string>> => {
    if (CYRILLIC.test(trim) && !HAN.test(trim)) {
      english ??= englishByRussian(trimWords.labels);
      return { en: russianToEnglish(trim, english), ru: translateUnits(trim, "ru") };
    }
    if (!HAN.test(trim)) {
      russian ??= russianByEnglish(trimWords.labels);
      return { en: translateUnits(trim, "en"), ru: englishToRussian(trim, russian) };
    }
    const words = wordsOf(trim, trimWords);
    return { en: joined(words, trimWords, "en") || trim, ru: joined(words, trimWords, "ru") || trim };
  });
});

/**
 * A trim in a language, word by word; a Russian one also in English, an English one also in Russian. Words that are in no vocabulary stay as they are. Pure.
 *
 * @example translateTrim("1.5T 自动豪华型", "en") // "1.5T Automatic Luxury"
 */
export const translateTrim = (
  trim: string,
  language: Language,
  vocabulary: Vocabulary = compileVocabulary(),
): string => (language === "zh" ? trim : translations(vocabulary)(trim)[language]);

/** The words of a translated trim that are in no vocabulary. */
export const untranslatedWords = (translated: string): string[] =>
  translated.match(/\p{Script=Han}+/gu) ?? [];
