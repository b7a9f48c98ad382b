import { describe, expect, test } from "vitest";
import { CATEGORIES, type Category, codesOf, labelOf, normalizeListing } from "../../../src/listing/index.ts";
import { spellingKey } from "../../../src/listing/parse/text.ts";
import { CATEGORY_TERMS } from "../../../src/listing/vocabulary/categories.ts";
import marks from "../../../src/listing/vocabulary/marks.json" with { type: "json" };
import type { Term } from "../../../src/listing/vocabulary/types.ts";
import values from "../../fixtures/corpus-values.json" with { type: "json" };
import english from "../../fixtures/filters-en.json" with { type: "json" };
import russian from "../../fixtures/filters-ru.json" with { type: "json" };
import { now } from "../../support/listing/listings.ts";
import { HAN, spellingsOf, variants } from "../../support/listing/spellings.ts";

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
    ["color", "灰/银色", "silver_gray"],
    ["color", "银色/灰色", "silver_gray"],
    ["color", "Grey/Silver", "silver_gray"],
    ["color", "серый/серебристый", "silver_gray"],
    ["color", "银/白色", "other"],
    ["engine_type", "汽油/LPG", "lpg"],
    ["engine_type", "Бензин/CNG", "gasoline_cng"],
    ["engine_type", "e-POWER", "hybrid"],
    ["engine_type", "Гибрид с увеличенным запасом хода", "range_extender"],
    ["transmission_type", "РКПП", "dual_clutch"],
    ["emission_standard", "National VI", "china_6"],
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
