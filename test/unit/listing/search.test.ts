import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listingWords, searchWords } from "../../../src/listing/search/listing-words.ts";
import { compileVocabulary } from "../../../src/listing/vocabulary/index.ts";

describe("search words", () => {
  test.each([
    ["BMW X5", ["bmw", "x5"]],
    ["e-tron GT", ["e-tron", "gt"]],
    ["1.6L ТУРБО", ["1.6l", "турбо"]],
    ["Чёрный", ["черный"]],
    ["ＢＭＷ　３", ["bmw", "3"]],
    ["'; drop table", ["drop", "table"]],
    ["…—!", []],
  ])("%s", (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  test("any text gives words that can be stored and queried", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const word of searchWords(text)) {
          expect(word).toMatch(/^[\p{L}\p{N}.+-]+$/u);
          expect(searchWords(word)).toEqual([word]);
        }
      }),
    );
  });

  test("a listing is found by its mark in three languages, by its place, and by parts of a Chinese name", () => {
    const words = listingWords(
      {
        mark: "BMW",
        model: "1 Series",
        series: "宝马1系",
        trim: "125i 卡罗拉双擎",
        place: { city: { en: "Jinan", ru: "Цзинань", zh: "济南市" } },
      },
      compileVocabulary(),
    );
    for (const word of ["bmw", "бмв", "宝马", "1", "series", "125i", "双擎", "jinan", "цзинань", "济南市"]) {
      expect(words.some((one) => one.startsWith(word))).toBe(true);
    }
  });
});
