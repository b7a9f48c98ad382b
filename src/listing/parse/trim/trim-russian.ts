import { ordinalOf, translateUnits } from "./trim-counts.ts";

/** Terms of Russian trims that are not the Russian name of a Chinese word. */
const TERMS: Readonly<Record<string, string>> = {
  мкпп: "Manual",
  механическая: "Manual",
  акпп: "Automatic",
  автоматическая: "Automatic",
  робот: "Dual-Clutch",
  ркпп: "Dual-Clutch",
  электромобиль: "Electric",
  базовая: "Base",
  стандартная: "Standard",
  комфортная: "Comfort",
  спортивная: "Sport",
  роскошная: "Luxury",
  престиж: "Prestige",
  привод: "Drive",
  плюс: "Plus",
  новый: "New",
  миллиона: "Million",
  миллионов: "Million",
};

type Words = ReadonlyMap<string, Readonly<Record<"en" | "ru", string>>>;

/** English words by Russian ones in lower case; of several with one name, that of the first. */
export function englishByRussian(words: Words): ReadonlyMap<string, string> {
  const english = new Map(Object.entries(TERMS));
  for (const { en, ru } of words.values()) {
    const key = ru.toLowerCase();
    if (!english.has(key)) {
      english.set(key, en);
    }
  }
  return english;
}

/** Words of the longest name. */
const MAX_WORDS = 6;

const COUNTS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d)(?:\s+мест[ао]?|-?местн\p{L}+)(?!\p{L})/giu, "-seat"],
  [/(?<=\d)(?:\s+двер(?:ь|и|ей)|-?дверн\p{L}+)(?!\p{L})/giu, "-door"],
  [/(?<=\d)-ступ(?:\.|\p{L}+)/giu, "-speed"],
  [/(?<=\d)-цил(?:\.|\p{L}+)/giu, "-cylinder"],
  [/(?<=\d)\s+машин(?!\p{L})/giu, "-unit"],
  [/(?<=\d)\s?л\.?\s?с\.?(?!\p{L})/giu, " hp"],
  [/(?<=[A-Z])-класс(?!\p{L})/giu, "-Class"],
];
const ORDINALS = /(?<!\d)(\d{1,3})(?:(-летие)|(?:-?(?:е|го))?\s+поколени[ея])(?!\p{L})/giu;
const PHRASE =
  /\p{Script=Cyrillic}[\p{Script=Cyrillic}-]*(?:,? [«"]?\p{Script=Cyrillic}[\p{Script=Cyrillic}»"-]*){0,30}/gu;

/** A Russian trim in English, phrase by phrase; unknown words stay Russian. */
export function russianToEnglish(trim: string, english: ReadonlyMap<string, string>): string {
  const numbered = trim.replace(ORDINALS, (_all, count: string, anniversary?: string) => {
    return `${ordinalOf(Number(count))} ${anniversary === undefined ? "Generation" : "Anniversary"}`;
  });
  const counted = COUNTS.reduce((text, [spelling, label]) => text.replace(spelling, label), numbered);
  const translated = counted.replace(PHRASE, (phrase) => {
    const words = phrase.split(" ");
    const result: string[] = [];
    for (let at = 0; at < words.length; ) {
      let end = Math.min(words.length, at + MAX_WORDS);
      while (end > at + 1 && !english.has(words.slice(at, end).join(" ").toLowerCase())) {
        end--;
      }
      const text = words.slice(at, end).join(" ");
      result.push(english.get(text.toLowerCase()) ?? text);
      at = end;
    }
    return result.join(" ");
  });
  return translateUnits(translated, "en");
}
