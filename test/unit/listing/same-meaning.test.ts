import { expect, test } from "vitest";
import { issues, listing, withTables } from "../../support/listing/listings.ts";

/** Spellings of one meaning in Chinese, English and Russian, and the columns that each of them gives. */
test.each([
  [
    { engine_type: "hybrid", hybrid_kind: null },
    [
      "汽油/电",
      "汽油／电",
      "汽油＋电",
      "电/汽油",
      "Gas/Electric",
      "Gasoline-Electric",
      "petrol electric hybrid",
    ],
  ],
  [{ engine_type: "hybrid", hybrid_kind: null }, ["Бензин/электро", "бензин-электро", "Бензин, электро"]],
  [{ engine_type: "hybrid", hybrid_kind: "parallel" }, ["油电混合", "汽油电混动", "HEV", "Гибрид"]],
  [{ engine_type: "hybrid", hybrid_kind: "series" }, ["汽油电驱", "e-POWER"]],
  [
    { engine_type: "plug_in_hybrid" },
    ["插电式/汽油", "汽油+插电混动", "Plug-in/gasoline", "бензин, подключаемый гибрид"],
  ],
  [{ engine_type: "range_extender" }, ["汽油+增程", "增程/汽油", "E-REV", "Gasoline + range extender"]],
  [{ engine_type: "methanol_hybrid" }, ["甲醇/电", "Methanol/Electric", "Метанол + электро"]],
  [
    { engine_type: "mild_hybrid_gasoline", mild_hybrid_voltage: 48 },
    ["汽油＋48V轻混", "Gasoline + 48V", "Бензин/48V"],
  ],
  [{ engine_type: "gasoline_cng" }, ["汽油/CNG", "Gasoline/CNG", "Бензин/CNG"]],
  [{ engine_type: "electric" }, ["电", "纯电动", "Electricity", "Электричество"]],
  [{ engine_type: "hydrogen" }, ["燃料电池", "Hydrogen", "Водородный"]],
  [{ engine_type: "diesel" }, ["柴油", "柴油(电喷)", "Diesel", "Дизель"]],
] as const)("%j is the engine type of %j", (expected, spellings) => {
  for (const engine_type of spellings) {
    expect(listing({ engine_type }), engine_type).toMatchObject(expected);
  }
});

test.each([
  [
    2,
    "automatic",
    [
      "2挡电动车变速箱",
      "电动车两挡变速箱",
      "Two-speed electric gearbox",
      "Двухступенчатая коробка электромобиля",
    ],
  ],
  [5, "manual", ["5挡手动", "五挡手动", "Five-speed manual", "Пятиступенчатая МКПП"]],
  [8, "automatic", ["8挡手自一体", "八速手自一体", "Eight-speed automatic", "Восьмиступенчатый автомат"]],
  [7, "dual_clutch", ["7挡双离合", "Seven-speed dual-clutch", "Семиступенчатый робот"]],
  [null, "single_speed", ["电动车单速变速箱", "Single-speed", "Одноступенчатая"]],
] as const)("%s gears, %s: %j", (gears, transmission, spellings) => {
  for (const transmission_type of spellings) {
    const { transmission_type: code, gears: count } = listing({ transmission_type });
    expect([transmission_type, code, count]).toEqual([transmission_type, transmission, gears]);
  }
});

test.each([
  ["AITO", "问界M9 2025款 旗舰版", ["M9 EREV", "M9增程", "M9 Extended Range", "问界M9增程版"], "M9"],
  ["BYD", "海豹 2024款 尊贵型", ["海豹EV", "Seal EV", "SEAL Electric", "Haibao EV"], "Seal"],
  [
    "Chery",
    "瑞虎8 2025款 豪华型",
    ["瑞虎8 PHEV", "瑞虎8插混", "Tiggo 8 PHEV", "Tiggo 8 Plug-in Hybrid"],
    "Tiggo 8",
  ],
  ["Volkswagen", "途观L 2025款 豪华型", ["途观L新能源", "Tiguan L New Energy"], "Tiguan L"],
] as const)(
  "%s: the series %s replaces the model with an energy suffix in any language: %j",
  (mark, name, models, model) => {
    for (const spelling of models) {
      const data = withTables([{ 车型名称: name }], { mark, model: spelling });
      expect([spelling, listing(data).model, issues(data)]).toEqual([spelling, model, ["model: conflict"]]);
    }
  },
);

test("a series with the suffix in its own name keeps it", () => {
  for (const model of ["途观L新能源", "Tiguan L New Energy"]) {
    const data = withTables([{ 车型名称: "途观L新能源 2025款 豪华型" }], { mark: "大众", model });
    expect([listing(data).model, issues(data)]).toEqual(["Tiguan L New Energy", []]);
  }
});

test("words around a date of registration are ignored", () => {
  const expected = { first_registration: "2019-05-01", first_registration_precision: "month", year: 2019 };
  for (const first_registration of [
    "2019年5月",
    "约2019年5月",
    "上牌时间：2019年5月",
    "首次上牌2019-05",
    "2019年5月上牌",
  ]) {
    expect(listing({ first_registration })).toMatchObject(expected);
  }
});
