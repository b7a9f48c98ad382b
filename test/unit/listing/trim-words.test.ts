import fc from "fast-check";
import { expect, test } from "vitest";
import { compileVocabulary, normalizeListing, translateTrim } from "../../../src/listing/index.ts";
import { untranslatedWords } from "../../../src/listing/internal.ts";
import trims from "../../../src/listing/vocabulary/trims.json" with { type: "json" };

test.each([
  ["1.5T 自动豪华型", "1.5T Automatic Luxury", "1.5T Автомат Люкс"],
  ["Sportback 35 TFSI 风尚型", "Sportback 35 TFSI Style", "Sportback 35 TFSI Стайл"],
  ["DM-i 125KM激光雷达智驾型", "DM-i 125KM Lidar Smart Driving", "DM-i 125KM Лидар Автопилот"],
  ["290T 两驱豪华版 5座", "290T 2WD Luxury 5 seats", "290T 2WD Люкс 5 мест"],
  ["2.0T 四驱旗舰版（七座）", "2.0T AWD Flagship （7-seat）", "2.0T Полный привод Флагман （7 мест）"],
  ["GT版", "GT", "GT"],
  ["Стандарт 1.0L МКПП", "Стандарт 1.0L МКПП", "Стандарт 1.0L МКПП"],
])("%s is translated word by word", (trim, en, ru) => {
  const { listing } = normalizeListing({ complectation: trim, extra: { configuration: trim } });
  expect(listing).toMatchObject({ trim, trim_en: en, trim_ru: ru });
  expect(translateTrim(trim, "zh")).toBe(trim);
});

test("a word that is in no vocabulary stays Chinese, together with single characters next to it", () => {
  expect(translateTrim("1.5T 自动星月女神版", "en")).toBe("1.5T Automatic 星月女神版");
  expect(untranslatedWords("1.5T Automatic 星月女神版")).toEqual(["星月女神版"]);
});

test("a user's vocabulary adds words and overrides translations", () => {
  const vocabulary = compileVocabulary({
    trims: { 星月女神: { en: "Moon Goddess" }, 豪华: { ru: "Роскошь" } },
  });
  expect(translateTrim("豪华星月女神版", "en", vocabulary)).toBe("Luxury Moon Goddess");
  expect(translateTrim("豪华星月女神版", "ru", vocabulary)).toBe("Роскошь Moon Goddess");
  const { listing } = normalizeListing(
    { extra: { configuration: "豪华星月女神版" } },
    { vocabulary: { trims: { 星月女神: { en: "Moon Goddess" } } } },
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
