import { describe, expect, test } from "vitest";
import { sizesOf } from "../../../../src/api/images/sizes.ts";

const CDN = "https://2sc2.autoimg.cn/escimg/auto/g32/M08/6A/D4";

describe("a picture in another size", () => {
  test.each([
    ["1024x768_c42_autohomecar__ChxkPW.jpg.webp", "240x180_c42_autohomecar__ChxkPW.jpg.webp"],
    ["f_900x675_0_q87_autohomecar__ChxkmW.jpg", "f_240x180_0_q87_autohomecar__ChxkmW.jpg"],
    ["f_440x0_0_q87_autohomecar__ChwFk2.jpg", "f_240x0_0_q87_autohomecar__ChwFk2.jpg"],
    ["1400x0_c42_autohomecar__ChxknG.jpg.webp", "240x0_c42_autohomecar__ChxknG.jpg.webp"],
  ])("of %s is %s", (stored, thumb) => {
    expect(sizesOf(`${CDN}/${stored}`).thumb).toBe(`${CDN}/${thumb}`);
  });

  test("has the width of a card, and as `full` the stored address", () => {
    const stored = `${CDN}/1024x768_c42_autohomecar__ChxkPW.jpg.webp`;
    expect(sizesOf(stored).card).toBe(`${CDN}/480x360_c42_autohomecar__ChxkPW.jpg.webp`);
    expect(sizesOf(stored).full).toBe(stored);
  });

  test.each([
    ["without a size part", "b.jpg"],
    ["that is not larger", "240x180_c42_autohomecar__ChxkPW.jpg"],
    ["of another kind of name", "1024x768-poster.jpg"],
    ["with the size part in a folder", "1024x768_c42_autohomecar__x/picture.jpg"],
  ])("%s is the stored address", (_, name) => {
    expect(sizesOf(`${CDN}/${name}`).thumb).toBe(`${CDN}/${name}`);
  });
});
