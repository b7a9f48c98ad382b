import { describe, expect, test } from "vitest";
import {
  CATEGORIES,
  type Category,
  checkUserVocabulary,
  codesOf,
  compileVocabulary,
  labelOf,
  normalizeListing,
} from "../../../src/listing/index.ts";
import { spellingKey } from "../../../src/listing/parse/text.ts";
import { CATEGORY_TERMS } from "../../../src/listing/vocabulary/categories.ts";
import { looseKey } from "../../../src/listing/vocabulary/lexicon.ts";
import marks from "../../../src/listing/vocabulary/marks.json" with { type: "json" };
import models from "../../../src/listing/vocabulary/models.json" with { type: "json" };
import options from "../../../src/listing/vocabulary/options.json" with { type: "json" };
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };
import type { Term } from "../../../src/listing/vocabulary/types.ts";
import values from "../../fixtures/corpus-values.json" with { type: "json" };
import english from "../../fixtures/filters-en.json" with { type: "json" };
import russian from "../../fixtures/filters-ru.json" with { type: "json" };

const HAN = /\p{Script=Han}/u;
const now = new Date("2026-11-24T00:00:00Z");

const spellingsOf = ({ en, ru, zh, spellings }: Term) => [en, ru, zh, ...spellings];

/** Variants of a spelling as people type it. */
const variants = (spelling: string) => [
  spelling,
  spelling.toUpperCase(),
  spelling.replaceAll("е", "ё"),
  spelling.replaceAll("ё", "е"),
  ` ${spelling.replaceAll(" ", "  ")} `,
  [...spelling].join(" "),
  spelling.replaceAll(" ", ""),
];

/** Fields whose category has another name. */
const FIELDS: Partial<Record<Category, string>> = {
  material: "cylinder_head_material",
  suspension: "front_suspension",
};

const readCategory = (category: Category, raw: string) =>
  (
    normalizeListing({ [FIELDS[category] ?? category]: raw }, { now }).listing as unknown as Record<
      string,
      unknown
    >
  )[FIELDS[category] ?? category];

const read = CATEGORIES.filter((category) => category !== "motor_position");

describe("categories", () => {
  test.each(read)(
    "every spelling of %s gives its code, in capitals, with spaces, with ё or е",
    (category) => {
      for (const [code, term] of Object.entries(CATEGORY_TERMS[category])) {
        for (const spelling of spellingsOf(term).flatMap(variants)) {
          expect([spelling, readCategory(category, spelling)]).toEqual([spelling, code]);
        }
      }
    },
  );

  test.each(CATEGORIES)(
    "every code of %s is lower_snake_case and has a label in each language",
    (category) => {
      for (const [code, labels] of codesOf(category)) {
        if (category !== "cylinder_layout") {
          expect(code).toMatch(/^[a-z\d]+(?:_[a-z\d]+)*$/);
        }
        expect(labels.en).not.toMatch(HAN);
        expect(labels.ru).toMatch(/[А-Яа-яA-Z]/);
        expect(labels.ru).not.toMatch(HAN);
        expect(labels.zh).not.toBe("");
        expect(labelOf(category, code, "ru")).toBe(labels.ru);
      }
      expect(codesOf(category).has("other")).toBe(true);
      expect(labelOf(category, "nonsense", "en")).toBeNull();
    },
  );

  test.each([
    ["English", english],
    ["Russian", russian],
  ])("every value of an account's filters in %s has a code", (_language, filters) => {
    for (const [field, spellings] of Object.entries(filters)) {
      if (!Array.isArray(spellings)) {
        continue;
      }
      for (const spelling of spellings) {
        const code = readCategory(field as Category, spelling);
        expect([field, spelling, code === "other"]).toEqual([
          field,
          spelling,
          /^(?:Other|Другой)$/.test(spelling),
        ]);
        expect([spelling, code]).not.toEqual([spelling, null]);
      }
    }
  });

  test.each([
    ["engine_type", "Бензиновый + 12V mild hybrid", "mild_hybrid_gasoline"],
    ["engine_type", "Дизельный + 24V mild hybrid", "mild_hybrid_diesel"],
    ["transmission_type", "9挡手自一体", "automatic"],
    ["transmission_type", "10-ступенчатая АКПП", "automatic"],
    ["transmission_type", "9挡湿式双离合", "dual_clutch"],
    ["transmission_type", "CVT无级变速(模拟9挡)", "cvt"],
    ["transmission_type", "7速手动", "manual"],
    ["drive_type", "AWD (five-motor)", "awd"],
    ["drive_type", "双电机前驱", "fwd"],
    ["emission_standard", "国VI(国V)", "china_6"],
    ["emission_standard", "国IV+OBD", "china_4"],
    ["emission_standard", "国Ⅵ", "china_6"],
    ["battery_chemistry", "磷酸铁锂电池(刀片)", "lfp"],
    ["suspension", "前麦弗逊式独立悬架带横向稳定杆", "macpherson"],
    ["suspension", "полузависимая, торсионная балка", "torsion_beam"],
    ["color", "白色(珠光)", "white"],
    ["color", "белый перламутр", "white"],
    ["color", "Серый металлик", "dark_gray"],
    ["color", "极地白", "white"],
    ["color", "哑光黑", "black"],
    ["color", "黑白", "other"],
    ["emission_standard", "Euro VI d", "euro_6"],
    ["transmission_type", "IVT无级变速", "cvt"],
    ["transmission_type", "序列变速箱(ISR)", "amt"],
    ["transmission_type", "手自一體", "automatic"],
    ["drive_type", "постоянный полный", "awd"],
    ["body_type", "внедорожник 5 дв.", "suv"],
    ["aspiration", "单涡轮双涡管增压", "turbo"],
    ["aspiration", "机械增压+双涡轮增压", "supercharged"],
    ["battery_chemistry", "神盾短刀电池", "lfp"],
    ["battery_chemistry", "三元聚合物锂电池", "ternary"],
    ["material", "压铸铝合金", "aluminum"],
    ["material", "高强度铸铁", "cast_iron"],
    ["suspension", "双横臂扭杆弹簧独立悬架", "double_wishbone"],
    ["suspension", "拖曳臂扭转梁式半独立悬架", "torsion_beam"],
    ["suspension", "双连杆式独立悬架", "independent"],
    ["suspension", "电磁感应主动悬架", "electronic"],
    ["suspension", "半独立悬架", "semi_independent"],
    ["suspension", "空气悬挂", "air_spring"],
  ] as const)("%s: %s is %s", (category, raw, code) => {
    expect(readCategory(category, raw)).toBe(code);
  });

  test("an unknown value is other, with its text and an issue; an empty one is null", () => {
    const { listing, issues } = normalizeListing(
      { color: "Разноцветный в горошек", body_type: "-" },
      { now },
    );
    expect(listing).toMatchObject({ color: "other", color_raw: "Разноцветный в горошек", body_type: null });
    expect(listing).not.toHaveProperty("body_type_raw");
    expect(issues).toEqual([{ field: "color", code: "unknown_value", value: "Разноцветный в горошек" }]);
  });

  test("real values of materials and suspensions are known", () => {
    for (const [raw] of values.materials) {
      expect(readCategory("material", String(raw))).not.toBe("other");
    }
    for (const [raw] of values.suspensions) {
      expect(readCategory("suspension", String(raw))).not.toBe("other");
    }
  });
});

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

describe("options and specifications", () => {
  const terms: [string, Record<string, Term>][] = [
    ["options", options],
    ["specifications", specifications],
  ];

  test("more than 300 names, each in three languages", () => {
    expect(Object.keys(options).length + Object.keys(specifications).length).toBeGreaterThan(300);
    for (const term of terms.flatMap(([, of]) => Object.values(of))) {
      expect(term.en).not.toMatch(/[\p{Script=Han}\p{Script=Cyrillic}]/u);
      expect(term.ru).not.toMatch(HAN);
      expect(term.zh).not.toBe("");
    }
  });

  test.each(terms)("no two %s share a spelling", (_kind, of) => {
    const owners = new Map<string, string>();
    for (const [code, term] of Object.entries(of)) {
      for (const spelling of spellingsOf(term)) {
        expect([spelling, owners.get(looseKey(spelling)) ?? code]).toEqual([spelling, code]);
        owners.set(looseKey(spelling), code);
      }
    }
  });

  test("options are coded, each once, in their order; unknown ones keep their name", () => {
    const option = {
      displayopts: [
        { optionname: "定速巡航" },
        { optionname: "倒车影像" },
        "火箭助推",
        { optionname: 5 },
        null,
      ],
      moreoptions: [
        {
          opts: [{ optionname: "胎压监测装置" }, { optionname: "胎压监测功能" }, { optionname: "定速巡航" }],
        },
        { opts: null },
      ],
    };
    expect(normalizeListing({ extra: { option } }, { now }).listing.options).toEqual([
      { code: "cruise_control", en: "Cruise control", ru: "Круиз-контроль", zh: "定速巡航" },
      { code: "reversing_camera", en: "Reversing camera", ru: "Камера заднего вида", zh: "倒车影像" },
      { zh: "火箭助推" },
      {
        code: "tire_pressure_monitoring",
        en: "Tyre pressure monitoring",
        ru: "Контроль давления в шинах",
        zh: "胎压监测装置",
      },
    ]);
  });
});

describe("a user's vocabulary", () => {
  const user = {
    color: { silver_gray: { spellings: ["流星银"] }, mint: { en: "Mint", ru: "Мятный", zh: "薄荷色" } },
    marks: { Kvant: { ru: "Квант", zh: "量子", spellings: ["Квант Моторс"] } },
    models: { Kvant: { 飞跃: "Leap" }, Geely: { 星愿: "Star Wish" } },
    options: { rocket: { en: "Rocket booster", zh: "火箭助推" } },
    body_type: { van: { spellings: ["货车"] } },
  };

  test("extends and overrides the built-in spellings, codes, marks, models and options", () => {
    const { listing, issues } = normalizeListing(
      {
        color: "Мятный",
        mark: "量子",
        model: "量子飞跃5",
        body_type: "货车",
        extra: { option: { displayopts: [{ optionname: "火箭助推" }, { optionname: "定速巡航" }] } },
      },
      { now, vocabulary: user },
    );
    expect(listing).toMatchObject({ color: "mint", mark: "Kvant", model: "Leap 5", body_type: "van" });
    expect(listing.options.map(({ code }) => code)).toEqual(["rocket", "cruise_control"]);
    expect(issues).toEqual([]);
    expect(normalizeListing({ color: "流星银" }, { now, vocabulary: user }).listing.color).toBe(
      "silver_gray",
    );
    expect(normalizeListing({ color: "Белый" }, { now, vocabulary: user }).listing.color).toBe("white");
    expect(normalizeListing({ mark: "吉利", model: "星愿" }, { now, vocabulary: user }).listing.model).toBe(
      "Star Wish",
    );
  });

  test("shows its labels, and leaves the built-in ones unchanged", () => {
    const vocabulary = compileVocabulary(user);
    expect(labelOf("color", "mint", "ru", vocabulary)).toBe("Мятный");
    expect(labelOf("option", "rocket", "ru", vocabulary)).toBe("Rocket booster");
    expect(labelOf("mark", "Kvant", "en", vocabulary)).toBe("Kvant");
    expect(labelOf("color", "silver_gray", "ru", vocabulary)).toBe("Серебристо-серый");
    expect(labelOf("color", "mint", "ru")).toBeNull();
    expect(normalizeListing({ color: "Мятный" }, { now }).listing.color).toBe("other");
  });

  test("is compiled once", () => {
    expect(compileVocabulary(user)).toBe(compileVocabulary(user));
    expect(compileVocabulary()).toBe(compileVocabulary());
  });

  test("all its problems are reported", () => {
    expect(checkUserVocabulary(user)).toEqual([]);
    expect(checkUserVocabulary([])).toHaveLength(1);
    expect(
      checkUserVocabulary({
        colour: {},
        color: { red: { spelling: ["x"] }, blue: { spellings: "x" }, green: 5 },
        marks: 5,
        models: { Geely: { 星愿: 5 } },
      }),
    ).toEqual([
      "colour is not a part of a vocabulary",
      "color.red.spelling is not en, ru, zh or spellings",
      "color.blue.spellings must be a list of texts",
      "color.green must be an object",
      "marks must be an object",
      "models.Geely.星愿 must be a text",
    ]);
  });
});

test("no spelling of a category or a mark is ambiguous", () => {
  const all: [string, Record<string, Term>][] = [
    ...Object.entries(CATEGORY_TERMS),
    ["marks", Object.fromEntries(Object.entries(marks).map(([en, term]) => [en, { en, ...term }]))],
  ];
  for (const [name, terms] of all) {
    const owners = new Map<string, string>();
    for (const [code, term] of Object.entries(terms)) {
      for (const key of spellingsOf(term).map(spellingKey)) {
        expect([name, key, owners.get(key) ?? code]).toEqual([name, key, code]);
        owners.set(key, code);
      }
    }
  }
});
