import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cleanText,
  isBlank,
  isMissing,
  isNullWord,
  readText,
  shorten,
  spellingKey,
} from "../../../src/listing/parse/text.ts";

describe("text", () => {
  test.each([
    ["  进取型（1.5T）  ", "进取型（1.5T）"],
    ["a\u3000\u00a0 b\r\n\tc", "a b c"],
    ["e\u0301", "é"],
    ["a\u0000b\ud800c\u200bd", "abcd"],
  ])("%j is %j", (raw, text) => {
    expect(cleanText(raw)).toBe(text);
  });

  test.each([
    ["", " ", "\u3000", "-", "--", "—", "－", "/", "未知", "无", "暂无", "null", "NULL", "undefined"],
    ["NaN", "Infinity", "N/A", "нет данных", "Нет Данных"],
  ])("placeholders are null", (...words) => {
    expect(words.filter((word) => !isNullWord(word))).toEqual([]);
    expect(words.map(readText).filter((text) => text !== null)).toEqual([]);
  });

  test("a word that only starts like a placeholder is text", () => {
    expect(["0", "无锡", "-5", "нет", "nullam"].map(readText)).toEqual(["0", "无锡", "-5", "нет", "nullam"]);
  });

  test("the fast check for placeholders agrees with the full one", () => {
    const pieces = [
      "未",
      "未知",
      "无",
      "暂无",
      "车",
      "5",
      "-",
      "/",
      "null",
      " ",
      "\u0301",
      "\u200b",
      "\uf900",
      "a",
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(fc.property(text, (raw) => isBlank(raw) === isMissing(raw)));
  });

  test("a number becomes its decimal text, without an exponent", () => {
    expect([53692747, 1e21, 1e-7, -0, 12.5].map(readText)).toEqual([
      "53692747",
      "1000000000000000000000",
      "0.0000001",
      "0",
      "12.5",
    ]);
  });

  test("spellings agree without case, white space, ё, Roman numeral signs and full-width forms", () => {
    expect(spellingKey(" 国 Ⅵ（ｂ） ")).toBe(spellingKey("国VI(B)"));
    expect(spellingKey("Жёлтый")).toBe(spellingKey("ЖЕЛТЫЙ"));
    expect(spellingKey("国Ⅴ")).not.toBe(spellingKey("国Ⅵ"));
  });

  test("the result of any text can be stored in PostgreSQL and is unchanged when read again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (raw) => {
        const text = cleanText(raw);
        expect(text).not.toMatch(/\p{Surrogate}|\0|^\s|\s$|\s\s/u);
        expect(cleanText(text)).toBe(text);
      }),
    );
  });

  test("any value can be quoted in short form", () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(JSON.stringify(shorten(raw, 20)) ?? "").toSatisfy((text: string) => text.length < 150);
      }),
    );
  });
});
