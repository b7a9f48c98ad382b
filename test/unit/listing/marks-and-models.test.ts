import { describe, expect, test } from "vitest";
import { labelOf, normalizeListing } from "../../../src/listing/index.ts";
import marks from "../../../src/listing/vocabulary/marks.json" with { type: "json" };
import models from "../../../src/listing/vocabulary/models.json" with { type: "json" };
import { now } from "../../support/listing/listings.ts";
import { HAN, spellingsOf, variants } from "../../support/listing/spellings.ts";

describe("marks", () => {
  test("more than 200, each with a Chinese and a Russian name", () => {
    expect(Object.keys(marks).length).toBeGreaterThan(290);
    for (const [mark, { ru, zh }] of Object.entries(marks)) {
      expect(mark).not.toMatch(/[\p{Script=Han}\p{Script=Cyrillic}]/u);
      expect(ru).toMatch(/[А-Я]/);
      expect(labelOf("mark", mark, "zh")).toBe(zh);
    }
  });

  test("every spelling gives the one canonical name", () => {
    for (const [mark, term] of Object.entries(marks)) {
      for (const spelling of spellingsOf({ en: mark, ...term }).flatMap(variants)) {
        expect([spelling, normalizeListing({ mark: spelling }, { now }).listing.mark]).toEqual([
          spelling,
          mark,
        ]);
      }
    }
  });

  test.each([
    ["豐田", "Toyota"],
    ["丰田（进口）", "Toyota"],
    ["阿维塔汽车", "Avatr"],
    ["奇瑞风云", "Chery"],
    ["日产启辰", "Venucia"],
    ["Xiaomi Auto", "Xiaomi"],
  ])("%s is %s", (spelling, mark) => {
    expect(normalizeListing({ mark: spelling }, { now }).listing.mark).toBe(mark);
  });

  test("an unknown mark is kept, with an issue", () => {
    const { listing, issues } = normalizeListing({ mark: "Квант  Моторс" }, { now });
    expect(listing.mark).toBe("Квант Моторс");
    expect(issues).toEqual([{ field: "mark", code: "unknown_value", value: "Квант Моторс" }]);
  });

  test("without a mark, the start of the full name gives it, never cutting a word", () => {
    const markOf = (name: string) =>
      normalizeListing({ configuration: { 车型名称: name } }, { now }).listing.mark;
    expect(markOf("宝马1系 2022款 125i")).toBe("BMW");
    expect(markOf("北京现代ix35 2013款 2.0L")).toBe("Hyundai");
    expect(markOf("长安欧尚X7 2021款 1.5T")).toBe("Changan Oshan");
    expect(markOf("MG5 2022款 180DVVT")).toBe("MG");
    expect(markOf("Seattle 2022款 1.5T")).toBeNull();
    expect(markOf("Model Y 2021款 长续航")).toBeNull();
  });
});

describe("models", () => {
  test.each([
    ["长安", "长安CS75PLUS", "CS75PLUS"],
    [undefined, "长安CS75PLUS", "CS75PLUS"],
    ["标致", "标致2008", "2008"],
    ["奇瑞", "瑞虎8L", "Tiggo 8L"],
    [undefined, "瑞虎8L", "Tiggo 8L"],
    ["BMW", "3 серии", "3 Series"],
    ["BMW", "3系", "3 Series"],
    ["BMW", "3 Series", "3 Series"],
    ["奔驰", "奔驰C级", "C-Class"],
    ["Mercedes-Benz", "С-класс", "C-Class"],
    ["马自达", "马自达3 昂克赛拉", "3 Axela"],
    ["大众", "途观L新能源", "Tiguan L New Energy"],
    ["路虎", "揽胜极光(进口)", "Range Rover Evoque (Import)"],
    ["Land Rover", "Range Rover Sport", "Range Rover Sport"],
    ["吉利", "帝豪GS", "Emgrand GS"],
    ["丰田", "海狮", "HiAce"],
    ["比亚迪", "海狮05 DM-i", "Sealion 05 DM-i"],
    ["GMC", "YUKON育空", "Yukon"],
    ["雪铁龙", "天逸 C5 AIRCROSS", "C5 Aircross"],
    ["马自达", "马自达3星骋", "3 Xingcheng"],
    ["东南", "V5菱致", "V5"],
    ["捷途", "捷途山海L9", "Shanhai L9"],
    ["北京", "北京汽车E系列", "E Series"],
    ["丰田", "FJ酷路泽", "FJ Cruiser"],
    [undefined, "宝来·纯电", "Bora EV"],
    ["MINI", "MINI", "MINI"],
    ["MINI", "MINI CLUBMAN", "CLUBMAN"],
    ["梅赛德斯-AMG", "AMG GT", "AMG GT"],
    ["Lamborghini", "Huracán", "Huracán"],
    ["宾歌", "宾歌怪兽", "宾歌怪兽"],
    ["克蒂", "克蒂怪兽", "怪兽"],
  ])("%s %s is %s", (mark, model, expected) => {
    expect(normalizeListing({ mark, model }, { now }).listing.model).toBe(expected);
  });

  test("the Latin form is found without Chinese, Russian or accents", () => {
    const latin = (model: string) => normalizeListing({ model }, { now }).listing.model_latin;
    expect(latin("Huracán")).toBe("Huracan");
    expect(latin("宾歌怪兽")).toBe("Bingeguaishou");
    expect(latin("Ёжик 5")).toBe("Ezhik 5");
  });

  test("export names are Latin, and belong to marks that exist", () => {
    for (const [mark, names] of Object.entries(models.names)) {
      expect(marks).toHaveProperty([mark]);
      for (const [chinese, name] of Object.entries(names)) {
        expect(chinese).toMatch(HAN);
        expect(name).not.toMatch(HAN);
      }
    }
  });
});
