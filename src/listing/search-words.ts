import { memo } from "./memo.ts";
import { labelOf, type Vocabulary } from "./vocabulary/index.ts";

/** Runs of letters and digits, with the signs that names of cars have inside: `e-tron`, `1.6l`, `id.4`, `c++`. */
const WORDS = /[\p{L}\p{N}](?:[\p{L}\p{N}.+-]*[\p{L}\p{N}+])?/gu;
/** Runs of one script: Chinese names are written without spaces, often with Latin letters between. */
const RUNS = /\p{Script=Han}+|[^\p{Script=Han}]+/gu;
const HAN = /^\p{Script=Han}/u;
/** Parts of a Chinese name are found from each of its characters on, as far as names are that long. */
const MAX_HAN_LENGTH = 12;
const MAX_WORD_LENGTH = 60;
const MAX_WORDS = 120;

/**
 * The words of a text, as they are stored and as they are asked for: lower case, half-width, Cyrillic ё as е.
 *
 * @param text anything; also a query that a stranger typed
 */
export function searchWords(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
  return [...plain.matchAll(WORDS)].map(([word]) => word.slice(0, MAX_WORD_LENGTH));
}

/** A word, and the parts by which one may ask for it too. */
function withParts(word: string): string[] {
  const parts = [word];
  const runs = word.match(RUNS) ?? [];
  for (const run of runs) {
    if (!HAN.test(run)) {
      parts.push(...(run.match(/[\p{L}\p{N}]+/gu) ?? []));
    } else if (run.length <= MAX_HAN_LENGTH) {
      for (let start = 0; start < run.length - 1; start += 1) {
        parts.push(run.slice(start));
      }
    } else {
      parts.push(run);
    }
  }
  return parts;
}

const wordsWithParts = memo((text) => searchWords(text).flatMap(withParts));

const SOURCES = ["mark", "model", "model_latin", "series", "trim", "title", "manufacturer"] as const;
const PLACES = ["province", "city", "district"] as const;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Every word by which `q` finds a listing: mark, model, trim and place in each language that is known. */
export function listingWords(listing: Readonly<Record<string, unknown>>, vocabulary: Vocabulary): string[] {
  const mark = textOf(listing.mark);
  const place = (listing.place ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  const texts = [
    ...SOURCES.map((field) => textOf(listing[field])),
    ...(["ru", "zh"] as const).map((language) => labelOf("mark", mark, language, vocabulary) ?? ""),
    ...PLACES.flatMap((level) =>
      (["en", "ru", "zh"] as const).map((language) => textOf(place[level]?.[language])),
    ),
  ];
  const words = new Set(texts.flatMap(wordsWithParts));
  return [...words].filter((word) => word !== "").slice(0, MAX_WORDS);
}
