import { readHanNumber } from "../han.ts";

/** The languages that trims are translated into. */
export type TrimLanguage = "en" | "ru";
type Counted = Readonly<Record<TrimLanguage, string>>;

const NUMERAL = "\\d{1,5}(?:\\.\\d{1,2})?|[一二两双三四五六七八九十]{1,3}";
/** A number with a Chinese counter: `5/7座`, `七座`, `第四代`, `50周年`, `20万辆`, `V级`. */
const COUNTS = new RegExp(
  [
    "(?<![\\d./+~-])(?<list>\\d{1,2}(?:[/、~+-]\\d{1,2})+)\\s?座(?![椅舱])",
    `(?<![\\d.])(?<numeral>${NUMERAL})\\s?(?<counter>周年|座(?![椅舱])|门(?![槛把])|代(?!步|言)|[挡档]|速(?!度)|万[辆台]?(?![里家能事])|公里|千米|千瓦时|度电|度|千瓦|马力|缸|年(?![型轻]))`,
    "第(?<ordinal>[\\d一二三四五六七八九十]{1,3})代",
    "(?<![A-Z])(?<letters>[A-Z]{1,3})级",
  ].join("|"),
  "gu",
);

const PLURALS = new Intl.PluralRules("ru");
const things = (en: string, one: string, few: string, many: string) => (count: number) => {
  const plural = PLURALS.select(count);
  return { en: `${count}-${en}`, ru: `${count} ${plural === "one" ? one : plural === "few" ? few : many}` };
};

const ENGLISH_ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });
const ORDINAL_ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd" };
/** `2nd`, `50th` */
export const ordinalOf = (count: number): string =>
  `${count}${ORDINAL_ENDINGS[ENGLISH_ORDINALS.select(count)] ?? "th"}`;
const generationOf = (count: number): Counted => ({
  en: `${ordinalOf(count)} Generation`,
  ru: `${count}-е поколение`,
});

const thousands = (count: number, separator: string): string =>
  String(count).replace(/\B(?=(?:\d{3})+$)/gu, separator);
const tenThousands = (count: number, en: string, ru: string): Counted => ({
  en: thousands(Math.round(count * 10_000), ",") + en,
  ru: thousands(Math.round(count * 10_000), " ") + ru,
});
const unit = (en: string, ru: string) => (count: number) => ({ en: `${count}${en}`, ru: `${count}${ru}` });

const COUNTERS = {
  座: things("seat", "место", "места", "мест"),
  门: things("door", "дверь", "двери", "дверей"),
  代: generationOf,
  周年: (count) => ({ en: `${ordinalOf(count)} Anniversary`, ru: `${count}-летие` }),
  年: (count) => (count < 200 ? { en: `${count}-Year`, ru: `${count}-летие` } : unit("", "")(count)),
  挡: unit("-speed", "-ступ."),
  档: unit("-speed", "-ступ."),
  速: unit("-speed", "-ступ."),
  缸: unit("-cylinder", "-цил."),
  万: (count) => tenThousands(count, "", ""),
  万辆: (count) => tenThousands(count, "-unit", " машин"),
  万台: (count) => tenThousands(count, "-unit", " машин"),
  公里: unit(" km", " км"),
  千米: unit(" km", " км"),
  千瓦: unit(" kW", " кВт"),
  千瓦时: unit(" kWh", " кВт·ч"),
  度电: unit(" kWh", " кВт·ч"),
  度: unit("°", "°"),
  马力: unit(" hp", " л. с."),
} satisfies Readonly<Record<string, (count: number) => Counted>>;

const isCounter = (counter: string): counter is keyof typeof COUNTERS => Object.hasOwn(COUNTERS, counter);

/** A number with a Chinese counter in both languages: `7`, `座`. */
export const countOf = (counter: keyof typeof COUNTERS, count: number): Counted => COUNTERS[counter](count);

/** A part of a trim: counted in words of both languages, or the text between such parts. */
export type TrimPart = string | Counted;

/** Splits a trim at its numbers with Chinese counters. */
export function splitCounts(trim: string): TrimPart[] {
  const parts: TrimPart[] = [];
  let end = 0;
  for (const match of trim.matchAll(COUNTS)) {
    const counted = countedOf(match.groups ?? {});
    if (counted !== null) {
      parts.push(trim.slice(end, match.index), counted);
      end = match.index + match[0].length;
    }
  }
  return [...parts, trim.slice(end)].filter((part) => part !== "");
}

function countedOf({
  list,
  numeral,
  counter = "",
  ordinal,
  letters,
}: Record<string, string | undefined>): Counted | null {
  if (list !== undefined) {
    return { en: `${list}-seat`, ru: `${list} мест` };
  }
  if (letters !== undefined) {
    return { en: `${letters}-Class`, ru: `${letters}-класс` };
  }
  const count = numberOf(ordinal ?? numeral ?? "");
  return count === 0
    ? null
    : ordinal === undefined
      ? isCounter(counter)
        ? countOf(counter, count)
        : null
      : generationOf(count);
}

const numberOf = (numeral: string): number =>
  /^\d/u.test(numeral) ? Number(numeral) : readHanNumber(numeral);

/** Units after a number, which trims write in any case: `125KM`, `55kwh`. */
const UNITS: readonly (readonly [RegExp, Counted])[] = [
  [/(?<=\d)\s?(?:km|км)(?![\p{L}\d/])/giu, { en: " km", ru: " км" }],
  [/(?<=\d)\s?(?:kwh|квт·?ч)(?![\p{L}\d])/giu, { en: " kWh", ru: " кВт·ч" }],
  [/(?<=\d)\s?(?:kw|квт)(?![\p{L}\d·])/giu, { en: " kW", ru: " кВт" }],
];
const MAY_HAVE_UNIT = /\d\s?(?:k[mw]|к[мв])/iu;

/** A text with its units in a language. */
export function translateUnits(text: string, language: TrimLanguage): string {
  if (!MAY_HAVE_UNIT.test(text)) {
    return text;
  }
  return UNITS.reduce((result, [spelling, label]) => result.replace(spelling, label[language]), text);
}
