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

test.each([
  [
    "逸动 2026款 改款 第四代 1.5T",
    "Eado 2026 Facelift 4th generation 1.5T",
    "Eado 2026 рестайлинг 4-е поколение 1.5T",
  ],
  [
    "理想L9 2024款 增程 四驱",
    "Li L9 2024 Extended Range AWD",
    "Li L9 2024 с расширителем хода полный привод",
  ],
  ["GL8 2024款 2.0T 七座 国VI", "GL8 2024 2.0T 7-seat China VI", "GL8 2024 2.0T 7 мест Китай 6"],
  ["高尔夫 2020款 1.4T 双离合 欧V", "Golf 2020 1.4T Dual-Clutch Euro V", "Golf 2020 1.4T робот Евро 5"],
  [
    "汉 2024款 纯电 三元锂 55kWh 510KM",
    "Han 2024 Pure Electric Ternary 55kWh 510km",
    "Han 2024 электро NCM 55 кВт·ч 510 км",
  ],
  [
    "轩逸 2023款 e-POWER 后轮驱动",
    "Sylphy 2023 e-POWER Rear-Wheel Drive",
    "Sylphy 2023 e-POWER задний привод",
  ],
  ["帕杰罗 2020款 3.0L 柴油 自动", "Pajero 2020 3.0L Diesel Automatic", "Pajero 2020 3.0L дизель автомат"],
])("the facts of the trim %s are those of %s and %s", (...names) => {
  const readings = names.map((name) => {
    const { title, trim, trim_en, trim_ru, series, model, model_latin, ...facts } = listing({
      configuration: { 车型名称: name },
    });
    return facts;
  });
  expect(readings[1]).toEqual(readings[0]);
  expect(readings[2]).toEqual(readings[0]);
});

test.each([
  [
    "瑞虎7 2022款 1.5T 自动两驱豪华型",
    "Tiggo 7 2022 Model 1.5T Automatic Two-wheel Drive Luxury",
    "1.5T Автомат 2WD Люкс",
  ],
  [
    "朗逸 2018款 1.5L 自动舒适版 国V",
    "Lavida 2018 1.5L Automatic Comfort Edition China V",
    "1.5L Автомат Комфорт Китай V",
  ],
  ["GL8 2024款 2.0T 旗舰型 七座", "GL8 2024 Model 2.0T Flagship Type 7-seater", "2.0T Флагман 7 мест"],
])("the trim %s has the Russian words of %s", (chinese, english, trim_ru) => {
  for (const name of [chinese, english]) {
    expect(listing({ configuration: { 车型名称: name } })).toMatchObject({ trim_ru });
  }
});

test.each([
  "Sylphy 2023 2nd generation e-POWER",
  "Camry 2023 электропривод сидений",
  "Golf 2020 робот с одним сцеплением",
])("%s has no generation, energy or clutches of something else", (name) => {
  const { generation, engine_type, transmission_type } = listing({ configuration: { 车型名称: name } });
  expect([generation, engine_type === "electric", transmission_type]).toEqual([null, false, null]);
});

test.each([
  ["liftback", ["三厢/两厢", "两厢/三厢", "Sedan/Hatchback", "Hatchback/Sedan", "Седан/хэтчбек"]],
  ["mini", ["Mini", "мини"]],
  ["suv", ["SUV", "跨界车", "Crossover/SUV", "Кроссовер/внедорожник"]],
])("%s is the body of %j", (body_type, spellings) => {
  expect(spellings.map((one) => listing({ body_type: one }).body_type)).toEqual(
    spellings.map(() => body_type),
  );
});

test.each([
  [0, ["0次", "零次", "0 раз"]],
  [1, ["1次", "一次", "1 transfer", 1]],
  [2, ["两次", "二次过户", "2 раза"]],
  [11, ["十一次", "11"]],
])("%i transfers are read from %j", (transfers, spellings) => {
  for (const one of spellings) {
    expect([one, listing({ extra: { option: { map: { 过户次数: one } } } }).transfers]).toEqual([
      one,
      transfers,
    ]);
    const inspection = { cards: [{ title: "过户次数", value: one }] };
    expect([one, listing({ extra: { inspection } }).transfers]).toEqual([one, transfers]);
  }
});

test.each(["秦 2014款 1.5T 双擎 旗舰型 DM", "唐DM 2021款 双擎 四驱", "唐新能源 2019款 DM 2.0T"])(
  "BYD's DM in %s is a plug-in hybrid, also beside 双擎",
  (name) => {
    const { engine_type } = listing({ mark: "比亚迪", configuration: { 车型名称: name } });
    expect(engine_type).toBe("plug_in_hybrid");
  },
);
