import fc from "fast-check";
import { expect, test } from "vitest";
import { compileVocabulary, normalizeListing, translateTrim } from "../../../src/listing/index.ts";
import { untranslatedWords } from "../../../src/listing/internal.ts";
import { readTrimFacts } from "../../../src/listing/parse/trim/trim-facts.ts";
import trims from "../../../src/listing/vocabulary/trims.json" with { type: "json" };
import rareTrims from "../../fixtures/corpus-trims.json" with { type: "json" };

/** Full names with a trim, and the number of listings that have it. */
const corpus = rareTrims as [name: string, listings: number][];
const TRIMS = corpus.map(
  ([name]) => normalizeListing({ configuration: { 车型名称: name } }).listing.trim ?? "",
);

test.each([
  ["1.5T 自动豪华型", "1.5T Automatic Luxury", "1.5T Автомат Люкс"],
  ["Sportback 35 TFSI 风尚型", "Sportback 35 TFSI Style", "Sportback 35 TFSI Стайл"],
  ["DM-i 125KM激光雷达智驾型", "DM-i 125 km Lidar Smart Driving", "DM-i 125 км Лидар Ассистент вождения"],
  ["290T 两驱豪华版 5座", "290T 2WD Luxury 5-seat", "290T 2WD Люкс 5 мест"],
  ["2.0T 四驱旗舰版（七座）", "2.0T AWD Flagship (7-seat)", "2.0T Полный привод Флагман (7 мест)"],
  ["1.5T CVT豪华型+ 4/5/6座", "1.5T CVT Luxury+ 4/5/6-seat", "1.5T CVT Люкс+ 4/5/6 мест"],
  [
    "昂科威Plus 28T 全时四驱",
    "Envision Plus 28T Full-time AWD",
    "Envision Plus 28T Постоянный полный привод",
  ],
  ["双擎 2.5L 自动挡", "Full Hybrid 2.5L Automatic", "Полный гибрид 2.5L Автомат"],
  ["锐·混动 罗兰·加洛斯版", "Sport Full Hybrid Roland Garros", "Спортивный полный гибрид Ролан Гаррос"],
  ["增程 316 舒享版", "Extended Range 316 Comfort Plus", "С расширителем запаса хода 316 Комфорт Плюс"],
  ["Avenir艾维亚 互联网版", "Avenir Connected", "Avenir Коннект"],
  ["Avant 先锋派 国六", "Avant Avant-garde China VI", "Avant Авангард Китай VI"],
  ["GT版", "GT", "GT"],
  ["Стандарт 1.0L МКПП", "Standard 1.0L Manual", "Стандарт 1.0L МКПП"],
  [
    "2.0T АКПП полный привод люкс 7 мест",
    "2.0T Automatic AWD Luxury 7-seat",
    "2.0T АКПП полный привод люкс 7 мест",
  ],
  [
    "1.5 л робот 5-дверный 4-е поколение",
    "1.5 л Dual-Clutch 5-door 4th Generation",
    "1.5 л робот 5-дверный 4-е поколение",
  ],
  ["электро 55 кВт·ч 510 км", "All-electric 55 kWh 510 km", "электро 55 кВт·ч 510 км"],
])("%s is translated word by word", (trim, en, ru) => {
  const { listing } = normalizeListing({ complectation: trim, extra: { configuration: trim } });
  expect(listing).toMatchObject({ trim, trim_en: en, trim_ru: ru });
  expect(translateTrim(trim, "zh")).toBe(trim);
});

test.each([
  ["四座", "4-seat", "4 места"],
  ["21座", "21-seat", "21 место"],
  ["双座", "2-seat", "2 места"],
  ["座椅", "座椅", "座椅"],
  ["五门", "5-door", "5 дверей"],
  ["3门版", "3-door", "3 двери"],
  ["第四代", "4th Generation", "4-е поколение"],
  ["第4代", "4th Generation", "4-е поколение"],
  ["二代", "2nd Generation", "2-е поколение"],
  ["50周年限量版", "50th Anniversary Limited", "50-летие Лимитированная"],
  ["两周年", "2nd Anniversary", "2-летие"],
  ["周年款", "Anniversary", "Юбилейная"],
  ["50万辆", "500,000-unit", "500 000 машин"],
  ["1.5万辆", "15,000-unit", "15 000 машин"],
  ["五百万", "5 Million", "5 миллионов"],
  ["7挡", "7-speed", "7-ступ."],
  ["180公里", "180 km", "180 км"],
  ["180KM", "180 km", "180 км"],
  ["180km/h", "180km/h", "180km/h"],
  ["55kwh 110KW", "55 kWh 110 kW", "55 кВт·ч 110 кВт"],
  ["75度电 150千瓦", "75 kWh 150 kW", "75 кВт·ч 150 кВт"],
  ["245马力", "245 hp", "245 л. с."],
  ["360度", "360°", "360°"],
  ["V级", "V-Class", "V-класс"],
])("the number of %s keeps its value, and its unit is in the language: %s, %s", (trim, en, ru) => {
  expect([translateTrim(trim, "en"), translateTrim(trim, "ru")]).toEqual([en, ru]);
});

test("the numbers of a trim are the same in every language", () => {
  const numbersOf = (text: string) => text.match(/\d+(?:\.\d+)?/gu);
  const trims = TRIMS.filter((trim) => !/[一二三四五六七八九十两双万]/u.test(trim));
  for (const trim of trims) {
    expect(numbersOf(translateTrim(trim, "en"))).toEqual(numbersOf(trim));
    expect(numbersOf(translateTrim(trim, "ru"))).toEqual(numbersOf(trim));
  }
  expect(trims.length).toBeGreaterThan(1500);
});

// But for words that say less in Chinese: 轿车 is any car, and 旅行版 also the Touring of a 911.
test("the translations of a trim have the facts of the trim", () => {
  const trims = TRIMS.filter((trim) => !/运动轿车|旅行版/u.test(trim));
  for (const trim of trims) {
    const facts = readTrimFacts(trim, "");
    expect([trim, readTrimFacts(translateTrim(trim, "en"), "")]).toEqual([trim, facts]);
    expect([trim, readTrimFacts(translateTrim(trim, "ru"), "")]).toEqual([trim, facts]);
  }
});

test("a Russian trim is translated into English, phrase by phrase", () => {
  const russian = TRIMS.map((trim) => translateTrim(trim, "ru")).filter(
    (trim) => !/\p{Script=Han}/u.test(trim),
  );
  for (const trim of russian) {
    expect(translateTrim(trim, "en")).not.toMatch(/\p{Script=Cyrillic}/u);
  }
  expect(translateTrim("2.0T неведомый люкс", "en")).toBe("2.0T неведомый Luxury");
});

test.each([
  ["1.5T Automatic Two-wheel Drive Luxury", "1.5T Автомат 2WD Люкс"],
  ["1.5L Automatic Comfort Edition China V", "1.5L Автомат Комфорт Китай V"],
  ["2.0T Elegance Edition", "2.0T Элеганс"],
  [
    "2.0T Four-wheel Drive Flagship Version 7-seater National VI",
    "2.0T Полный привод Флагман 7 мест Китай VI",
  ],
  ["55kWh 510km Pure Electric Long Range", "55 кВт·ч 510 км Электро Увеличенный запас хода"],
  ["1.5T 2-door 4th Generation five-seat 245hp", "1.5T 2 двери 4-е поколение 5 мест 245 л. с."],
  ["500,000-unit 50th Anniversary V-Class 7-speed", "500 000 машин 50-летие V-класс 7-ступ."],
  ["Huracán EVO RWD", "Huracán EVO Задний привод"],
  ["1.5T Xiangxi Edition", "1.5T Xiangxi Edition"],
])("an English trim is translated into Russian, phrase by phrase: %s is %s", (trim, ru) => {
  expect([translateTrim(trim, "ru"), translateTrim(trim, "en")]).toEqual([ru, translateTrim(trim, "en")]);
});

test.each(["Model S 100D", "3.0 SC V6 HSE LUXURY", "Type R", "V10 Coupe performance", "1.6L COOPER Fun"])(
  "the badge %s is not a translation, and stays in Russian",
  (trim) => {
    expect(translateTrim(trim, "ru")).toMatch(/^[^а-я]*(?:Купе[^а-я]*)?$/u);
  },
);

test("a trim of an English account has the facts and mostly the Russian words of the Chinese one", () => {
  const chinese = TRIMS.filter((trim) => /\p{Script=Han}/u.test(trim) && !/运动轿车|旅行版/u.test(trim));
  const same = chinese.filter((trim) => {
    const russian = translateTrim(translateTrim(trim, "en"), "ru");
    expect([trim, readTrimFacts(russian, "")]).toEqual([trim, readTrimFacts(trim, "")]);
    return russian === translateTrim(trim, "ru");
  });
  expect(same.length / chinese.length).toBeGreaterThan(0.94);
});

test("a word that is in no vocabulary stays Chinese, together with single characters next to it", () => {
  expect(translateTrim("1.5T 自动蓬莱女神版", "en")).toBe("1.5T Automatic 蓬莱 Goddess");
  expect(untranslatedWords("1.5T Automatic 蓬莱 Goddess")).toEqual(["蓬莱"]);
});

test("a trim is split so that as few characters as possible stay Chinese", () => {
  // The longest words from the left are 悦智 and 联.
  expect(translateTrim("200TSI 悦智联版", "en")).toBe("200TSI Joy Connected");
});

test("the suffix of an unknown word is not a part of it", () => {
  for (const suffix of ["版", "型", "款", "版本"]) {
    expect(untranslatedWords(translateTrim(`1.5T 蓬莱${suffix}`, "en"))).toEqual(["蓬莱"]);
  }
});

test("99 % of the listings with rare trims are translated completely", () => {
  const listings = { all: 0, complete: 0 };
  for (const [at, [, count]] of corpus.entries()) {
    listings.all += count;
    listings.complete += untranslatedWords(translateTrim(TRIMS[at] ?? "", "ru")).length === 0 ? count : 0;
  }
  expect(listings.complete / listings.all).toBeGreaterThan(0.99);
});

test("a user's vocabulary adds words and overrides translations", () => {
  const vocabulary = compileVocabulary({
    trims: { 蓬莱: { en: "Moon Goddess" }, 豪华: { ru: "Роскошь" } },
  });
  expect(translateTrim("豪华蓬莱版", "en", vocabulary)).toBe("Luxury Moon Goddess");
  expect(translateTrim("豪华蓬莱版", "ru", vocabulary)).toBe("Роскошь Moon Goddess");
  const { listing } = normalizeListing(
    { extra: { configuration: "豪华蓬莱版" } },
    { vocabulary: { trims: { 蓬莱: { en: "Moon Goddess" } } } },
  );
  expect(listing.trim_en).toBe("Luxury Moon Goddess");
});

test("every word is Chinese, and has a translation without Chinese in both languages", () => {
  for (const [word, { en, ru }] of Object.entries(trims)) {
    expect(word).toMatch(/^\p{Script=Han}+$/u);
    expect([en, ru].join("")).not.toMatch(/^$|\p{Script=Han}/u);
  }
});

test("any trim made of known words is translated completely, any other text keeps what is unknown", () => {
  const words = fc.array(fc.constantFrom(...Object.keys(trims).filter((word) => word.length > 1)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (parts) => {
      expect(untranslatedWords(translateTrim(parts.join(" "), "ru"))).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(typeof translateTrim(text, "en")).toBe("string");
    }),
  );
});
