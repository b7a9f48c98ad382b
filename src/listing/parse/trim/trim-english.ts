import { countOf, translateUnits } from "./trim-counts.ts";

/** Terms of English trims that are not the English name of a Chinese word, and a Chinese word of the same meaning. */
const TERMS: Readonly<Record<string, string>> = {
  "two wheel drive": "两驱",
  "four wheel drive": "四驱",
  "all wheel drive": "四驱",
  "4wd": "四驱",
  "front wheel drive": "前驱",
  "front drive": "前驱",
  "rear wheel drive": "后驱",
  "rear drive": "后驱",
  "automatic transmission": "自动",
  "manual transmission": "手动",
  "dual clutch transmission": "双离合",
  electric: "纯电",
  "pure electric": "纯电",
  "range extended": "增程",
  petrol: "汽油",
  "long endurance": "长续航",
  intelligent: "智能",
  improved: "升级",
  comfortable: "舒适",
  fashionable: "时尚",
  sports: "运动",
  honor: "尊荣",
  distinguished: "尊贵",
  basic: "基础",
  urban: "都市",
  "first edition": "首发",
  "launch edition": "首发",
  national: "国",
};

/** In capitals, because most others are badges: `HSE LUXURY`, `CVT`. */
const ABBREVIATIONS = new Set(["awd", "fwd", "rwd"]);

/** Words that are also badges of makers (`Dynamic HSE`, `V10 Coupe performance`): translated only beside a {@link PLAIN} word. */
const BADGES = new Set(
  "black,dynamic,evolution,first,fun,park,performance,pilot,power,royal,series,super,turbo,value,vogue".split(
    ",",
  ),
);
/** Words that no badge has: the text is English. */
const PLAIN =
  /\b(?:automatic|manual|dual[- ]clutch|(?:wheel|front|rear)[- ]drive|(?:extended|long|standard)[- ]range|all-electric|plug-in|edition|version|type(?! r\b)|model(?! [sxy3]\b)|generation|(?:china|national|euro) [ivx]+b?|luxury|comfort|premium|flagship)\b|\d-(?:seat|door|speed)/iu;

type Words = ReadonlyMap<string, Readonly<Record<"en" | "ru", string>>>;

const CYRILLIC = /\p{Script=Cyrillic}/u;
const keyOf = (english: string): string => english.toLowerCase().replaceAll("-", " ");

/** Russian words by English ones in lower case, without hyphens; of several with one name, the first in Cyrillic. */
export function russianByEnglish(words: Words): ReadonlyMap<string, string> {
  const russian = new Map<string, string>();
  for (const [english, word] of Object.entries(TERMS)) {
    const label = words.get(word)?.ru;
    if (label !== undefined) {
      russian.set(english, label);
    }
  }
  for (const { en, ru } of words.values()) {
    const key = keyOf(en);
    // Names of models are words as well, and stay Latin: `Navigator`.
    if (!CYRILLIC.test(russian.get(key) ?? "")) {
      russian.set(key, ru);
    }
  }
  // `Model Y`; as a word for 款 it precedes the trim, and is removed with the year.
  russian.delete("model");
  return russian;
}

/** Words of the longest name. */
const MAX_WORDS = 5;
const NUMERALS = ["two", "three", "four", "five", "six", "seven", "eight"];

const COUNTS: readonly (readonly [RegExp, (count: string) => string])[] = [
  [/(?<![\d.])(\d{1,2}(?:[/~-]\d{1,2})+)[- ](?:seats?|seater)\b/giu, (list) => `${list} мест`],
  [/(?<![\d.])(\d{1,2})[- ]?(?:seats?|seater)\b/giu, (count) => countOf("座", Number(count)).ru],
  [
    /\b(two|three|four|five|six|seven|eight)[- ](?:seats?|seater)\b/giu,
    (numeral) => countOf("座", NUMERALS.indexOf(numeral.toLowerCase()) + 2).ru,
  ],
  [/(?<![\d.])(\d{1,2})[- ]?doors?\b/giu, (count) => countOf("门", Number(count)).ru],
  [/(?<![\d.])(\d{1,2})[- ]speed\b/giu, (count) => countOf("挡", Number(count)).ru],
  [/(?<![\d.])(\d{1,2})[- ]cylinders?\b/giu, (count) => countOf("缸", Number(count)).ru],
  [/(?<![\d.])(\d{1,3})(?:st|nd|rd|th)[- ]generation\b/giu, (count) => countOf("代", Number(count)).ru],
  [/(?<![\d.])(\d{1,3})(?:st|nd|rd|th)[- ]anniversary\b/giu, (count) => countOf("周年", Number(count)).ru],
  [/(?<![\d.])(\d{1,3})-year\b/giu, (count) => countOf("年", Number(count)).ru],
  [/(?<![\d.])(\d{1,3}(?:,\d{3})+)-unit\b/giu, (count) => `${count.replaceAll(",", " ")} машин`],
  [/(?<![\d.])(\d{2,4}) ?(?:hp|horsepower)\b/giu, (count) => countOf("马力", Number(count)).ru],
  [/\b([A-Z]{1,3})-Class\b/gu, (letters) => `${letters}-класс`],
];
const WORD = "\\d?[A-Za-z]+(?:[-'][A-Za-z]+)*";
const PHRASE = new RegExp(`(?<![\\p{L}\\d-])${WORD}(?: ${WORD}){0,30}(?![\\p{L}\\d-])`, "gu");
/** 版 and 型: without a meaning after a word, as in Chinese. */
const SUFFIX = /^(?:edition|version|type)$/iu;
const CAPITALS = /^[A-Z\d-]{2,}$/u;

/** An English trim in Russian, phrase by phrase; unknown words, which are mostly badges, stay as they are. */
export function englishToRussian(trim: string, russian: ReadonlyMap<string, string>): string {
  const isPlain = PLAIN.test(trim);
  const counted = COUNTS.reduce((text, [spelling, label]) => {
    return text.replace(spelling, (_all, count: string) => label(count));
  }, trim);
  const labelOf = (phrase: string): string | undefined => {
    const key = keyOf(phrase);
    const isBadge = (CAPITALS.test(phrase) && !ABBREVIATIONS.has(key)) || (!isPlain && BADGES.has(key));
    return isBadge ? undefined : russian.get(key);
  };
  const translated = counted.replace(PHRASE, (phrase) => {
    const words = phrase.split(" ");
    const result: string[] = [];
    for (let at = 0; at < words.length; ) {
      let end = Math.min(words.length, at + MAX_WORDS);
      while (end > at + 1 && labelOf(words.slice(at, end).join(" ")) === undefined) {
        end--;
      }
      const text = words.slice(at, end).join(" ");
      const label = labelOf(text);
      result.push(label ?? text);
      at = end;
      if (label !== undefined && SUFFIX.test(words[at] ?? "")) {
        at++;
      }
    }
    return result.join(" ");
  });
  return translateUnits(translated, "ru");
}
