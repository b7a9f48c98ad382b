import { fieldsWith } from "../fields.ts";
import { memo, oncePer } from "../memo.ts";
import { labelOf, type Vocabulary } from "../vocabulary/index.ts";
import { LANGUAGES } from "../vocabulary/types.ts";
import { soundKey } from "./sound-key.ts";
import { CODED, codeWord, joined, soundWord } from "./word-forms.ts";

/** Letters and digits with the punctuation of car names: `e-tron`, `1.6l`, `id.4`, `c++`. */
const WORDS = /[\p{L}\p{N}](?:[\p{L}\p{N}.+-]*[\p{L}\p{N}+])?/gu;
/** Splits at changes of script: Chinese names have no spaces, and often Latin letters inside. */
const RUNS = /\p{Script=Han}+|[^\p{Script=Han}]+/gu;
const HAN = /^\p{Script=Han}/u;
/** Chinese names up to this length are indexed by every suffix. */
const MAX_HAN_LENGTH = 12;
const MAX_WORD_LENGTH = 60;
const MAX_WORDS = 160;

/**
 * The words of a text, normalised for indexing and for queries: lower case, half-width, ё as е.
 *
 * @param text untrusted text, such as a query
 */
export function searchWords(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
  return [...plain.matchAll(WORDS)].map(([word]) => word.slice(0, MAX_WORD_LENGTH));
}

/** A word and its parts, which find it as well. */
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

const MIN_SOUND = 3;

/**
 * Further forms of a name: neighbouring words joined (`model3`), the whole name joined (`landcruiserprado`), letters and
 * digits apart (`x`, `5`), and the sound of each word.
 */
const nameForms = memo((name: string) => {
  const words = searchWords(name).flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? []);
  const pairs = words.slice(1).map((word, index) => `${words[index]}${word}`);
  const pieces = words.flatMap((word) => word.match(/[a-z]+|\d+/g) ?? []);
  const sounds = words
    .filter((word) => /^[a-z\d]+$/.test(word) && /[a-z]/.test(word))
    .map(soundKey)
    .filter((sound) => sound.length >= MIN_SOUND)
    .map(soundWord);
  return [joined(words.join("")), ...pairs, ...pieces, ...sounds];
});

const wordsWithParts = memo((text) => searchWords(text).flatMap(withParts));

const NAMED = ["mark", "model", "model_latin", "series"] as const;
/** Searched fields that listings of the same car share; the title is each seller's own. */
const SHARED = fieldsWith("search").filter((field) => field !== "title");
const LEVELS = ["province", "city", "district"] as const;
/** Between values, which contain no control characters. */
const SEPARATOR = "\0";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Cached words, by the values of {@link SHARED}. */
const sharedWords = oncePer((vocabulary: Vocabulary) =>
  memo((joinedValues): readonly string[] => {
    const values = joinedValues.split(SEPARATOR);
    const sharedValue = (field: (typeof SHARED)[number]) => values[SHARED.indexOf(field)] ?? "";
    const labels = (["ru", "zh"] as const).map((language) =>
      labelOf("mark", sharedValue("mark"), language, vocabulary),
    );
    const names = NAMED.map(sharedValue);
    return [...names.flatMap(nameForms), ...[...values, ...labels.map(textOf)].flatMap(wordsWithParts)];
  }),
);

type Place = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** Words of a place, by its object, which listings of the same address share. */
const placeWords = oncePer((place: Place): readonly string[] =>
  LEVELS.flatMap((level) =>
    LANGUAGES.flatMap((language) => wordsWithParts(textOf(place[level]?.[language]))),
  ),
);

const CODE_WORDS = CODED.map((category) => [category, memo((code) => codeWord(category, code))] as const);

/** Every word that finds a listing by `q`: the fields with `search`, and make and place in three languages. */
export function listingWords(listing: Readonly<Record<string, unknown>>, vocabulary: Vocabulary): string[] {
  const codes = CODE_WORDS.flatMap(([category, wordOf]) => {
    const code = textOf(listing[category]);
    return code === "" ? [] : wordOf(code);
  });
  const shared = sharedWords(vocabulary)(SHARED.map((field) => textOf(listing[field])).join(SEPARATOR));
  const title = wordsWithParts(textOf(listing.title));
  const place = listing.place === undefined ? [] : placeWords(listing.place as Place);
  const words = new Set([...codes, ...shared, ...title, ...place]);
  words.delete("");
  return [...words].slice(0, MAX_WORDS);
}
