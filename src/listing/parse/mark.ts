import { memo } from "../memo.ts";
import type { ReportIssue } from "../types.ts";
import type { Vocabulary } from "../vocabulary/index.ts";
import { toPinyin } from "../vocabulary/pinyin.ts";
import { simplified } from "./han.ts";
import { isBlank, publicName } from "./text.ts";

/** A model under its best name, and its Latin form for search. */
export interface ModelReading {
  readonly model: string | null;
  readonly model_latin: string | null;
}

const MAX_NAME_LENGTH = 100;
/** Where the car was built, and the word for a maker of cars: `奔驰(进口)`, `小米汽车`. */
const MARK_SUFFIX = /\s*(?:[(（](?:进口|国产)[)）]|汽车)$/u;

/**
 * The canonical Latin name of a mark, whatever spelling comes; an unknown one stays as it is, with an issue. Where
 * the listing has none, the mark in front of the full trim name (`宝马1系 2022款 …`) is taken.
 *
 * @param series full trim name or series
 */
export function parseMark(
  raw: unknown,
  series: string | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): string | null {
  const text = publicName(raw, MAX_NAME_LENGTH);
  if (text !== null) {
    const { marks } = vocabulary;
    const mark = marks.find(text) ?? marks.find(simplified(text).replace(MARK_SUFFIX, ""));
    if (mark === null) {
      report("mark", "unknown_value", text);
    }
    return mark ?? text;
  }
  if (!isBlank(raw)) {
    report("mark", "unreadable", raw);
  }
  return series === null
    ? null
    : (vocabulary.marks.findInFront(series.slice(0, MAX_NAME_LENGTH))?.code ?? null);
}

/**
 * The model without its mark's own spelling in front (`长安CS75PLUS` → `CS75PLUS`, `标致2008` → `2008`), unless
 * nothing would remain (`MINI`). Known Chinese names get their export name (`瑞虎8L` → `Tiggo 8L`); others stay,
 * and are found by their pinyin.
 *
 * @param mark as {@link parseMark} gives it
 */
export function parseModel(
  raw: unknown,
  mark: string | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): ModelReading {
  const text = publicName(raw, MAX_NAME_LENGTH);
  if (text === null) {
    if (!isBlank(raw)) {
      report("model", "unreadable", raw);
    }
    return { model: null, model_latin: null };
  }
  return modelsOf(vocabulary)(`${mark ?? ""}\n${text}`);
}

const modelsByVocabulary = new WeakMap<Vocabulary, (markAndText: string) => ModelReading>();

function modelsOf(vocabulary: Vocabulary): (markAndText: string) => ModelReading {
  const models =
    modelsByVocabulary.get(vocabulary) ??
    memo((key) => {
      const [mark = "", text = ""] = key.split("\n");
      return readModel(text, mark === "" ? null : mark, vocabulary);
    });
  modelsByVocabulary.set(vocabulary, models);
  return models;
}

function readModel(text: string, mark: string | null, vocabulary: Vocabulary): ModelReading {
  const named = mark ?? vocabulary.marks.findInFront(text)?.code ?? null;
  const bare = named === null ? text : withoutMark(text, named, vocabulary);
  const model = exportName(bare, named, vocabulary);
  return { model, model_latin: latinForm(model) || null };
}

function withoutMark(text: string, mark: string, { marks, markLines }: Vocabulary): string {
  const lengths = marks
    .allInFront(text, mark)
    .filter(({ spelling }) => !markLines.has(spelling))
    .map(({ length }) => length);
  // A mark that no vocabulary knows is spelled as it came.
  if (text.startsWith(`${mark} `)) {
    lengths.push(mark.length);
  }
  for (const length of lengths) {
    const rest = text.slice(length).replace(/^[\s·・-]+/u, "");
    if (rest !== "" && !/^[(（]/u.test(rest)) {
      return rest;
    }
  }
  return text;
}

const HAN = /\p{Script=Han}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Cyrillic letters that look like Latin ones stand in `С-класс`. */
const CYRILLIC_TWINS = /^[АВСЕНКМОРТХ]{1,3}(?=[- ]?класс)/iu;
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/[(（]进口[)）]/u, " (Import)"],
  [/^([A-Z\d])\s*系(?!列)/u, "$1 Series "],
  [/^([A-Z\d])[-\s]*(?:[яй]\s+)?сери[яий]/iu, "$1 Series "],
  [/^сери[яи]\s*([A-Z\d])/iu, "$1 Series "],
  [/^([A-Z\d]) series/iu, "$1 Series "],
  [/^(GL[ABCES]|CL[AS]|EQ[A-Z])(?:级|[- ]?класса?|[- ]class)(?!\p{L})/iu, "$1 "],
  [/^([A-Z]{1,4})级/u, "$1-Class "],
  [/^([A-Z]{1,4})[- ]?(?:класса?|class)(?!\p{L})/iu, "$1-Class "],
];

/** The name with every Chinese part translated; unchanged when one part of it has no translation. */
function exportName(text: string, mark: string | null, vocabulary: Vocabulary): string {
  let name = text.replace(CYRILLIC_TWINS, latinTwins);
  for (const [pattern, replacement] of PATTERNS) {
    name = name.replace(pattern, replacement);
  }
  name = name.replace(/\s+/gu, " ").trim();
  if (!HAN.test(name)) {
    return name;
  }
  const names = vocabulary.modelNames(mark);
  let result = "";
  let behindName = false;
  for (let at = 0; at < name.length; ) {
    const known = names.at(name, at);
    const char = name.charAt(at);
    if (known === null && HAN.test(char)) {
      return name;
    }
    const apart = (known !== null || behindName) && LETTER_OR_DIGIT.test(result.at(-1) ?? "");
    result += (apart && LETTER_OR_DIGIT.test(char) ? " " : "") + (known?.name ?? char);
    behindName = known !== null;
    at += known?.length ?? 1;
  }
  return withoutEcho(result.replace(/[·・]/gu, " "));
}

function latinTwins(letters: string): string {
  return [...letters.toUpperCase()]
    .map((letter) => "ABCEHKMOPTX".charAt("АВСЕНКМОРТХ".indexOf(letter)))
    .join("");
}

/** `YUKON Yukon` (from `YUKON育空`) and `C5 Aircross C5 AIRCROSS` are told once. */
function withoutEcho(name: string): string {
  const words = name.replace(/\s+/gu, " ").trim().split(" ");
  for (let length = Math.floor(words.length / 2); length > 0; length--) {
    const first = words.slice(0, length).join(" ");
    const second = words.slice(length, 2 * length).join(" ");
    if (first.toLowerCase() !== second.toLowerCase()) {
      continue;
    }
    // Of two spellings the one that is not all capitals is ours.
    const kept = first === first.toUpperCase() ? second : first;
    return [kept, ...words.slice(2 * length)].join(" ");
  }
  return words.join(" ");
}

const CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя";
const LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya".split(" ");
const LATIN_LETTERS = new Map(
  [...CYRILLIC].map((letter, at) => [letter, (LATIN[at] ?? "").replace("-", "")]),
);

/** A name in plain Latin letters: pinyin for Chinese, Russian transliterated, accents off (`Huracán` → `Huracan`). */
export function latinForm(name: string): string {
  const latin = HAN.test(name) ? toPinyin(name) : name;
  return latin
    .normalize("NFC")
    .replace(/[а-яё]/giu, (letter) => {
      const plain = LATIN_LETTERS.get(letter.toLowerCase().replace("ё", "е")) ?? "";
      return letter === letter.toLowerCase() ? plain : plain.charAt(0).toUpperCase() + plain.slice(1);
    })
    .normalize("NFD")
    .replace(/[\p{M}\p{Script=Cyrillic}\p{Script=Han}]+/gu, "")
    .trim();
}
