import { describe, expect, test } from "vitest";
import marks from "../../../src/listing/vocabulary/marks.json" with { type: "json" };
import models from "../../../src/listing/vocabulary/models.json" with { type: "json" };
import { toPinyin } from "../../../src/listing/vocabulary/pinyin.ts";
import { normalize } from "../../support/listing/listings.ts";

const markOf = (mark: string) => normalize({ mark }).listing.mark;
const modelOf = (mark: string, model: string) => normalize({ mark, model }).listing.model;
const HAN_NAME = /^[\p{Script=Han}·]{2,}$/u;

describe("a make", () => {
  test("is known by the pinyin of every Chinese spelling, unless another make has the same", () => {
    const unknown: string[] = [];
    for (const [mark, term] of Object.entries(marks)) {
      const lines: readonly string[] = "lines" in term ? term.lines : [];
      for (const spelling of [term.zh, ...term.spellings]) {
        if (HAN_NAME.test(spelling) && !lines.includes(spelling) && markOf(toPinyin(spelling)) !== mark) {
          unknown.push(`${mark}: ${toPinyin(spelling)}`);
        }
      }
    }
    expect(unknown).toEqual([]);
  });

  test.each([
    ["Wenjie", "AITO"],
    ["AITO Wenjie", "AITO"],
    ["LANTU", "Voyah"],
    ["Lan Tu", "Voyah"],
    ["Lantu VOYAH", "Voyah"],
    ["Ланьту", "Voyah"],
    ["Chang’an", "Changan"],
    ["Ai'an", "Aion"],
    ["Aian", "Aion"],
    ["Lvchi", "Lvchi"],
    ["Lüchi", "Lvchi"],
    ["Mercedes Benz", "Mercedes-Benz"],
    ["Мерседес Бенц", "Mercedes-Benz"],
    ["Alfa-Romeo", "Alfa Romeo"],
    ["LYNK CO", "Lynk & Co"],
    ["Rolls Royce", "Rolls-Royce"],
    ["SAIC-GM-Wuling", "Wuling"],
    ["Dongfeng Yueda Kia", "Kia"],
    ["Brilliance BMW", "BMW"],
    ["Xing Tu", "Exeed"],
    ["鸿蒙智行 问界", "AITO"],
    ["北京汽车制造厂", "BAW"],
  ])("%s is %s", (spelling, mark) => {
    expect(normalize({ mark: spelling })).toMatchObject({ listing: { mark }, issues: [] });
  });

  test.each([
    ["AITO", "Wenjie M7", "M7"],
    ["Voyah", "Lantu Free", "Free"],
    ["Mercedes-Benz", "Mercedes Benz E-Class", "E-Class"],
    ["Changan", "Chang'an CS75PLUS", "CS75PLUS"],
    ["Land Rover", "Range Rover Sport", "Range Rover Sport"],
    ["Jetour", "Shanhai L9", "Shanhai L9"],
  ])(
    "%s is removed from the model %s in such a spelling, unless it names a line",
    (mark, model, expected) => {
      expect(modelOf(mark, model)).toBe(expected);
    },
  );
});

describe("a model", () => {
  test("has one name in Chinese, pinyin, capitals and after its make", () => {
    const different: string[] = [];
    for (const [mark, names] of Object.entries(models.names)) {
      const { zh } = marks[mark as keyof typeof marks];
      for (const [chinese, name] of Object.entries(names)) {
        // The pinyin of one character is that of many.
        const spellings =
          chinese.length > 1 ? [toPinyin(chinese), `${toPinyin(zh)} ${toPinyin(chinese)}`] : [];
        for (const spelling of [...spellings, name, name.toUpperCase(), name.toLowerCase()]) {
          if (modelOf(mark, spelling) !== modelOf(mark, chinese)) {
            different.push(`${mark} ${chinese}: ${spelling}`);
          }
        }
      }
    }
    // 福特 is removed from the Chinese name, and with it what the name is known by.
    expect(different.filter((one) => !one.startsWith("Ford 福特F-150"))).toEqual([]);
  });

  test.each([
    ["Geely", ["星越L", "Xingyue L", "Monjaro", "MONJARO"], "Xingyue L"],
    ["Geely", ["星越", "Xingyue", "Tugella"], "Xingyue"],
    ["Geely", ["缤越", "Binyue", "Coolray"], "Binyue"],
    ["Geely", ["博越", "Boyue", "Atlas"], "Boyue"],
    ["Geely", ["博越PRO", "Boyue PRO", "Atlas PRO"], "Boyue PRO"],
    ["Geely", ["博越COOL", "Cityray"], "Boyue COOL"],
    ["Geely", ["豪越", "Haoyue", "Okavango"], "Haoyue"],
    ["Geely", ["豪越L", "Okavango L"], "Haoyue L"],
    ["Geely", ["星瑞", "Xingrui", "Preface"], "Preface"],
    ["Geely", ["帝豪", "Dihao", "Emgrand"], "Emgrand"],
    ["Chery", ["瑞虎8", "Ruihu 8", "Ruihu8", "Tiggo 8", "Tiggo8"], "Tiggo 8"],
    ["Chery", ["风云T9", "Fengyun T9", "Fulwin T9"], "Fengyun T9"],
    ["Jetour", ["大圣", "Dasheng", "Dashing"], "Dasheng"],
    ["Changan", ["UNI-K", "Uni-K", "UNIK", "长安UNI-K"], "UNI-K"],
    ["Haval", ["初恋", "Chulian", "Jolion", "First Love"], "Jolion"],
    ["Haval", ["大狗", "Dagou", "Dargo", "Big Dog"], "Dargo"],
    ["Great Wall", ["金刚炮", "Jingangpao", "King Kong Cannon"], "King Kong Poer"],
    ["BYD", ["元PLUS", "Yuan Plus", "Atto 3"], "Yuan PLUS"],
    ["BYD", ["海鸥", "Seagull", "Dolphin Mini"], "Seagull"],
    ["GAC Trumpchi", ["影豹", "Yingbao", "Empow"], "Empow"],
    ["WEY", ["摩卡", "Mocha", "Coffee 01"], "Mocha"],
    ["Toyota", ["铂智3X", "Bozhi 3X", "bZ3X"], "bZ3X"],
  ])("%s %j is one car", (mark, spellings, name) => {
    expect([...new Set(spellings.map((model) => modelOf(mark, model)))]).toEqual([name]);
  });

  test.each([
    ["Toyota", "bZ3"],
    ["BYD", "Dolphin"],
    ["Geely", "Xingyue L"],
    ["Jetour", "T2"],
  ])("%s %s remains another car than those that are named like it", (mark, model) => {
    expect(modelOf(mark, model)).toBe(model);
  });

  test("a name abroad is not the name of another car of the make", () => {
    for (const [mark, translations] of Object.entries(models.translations)) {
      const names: readonly string[] = Object.values(models.names[mark as keyof typeof models.names]);
      for (const [translation, name] of Object.entries(translations)) {
        const isOwn = names.some((one) => one.toLowerCase() === translation.toLowerCase() && one !== name);
        expect([mark, translation, isOwn]).toEqual([mark, translation, false]);
      }
    }
  });
});
