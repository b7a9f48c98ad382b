import { memo } from "../../memo.ts";
import type { ReportIssue } from "../../types.ts";
import type { Vocabulary } from "../../vocabulary/index.ts";
import { toPinyin } from "../../vocabulary/pinyin.ts";
import { isBlank, publicName } from "../text.ts";
import { markInFront, withoutMark } from "./mark.ts";

/** A model by its export name, with its Latin form for search. */
export interface ModelReading {
  readonly model: string | null;
  readonly model_latin: string | null;
}

const MAX_NAME_LENGTH = 100;

/**
 * The model without its make in front (`长安CS75PLUS` → `CS75PLUS`, `标致2008` → `2008`), unless nothing would remain
 * (`MINI`). Known names become their export name, from Chinese, pinyin or literal translation (`瑞虎8L` → `Tiggo 8L`);
 * others are kept, and found by their pinyin. A model that is empty, truncated (`L DM-i` of `宋L DM-i`), another make, or
 * the series plus an energy suffix yields to the series of the table, with an issue.
 *
 * @param mark result of {@link parseMark}
 * @param series of the full name in the specification table
 */
export function parseModel(
  raw: unknown,
  mark: string | null,
  series: string | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): ModelReading {
  const text = publicName(raw, MAX_NAME_LENGTH);
  if (text === null && !isBlank(raw)) {
    report("model", "unreadable", raw);
  }
  const name = publicName(series, MAX_NAME_LENGTH) ?? "";
  const { reading, isOfSeries } = modelsOf(vocabulary)(`${mark ?? ""}\n${text ?? ""}\n${name}`);
  if (isOfSeries) {
    report("model", "conflict", text);
  }
  return reading;
}

/** In any language: a name and its export form differ. */
const ENERGY_SUFFIX =
  /^\s*(?:DM(?:-?[ip])?|C-DM|B?EV|PHEV|HEV|E-?REV|REEV|EM-?[ip]|新能源|纯电(?:版|动)?|插电混动|插混|混动|增程(?:版|式)?|New Energy|Electric|(?:Plug-?in )?Hybrid|Extended Range|Range Extender)$/iu;

function yieldsToSeries(
  model: string | null,
  series: string,
  mark: string | null,
  vocabulary: Vocabulary,
): boolean {
  if (model === null) {
    return true;
  }
  if (model === series) {
    return false;
  }
  const bare = mark === null ? series : withoutMark(series, mark, vocabulary);
  if (bare === model) {
    return false;
  }
  // A word of the trim: `EM-P` of 领克08 EM-P.
  if (ENERGY_SUFFIX.test(model)) {
    return true;
  }
  if (hasEnergySuffix(mark === null ? model : withoutMark(model, mark, vocabulary), bare)) {
    return true;
  }
  if (bare.endsWith(model)) {
    const head = bare.slice(0, -model.length);
    return HAN.test(head) && vocabulary.modelNames(mark).at(bare, 0) !== null;
  }
  const other = vocabulary.marks.find(model);
  if (other !== null && mark !== null && other !== mark && !series.includes(model)) {
    return true;
  }
  const [name, seriesName] = [model, series].map((one) => readModel(one, mark, vocabulary).model ?? "");
  return hasEnergySuffix(name ?? "", seriesName ?? "");
}

const hasEnergySuffix = (model: string, series: string): boolean =>
  series !== "" && model.startsWith(series) && ENERGY_SUFFIX.test(model.slice(series.length));

interface ModelDecision {
  readonly reading: ModelReading;
  /** The series replaced the model. */
  readonly isOfSeries: boolean;
}
type DecideModel = (markModelAndSeries: string) => ModelDecision;
const modelsByVocabulary = new WeakMap<Vocabulary, DecideModel>();

function modelsOf(vocabulary: Vocabulary): DecideModel {
  const models =
    modelsByVocabulary.get(vocabulary) ??
    memo((key): ModelDecision => {
      const [mark, model, series] = key.split("\n").map((part) => (part === "" ? null : part));
      const isOfSeries = series != null && yieldsToSeries(model ?? null, series, mark ?? null, vocabulary);
      const name = isOfSeries ? series : (model ?? null);
      const reading =
        name === null ? { model: null, model_latin: null } : readModel(name, mark ?? null, vocabulary);
      return { reading, isOfSeries };
    });
  modelsByVocabulary.set(vocabulary, models);
  return models;
}

function readModel(text: string, mark: string | null, vocabulary: Vocabulary): ModelReading {
  const named = mark ?? markInFront(text, vocabulary)?.code ?? null;
  const isName = vocabulary.modelNames(named).isName(text);
  const bare = named === null || isName ? text : withoutMark(text, named, vocabulary);
  const model = exportName(bare, named, vocabulary);
  return { model, model_latin: latinForm(model) || null };
}

const HAN = /\p{Script=Han}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Cyrillic lookalikes of Latin letters, as in `С-класс`. */
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

/** The export name. A tail without translation is kept; a name that starts with such a part is unchanged. */
function exportName(text: string, mark: string | null, vocabulary: Vocabulary): string {
  let name = text.replace(CYRILLIC_TWINS, latinTwins);
  for (const [pattern, replacement] of PATTERNS) {
    name = name.replace(pattern, replacement);
  }
  name = name.replace(/\s+/gu, " ").trim();
  const names = vocabulary.modelNames(mark);
  if (!HAN.test(name)) {
    const spelled = names.translated(name, toPinyin);
    if (spelled === null) {
      return name;
    }
    const tail = name.slice(spelled.length);
    // As in Chinese names: `Tiggo8` is 瑞虎8. Short names are not words: `bZ4X`.
    const apart = /\p{L}{3}$/u.test(spelled.name) && LETTER_OR_DIGIT.test(tail.charAt(0));
    return spelled.name + (apart ? " " : "") + tail;
  }
  let result = "";
  let afterName = false;
  let hasUnknown = false;
  for (let at = 0; at < name.length; ) {
    const known = names.at(name, at);
    const char = name.charAt(at);
    if (known === null && HAN.test(char)) {
      // `元宝` is not a Yuan: a single character before an unknown one proves nothing.
      if (at === 0 || (at === 1 && afterName)) {
        return name;
      }
      hasUnknown = true;
    }
    const apart = (known !== null || afterName) && LETTER_OR_DIGIT.test(result.at(-1) ?? "");
    result += (apart && LETTER_OR_DIGIT.test(char) ? " " : "") + (known?.name ?? char);
    afterName = known !== null;
    at += known?.length ?? 1;
  }
  return hasUnknown ? result : withoutEcho(result.replace(/[·・]/gu, " "));
}

function latinTwins(letters: string): string {
  return [...letters.toUpperCase()]
    .map((letter) => "ABCEHKMOPTX".charAt("АВСЕНКМОРТХ".indexOf(letter)))
    .join("");
}

/** Removes repetitions: `YUKON Yukon` (from `YUKON育空`), `C5 Aircross C5 AIRCROSS`. */
function withoutEcho(name: string): string {
  const words = name.replace(/\s+/gu, " ").trim().split(" ");
  for (let length = Math.floor(words.length / 2); length > 0; length--) {
    const first = words.slice(0, length).join(" ");
    const second = words.slice(length, 2 * length).join(" ");
    if (first.toLowerCase() !== second.toLowerCase()) {
      continue;
    }
    // The spelling that is not all capitals comes from the vocabulary.
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

/** A name in plain Latin letters: pinyin for Chinese, Russian transliterated, accents removed (`Huracán` → `Huracan`). */
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
