import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildPlaces, formatPlaces, readNames, toPalladius } from "../../../scripts/build-places.ts";
import { parsePlace } from "../../../src/listing/parse/place.ts";
import type { Place } from "../../../src/listing/types.ts";
import { placeStem, splitSuffix } from "../../../src/listing/vocabulary/place-stems.ts";
import cases from "../../fixtures/expected.json" with { type: "json" };
import { issueList } from "../../support/listing/issues.ts";

/** The full names of province, city and district, with the issues. */
function read(raw: unknown): { names: (string | null)[]; codes: (string | null)[]; issues: string[] } {
  const { report, issues } = issueList();
  const { province, city, district } = parsePlace(raw, report);
  const places = [province, city, district];
  const names = places.map((place) => place?.zh ?? null);
  return { names, codes: places.map((place) => place?.code ?? null), issues };
}

const rows = buildPlaces();
const places: Place[] = rows.map(([code = "", zh = "", en = "", ru = ""]) => ({ code, zh, en, ru }));
const byCode = new Map(places.map((place) => [place.code, place]));

/** The city of a county; undefined for provinces, cities and directly governed counties. */
function cityOver({ code }: Place): Place | undefined {
  if (code.endsWith("00") || /^(?:41|42|46|65)90/.test(code)) {
    return undefined;
  }
  return byCode.get(`${code.slice(0, 4)}00`) ?? byCode.get(`${code.slice(0, 2)}0000`);
}

describe("addresses", () => {
  const addresses = cases.filter(({ kind }) => kind === "address");

  test.each(addresses.map(({ raw, expect: wanted }) => [raw, wanted] as const))(
    "%s is read as verified",
    (raw, wanted) => {
      const { report } = issueList();
      const found = parsePlace(raw, report);
      const flat = Object.fromEntries(
        Object.entries(found).flatMap(([level, place]) =>
          Object.keys({ zh: 0, en: 0, ru: 0 }).map((key) => [
            `${level}_${key}`,
            place?.[key as keyof Place] ?? null,
          ]),
        ),
      );
      expect(flat).toMatchObject(wanted);
    },
  );

  test.each([
    ["Shanghai, Minhang", "闵行区"],
    ["SHANGHAI,MINHANG", "闵行区"],
    ["Шанхай, Миньхан", "闵行区"],
    ["г. Шанхай, район Миньхан", "闵行区"],
    ["上海市，闵行区", "闵行区"],
    ["上海市闵行区", "闵行区"],
    ["上海, 上海, 闵行", "闵行区"],
    ["中国, 上海, 闵行", "闵行区"],
    ["Shanghai", null],
    ["上海, ", null],
  ])("%s is Shanghai in every language and order", (raw, district) => {
    expect(read(raw)).toEqual({
      names: ["上海市", "上海市", district],
      codes: ["310000", "310000", district && "310112"],
      issues: [],
    });
  });

  test.each([
    ["Xian, Chang’an", "西安市", "长安区"],
    ["Haerbin", "哈尔滨市", null],
    ["Urumqi", "乌鲁木齐市", null],
    ["Хух-Хото", "呼和浩特市", null],
    ["Шеньчжень", "深圳市", null],
    ["Guangdong, Shenzhen", "深圳市", null],
    ["山东省济南市莱芜区", "济南市", "莱芜区"],
    ["吉林, 船营", "吉林市", "船营区"],
    ["吉林, 长春", "长春市", null],
    ["海南, 共和", "海南藏族自治州", "共和县"],
    ["Xuancheng, Jing County", "宣城市", "泾县"],
    ["Yunfu, Yun'an", "云浮市", "云安区"],
    ["Yunfu, Yunan", "云浮市", "郁南县"],
    ["延边州, 延吉", "延边朝鲜族自治州", "延吉市"],
    ["广州天河", "广州市", "天河区"],
    ["广东广州", "广州市", null],
    ["廣州, 天河", "广州市", "天河区"],
    ["Suzhou, Jiangsu", "苏州市", null],
    ["Suzhou, Anhui", "宿州市", null],
    ["昆山", "苏州市", "昆山市"],
    ["Yiwu", "金华市", "义乌市"],
    ["Иу", "金华市", "义乌市"],
  ])("%s is %s, %s", (raw, city, district) => {
    expect(read(raw)).toMatchObject({ names: [expect.any(String), city, district], issues: [] });
  });

  test.each([
    ["仙桃, ", "429004"],
    ["潜江", "429005"],
    ["济源", "419001"],
    ["石河子, ", "659001"],
    ["澄迈", "469023"],
    ["Jiyuan", "419001"],
    ["东莞, 东莞", "441900"],
    ["嘉峪关", "620200"],
  ])("%s is a city without districts", (raw, code) => {
    expect(read(raw)).toMatchObject({ codes: [expect.any(String), code, null], issues: [] });
  });

  test.each([
    ["成都, 顺河", "conflict"],
    ["深圳, 番禺", "conflict"],
    ["潍坊, 高新区", "unknown_value"],
    ["新乡, 新乡新区", "unknown_value"],
    ["秦皇岛, 北戴河新区", "unknown_value"],
    ["仙桃, 张沟镇", "unknown_value"],
    ["廊坊, 燕郊", "unknown_value"],
    ["怀化, 洪江区", "conflict"],
  ])("%s keeps the city; the district is null with an issue", (raw, code) => {
    const { names, issues } = read(raw);
    expect(names).toEqual([expect.any(String), expect.any(String), null]);
    expect(issues).toEqual([`district: ${code}`]);
  });

  test("a district that was a county is still found by its former name, but not a county by a later one", () => {
    expect(read("青岛, 即墨市").names[2]).toBe("即墨区");
    expect(read("保定, 清苑县").names[2]).toBe("清苑区");
    expect(read("石家庄, 井陉").names[2]).toBe("井陉县");
    expect(read("石家庄, 井陉区").names[2]).toBeNull();
  });

  test("a name shared by a city, a district and a county is read in that order", () => {
    expect(read("伊犁, 伊宁").names[2]).toBe("伊宁市");
    expect(read("伊犁, 伊宁县").names[2]).toBe("伊宁县");
    expect(read("Ili, Yining County").names[2]).toBe("伊宁县");
  });

  test("a foreign name of two cities is resolved by the district, and not guessed without one", () => {
    expect(read("Suzhou, Kunshan").names[1]).toBe("苏州市");
    expect(read("Сучжоу, Лингби").names[1]).toBeNull();
    expect(read("Suzhou, Lingbi").names[1]).toBe("宿州市");
    expect(read("Suzhou")).toEqual({
      names: [null, null, null],
      codes: [null, null, null],
      issues: ["address: unknown_value"],
    });
  });

  test.each(["亚特兰蒂斯, 朝阳", "朝阳区", "萧山", "其他", "Paris", "北戴河新区"])(
    "%s is an unknown city: all null with an issue",
    (raw) => {
      expect(read(raw)).toMatchObject({ names: [null, null, null], issues: ["address: unknown_value"] });
    },
  );

  test("a missing address is null without an issue, a wrong type or an overlong text with one", () => {
    for (const raw of [null, undefined, "", " ", "-", "未知"]) {
      expect(read(raw).issues).toEqual([]);
    }
    for (const raw of [5, {}, ["济南"], "北".repeat(1_000_000)]) {
      expect(read(raw)).toMatchObject({ names: [null, null, null], issues: ["address: unreadable"] });
    }
  });

  test("no value throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: "binary" }), shuffledNames()), (raw) => {
        const { report } = issueList();
        const { province, city, district } = parsePlace(raw, report);
        if (district !== null) {
          expect(city).not.toBeNull();
        }
        if (city !== null) {
          expect(province?.code.slice(0, 2)).toBe(city.code.slice(0, 2));
        }
      }),
    );
  });
});

describe("all places of China", () => {
  test("99.8 % of all `city, district` in short names lead to the right code", () => {
    const wrong = places.filter((place) => {
      if (place.code.endsWith("00")) {
        return false;
      }
      const city = cityOver(place);
      const raw = city === undefined ? placeStem(place.zh) : `${placeStem(city.zh)}, ${placeStem(place.zh)}`;
      return read(raw).codes.findLast((code) => code !== null) !== place.code;
    });
    // The counties with the name of a neighbouring city.
    expect(wrong.map(({ zh }) => zh)).toEqual(["临夏县", "和田县", "伊宁县"]);
  });

  test("the same holds for names without their suffix", () => {
    const bare = (zh: string) => splitSuffix(zh)?.rest ?? zh;
    const wrong = places.filter((place) => {
      const city = cityOver(place);
      return city !== undefined && read(`${bare(city.zh)}, ${bare(place.zh)}`).codes[2] !== place.code;
    });
    expect(wrong.map(({ zh }) => zh)).toEqual(["临夏县", "和田县", "伊宁县"]);
  });

  test.each(["zh", "en", "ru"] as const)(
    "every full name in %s gives its place or, if ambiguous, none",
    (language) => {
      const wrong = places.filter((place) => {
        const city = cityOver(place);
        const isProvince = place.code.endsWith("0000");
        if (isProvince) {
          return false;
        }
        const raw = city === undefined ? place[language] : `${city[language]}, ${place[language]}`;
        const code = read(raw).codes.findLast((one) => one !== null) ?? place.code;
        return code !== place.code;
      });
      expect(wrong.map(({ zh }) => zh)).toEqual(language === "zh" ? [] : ["临夏县", "和田县", "伊宁县"]);
    },
  );

  test("every place has a unique six-digit code, and names without Chinese characters", () => {
    expect(byCode.size).toBe(places.length);
    for (const { code, zh, en, ru } of places) {
      expect(code).toMatch(/^\d{6}$/);
      expect(zh).toMatch(/^\p{Script=Han}+$/u);
      expect(en).toMatch(/^[A-Z][A-Za-zü' -]+$/);
      expect(ru).toMatch(/^[А-ЯЁ][а-яёъА-Я -]+$/u);
    }
  });

  test("the data file equals the script's output", () => {
    const file = new URL("../../../src/listing/vocabulary/places.data.json", import.meta.url);
    expect(readFileSync(file, "utf8") === formatPlaces(rows)).toBe(true);
  });

  test.each([
    ["六安市", "Lu'an", "Луань"],
    ["六合区", "Luhe", "Лухэ"],
    ["蔚县", "Yuxian", "Юйсянь"],
    ["歙县", "Shexian", "Шэсянь"],
    ["城区", "Chengqu", "Чэнцюй"],
    ["浦东新区", "Pudong", "Пудун"],
    ["万柏林区", "Wanbailin", "Ваньбайлинь"],
    ["阿图什市", "Atushi", "Атуши"],
    ["双鸭山市", "Shuangyashan", "Шуанъяшань"],
    ["信阳市", "Xinyang", "Синьян"],
    ["东阿县", "Dong'e", "Дунъэ"],
    ["吕梁市", "Lüliang", "Люйлян"],
    ["内蒙古自治区", "Inner Mongolia", "Внутренняя Монголия"],
    ["喀什市", "Kashi", "Каши"],
    ["喀什地区", "Kashgar", "Кашгар"],
  ])("%s is %s and %s", (zh, en, ru) => {
    expect(places).toContainEqual({ code: expect.any(String), zh, en, ru });
  });

  test("a hard sign separates -ng from a vowel, and no sign separates -n from one", () => {
    const { palladius } = readNames();
    expect(toPalladius(["heng", "yang"], palladius)).toBe("Хэнъян");
    expect(toPalladius(["chang", "an"], palladius)).toBe("Чанъань");
    expect(toPalladius(["yan", "an"], palladius)).toBe("Яньань");
    expect(toPalladius(["guang", "yuan"], palladius)).toBe("Гуанъюань");
    expect(() => toPalladius(["xyz"], palladius)).toThrow("xyz");
  });
});

/** Real names in any order, with any separators. */
function shuffledNames(): fc.Arbitrary<string> {
  const name = fc
    .constantFrom(...places)
    .chain(({ zh, en, ru }) => fc.constantFrom(zh, placeStem(zh), en, ru));
  return fc
    .array(fc.tuple(name, fc.constantFrom(", ", "，", " ", "", "-", "; ")), { maxLength: 4 })
    .map((parts) => parts.flat().join(""));
}
