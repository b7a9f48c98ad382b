import { describe, expect, test } from "vitest";
import { createLabels } from "../../../../src/api/schema/labels.ts";
import { correctedText } from "../../../../src/api/suggest/corrected-text.ts";
import { createNameIndex } from "../../../../src/api/suggest/name-index.ts";
import { createWordsOfNames, type NameInUse } from "../../../../src/api/suggest/names-in-use.ts";
import { suggestedNames } from "../../../../src/api/suggest/suggested-names.ts";

const labels = createLabels();
const mark = (value: string, count: number): NameInUse => ({
  type: "mark",
  value,
  parent: null,
  count,
  series: [],
});
const model = (parent: string, value: string, count: number, ...series: string[]): NameInUse => ({
  ...{ type: "model", value, parent, count, series },
});
const city = (parent: string, value: string, count: number): NameInUse => ({
  ...{ type: "city", value, parent, count, series: [] },
});

const index = createNameIndex(
  [
    mark("Toyota", 190),
    model("Toyota", "Camry", 100, "凯美瑞"),
    model("Toyota", "Corolla", 60, "卡罗拉"),
    model("Toyota", "Land Cruiser Prado", 30, "普拉多"),
    mark("BMW", 150),
    model("BMW", "X5", 90, "宝马X5"),
    model("BMW", "3 Series", 60, "宝马3系"),
    mark("BYD", 140),
    model("BYD", "Han", 20, "汉"),
    model("BYD", "Song PLUS", 120, "宋PLUS"),
    mark("Mercedes-Benz", 100),
    model("Mercedes-Benz", "G-Class", 10, "奔驰G级"),
    mark("Honda", 80),
    model("Honda", "CR-V", 80, "本田CR-V"),
    mark("Geely", 70),
    model("Geely", "Xingyue L", 70, "星越L"),
    model("BAIC", "享御", 2),
    city("Guangdong", "Shenzhen", 300),
    city("Zhejiang", "Hangzhou", 200),
    city("Hebei", "Handan", 50),
  ],
  createWordsOfNames(labels),
);
const suggested = (text: string) => suggestedNames(text, index, labels).map(({ value }) => value);

describe("a partial query", () => {
  test.each([
    ["to", ["Toyota", "Camry", "Corolla", "Land Cruiser Prado"]],
    ["тойота к", ["Camry", "Corolla", "Land Cruiser Prado"]],
    ["toyota ca", ["Camry"]],
    ["кам", ["Camry"]],
    ["凯美", ["Camry"]],
    ["丰田 卡", ["Corolla"]],
    ["х5", ["X5"]],
    ["бмв х", ["X5"]],
    ["бэх", ["BMW", "X5", "3 Series"]],
    ["мерин", ["Mercedes-Benz", "G-Class"]],
    ["гелик", ["G-Class"]],
    ["crv", ["CR-V"]],
    ["cr v", ["CR-V"]],
    ["landcr", ["Land Cruiser Prado"]],
    ["han", ["Han", "Hangzhou", "Handan"]],
    ["шэнь", ["Shenzhen"]],
    ["深圳", ["Shenzhen"]],
    ["монжар", ["Xingyue L"]],
    ["xiangyu", ["享御"]],
    ["тойота л", ["Land Cruiser Prado"]],
    ["x", ["X5", "Xingyue L", "享御"]],
    ["", []],
    ["?!", []],
    ["дизель", []],
  ])("%j suggests %j", (text, values) => {
    expect(suggested(text)).toEqual(values);
  });

  test.each([
    ["toyta", "Toyota"],
    ["камрт", "Camry"],
    ["mersedes", "Mercedes-Benz"],
    ["мерсидес", "Mercedes-Benz"],
    ["xingyeu", "Xingyue L"],
    ["shenzen", "Shenzhen"],
    ["凯美端", "Camry"],
    ["tayota kamri", "Camry"],
    ["bwm", "BMW"],
    ["bwm 3 ser", "3 Series"],
    ["кукурзер", "Land Cruiser Prado"],
  ])("%s means %s in spite of a typo", (text, value) => {
    expect(suggested(text)[0]).toBe(value);
  });

  test("colours and other known words are not taken for misspelled names", () => {
    expect(suggested("белый")).toEqual([]);
    expect(suggested("камри белый")).toEqual([]);
  });
});

test("a long text suggests nothing", () => {
  expect(suggested("toyta ".repeat(8))[0]).toBe("Toyota");
  expect(suggested("toyta ".repeat(9))).toEqual([]);
});

describe("a search that finds nothing", () => {
  test.each([
    ["toyta camri", "toyota camry"],
    ["тайота кмари", "тайота camry"],
    ["тоёта камрт", "тоёта camry"],
    ["bwm x5", "bmw x5"],
    ["xingyeu", "xingyue"],
    ["манжаро", "монжаро"],
    ["凯美端 白色", "凯美瑞 白色"],
    ["shenzen", "shenzhen"],
    ["белая камрт", "белая camry"],
  ])("%s is corrected to %s", (text, corrected) => {
    expect(correctedText(text, index, labels)).toBe(corrected.replaceAll("ё", "е"));
  });

  test.each(["toyota camry", "bmw x6", "камри дизель", "toyota golf", "qwertz", "?!", "бела", ""])(
    "%j has nothing to correct",
    (text) => {
      expect(correctedText(text, index, labels)).toBeUndefined();
    },
  );

  test("a name must fit the other words", () => {
    expect(correctedText("toyota hano", index, labels)).toBeUndefined();
    expect(correctedText("byd hann", index, labels)).toBe("byd han");
  });
});
