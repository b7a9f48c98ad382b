import { memo, oncePer } from "../../memo.ts";
import { compileVocabulary, type Language, type Vocabulary } from "../../vocabulary/index.ts";

const RUNS = /\p{Script=Han}+|[^\p{Script=Han}]+/gu;
const HAN = /\p{Script=Han}/u;
/** "Version" or "type" after the word that matters: 豪华版 and 豪华型 are both Luxury. */
const SUFFIXES = new Set(["版", "型", "款"]);

/** A piece of a trim: a word of the vocabulary, a suffix, or Chinese characters that are in no vocabulary. */
interface Piece {
  readonly text: string;
  readonly kind: "word" | "suffix" | "unknown";
}

/** Longest match first. */
function split(run: string, words: Vocabulary["trimWords"]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < run.length; at += pieces.at(-1)?.text.length ?? 1) {
    let text = run.slice(at, at + words.maxLength);
    while (text.length > 1 && !words.labels.has(text)) {
      text = text.slice(0, -1);
    }
    const kind = words.labels.has(text) ? "word" : SUFFIXES.has(text) ? "suffix" : "unknown";
    pieces.push({ text, kind });
  }
  return joinUnknown(pieces);
}

/** A single character next to an unknown one is more likely a part of the same word than a word. */
function joinUnknown(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const isShort = piece.text.length === 1;
    if (last?.kind === "unknown" && isShort) {
      joined[joined.length - 1] = { text: last.text + piece.text, kind: "unknown" };
    } else if (piece.kind === "unknown") {
      let { text } = piece;
      while (joined.at(-1)?.text.length === 1) {
        text = `${joined.pop()?.text}${text}`;
      }
      joined.push({ text, kind: "unknown" });
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

type Words = readonly (string | Piece)[];

/** The parts of a trim in order; texts without Chinese characters are kept as they are. */
const wordsOf = oncePer((vocabulary: Vocabulary) =>
  memo((trim): Words => {
    return (trim.match(RUNS) ?? []).flatMap(
      (run): Words => (HAN.test(run) ? split(run, vocabulary.trimWords) : [run]),
    );
  }),
);

/**
 * A trim in a language, word by word. Words that are in no vocabulary stay Chinese. Pure.
 *
 * @example translateTrim("1.5T 自动豪华型", "en") // "1.5T Automatic Luxury"
 */
export function translateTrim(
  trim: string,
  language: Language,
  vocabulary: Vocabulary = compileVocabulary(),
): string {
  if (language === "zh" || !HAN.test(trim)) {
    return trim;
  }
  const { labels } = vocabulary.trimWords;
  const texts = wordsOf(vocabulary)(trim).map((part) => {
    if (typeof part === "string" || part.kind === "unknown") {
      return typeof part === "string" ? part : part.text;
    }
    return labels.get(part.text)?.[language] ?? "";
  });
  const text = texts
    .join(" ")
    .replace(/\s+/gu, " ")
    .replace(/(?<=[(（]) | (?=[)），,])/gu, "")
    .trim();
  return text === "" ? trim : text;
}

/** The words of a translated trim that are in no vocabulary. */
export const untranslatedWords = (translated: string): string[] =>
  translated.match(/\p{Script=Han}+/gu) ?? [];
