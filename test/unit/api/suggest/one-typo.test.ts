import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasOneTypo, isForgiven } from "../../../../src/api/suggest/one-typo.ts";

describe("one typo", () => {
  test.each([
    ["toyta", "toyota", "a missing letter"],
    ["toyoota", "toyota", "an added letter"],
    ["tayota", "toyota", "another letter"],
    ["tyoota", "toyota", "swapped letters"],
    ["тайота", "тойота", "in Russian"],
    ["凯美端", "凯美瑞", "in Chinese"],
    ["bwm", "bmw", "three letters, swapped"],
    ["camry", "camry", "no typo"],
  ])("%s is %s: %s", (typed, word) => {
    expect(hasOneTypo(typed, word, false)).toBe(true);
  });

  test.each([
    ["tyta", "toyota", "two letters"],
    ["rav5", "rav4", "another digit is another model"],
    ["glc", "gla", "another letter of three"],
    ["toyo", "toyota", "a beginning"],
    ["", "a", "nothing"],
  ])("%s is not %s: %s", (typed, word) => {
    expect(hasOneTypo(typed, word, false)).toBe(false);
  });

  test("the beginning of a word may have a typo", () => {
    expect(hasOneTypo("volsk", "volkswagen", true)).toBe(true);
    expect(hasOneTypo("фольсква", "фольксваген", true)).toBe(true);
    expect(hasOneTypo("vlosk", "volkswagen", true)).toBe(false);
  });

  test("a word of few letters is taken literally", () => {
    expect(["x5", "a6l", "крз", "宝马", "gl8"].map(isForgiven)).toEqual([false, false, true, false, false]);
    expect(["rav4", "凯美瑞", "camry"].every(isForgiven)).toBe(true);
  });

  test("every single edit of a long word is forgiven", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."abcdefg"), minLength: 1, maxLength: 1 });
    const word = fc.string({ unit: fc.constantFrom(..."abcdefg"), minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(
        word,
        fc.nat(),
        letters,
        fc.constantFrom("missing", "added", "replaced"),
        (text, at, letter, edit) => {
          const place = at % text.length;
          const typed =
            text.slice(0, place) +
            (edit === "missing" ? "" : letter) +
            text.slice(edit === "added" ? place : place + 1);
          expect(hasOneTypo(typed, text, false)).toBe(true);
          expect(hasOneTypo(typed, `${text}xyz`, true)).toBe(true);
        },
      ),
    );
  });
});
