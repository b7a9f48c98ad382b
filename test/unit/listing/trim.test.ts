import { describe, expect, test } from "vitest";
import { parseTrim } from "../../../src/listing/parse/trim/trim.ts";
import { readTrimFacts, type TrimFacts } from "../../../src/listing/parse/trim/trim-facts.ts";
import corpus from "../../fixtures/corpus-trims.json" with { type: "json" };
import { issueList } from "../../support/listing/issues.ts";

const now = new Date("2026-11-24T00:00:00Z");
const parse = (raw: string) => parseTrim(raw, issueList().report, now);
const facts = (trim: string) =>
  Object.fromEntries(Object.entries(readTrimFacts(trim, "")).filter(([, value]) => value !== null));

describe("parts of a full trim name", () => {
  test.each([
    ["奥迪A3 2016款 Sportback 35 TFSI 风尚型", "奥迪A3", 2016, "Sportback 35 TFSI 风尚型"],
    ["马自达3 昂克赛拉 2016款 两厢 2.0L", "马自达3 昂克赛拉", 2016, "两厢 2.0L"],
    ["标致2008 2014款 1.6L 手动时尚版", "标致2008", 2014, "1.6L 手动时尚版"],
    ["DBX 2020款 4.0T V8 1913首发限量版", "DBX", 2020, "4.0T V8 1913首发限量版"],
    ["宝马X5(进口) 2014款 xDrive35i", "宝马X5(进口)", 2014, "xDrive35i"],
    ["奥迪Q3 Sportback 2023款 35 TFSI 进取型（1.5T）", "奥迪Q3 Sportback", 2023, "35 TFSI 进取型（1.5T）"],
    ["汉兰达 2018款  2.0T 两驱豪华版 7座 国VI", "汉兰达", 2018, "2.0T 两驱豪华版 7座 国VI"],
    ["宝马3系2016款 320i", "宝马3系", 2016, "320i"],
    ["奥迪A3　２０１６款　Sportback", "奥迪A3", 2016, "Sportback"],
    ["宝马M5 2014款", "宝马M5", 2014, null],
    ["Chery QQ3 2012 Стандарт 1.0L МКПП", "Chery QQ3", 2012, "Стандарт 1.0L МКПП"],
    ["Huracán 2020 Huracán EVO RWD", "Huracán", 2020, "Huracán EVO RWD"],
    ["Peugeot 2008 2014 1.6L", "Peugeot 2008", 2014, "1.6L"],
    ["2008 2014 1.6L", "2008", 2014, "1.6L"],
  ])("%s", (raw, series, model_year, trim) => {
    expect(parse(raw)).toMatchObject({ series, model_year, trim });
  });

  test.each(["宝马1系 125i M运动套装", "2020", "", "款", "125i"])("%j has no year and gives nulls", (raw) => {
    expect(Object.values(parse(raw)).every((value) => value === null)).toBe(true);
  });

  test.each([
    ["宝马5系 2019款 改款 530Li", "530Li", true],
    ["奔驰E级 2022款 改款三 E 300 L", "E 300 L", true],
    ["艾瑞泽5 2019款 改款PRO 1.5L", "PRO 1.5L", true],
    ["朗逸 2023款 改款一百万版 1.5L", "一百万版 1.5L", true],
    ["哈弗H6 Coupe 2015款 蓝标改款 2.0T", "蓝标改款 2.0T", null],
    ["博越 2021款 百万款 1.8TD", "百万款 1.8TD", null],
    ["远景 2019款 升级版 1.5L", "升级版 1.5L", null],
  ])("a facelift follows the year: %s", (raw, trim, facelift) => {
    expect(parse(raw)).toMatchObject({ trim, facelift });
  });

  test.each([
    ["逸动 2026款 第四代 1.5T 500Bar 劲享型", 4],
    ["帝豪 2022款 第4代 1.5L 手动精英型", 4],
    ["轩逸 2020款 第十四代 1.6L", 14],
    ["比亚迪 2023款 第五代DM技术版", null],
    ["奥迪A3 2016款 Sportback", null],
  ])("generation: %s", (raw, generation) => {
    expect(parse(raw).generation).toBe(generation);
  });

  test("a model year out of bounds is null with an issue, and the rest is read", () => {
    const { report, issues } = issueList();
    expect(parseTrim("宝马3系 1950款 320i", report, now)).toMatchObject({
      series: "宝马3系",
      model_year: null,
      trim: "320i",
    });
    expect(parseTrim("宝马3系 2029款 320i", report, now).model_year).toBeNull();
    expect(parseTrim("宝马3系 2028款 320i", report, now).model_year).toBe(2028);
    expect(issues).toEqual(["model_year: out_of_range", "model_year: out_of_range"]);
  });
});

describe("facts of a trim", () => {
  const cases: [string, Partial<TrimFacts>][] = [
    ["1.6L 手动时尚版", { displacement_l: 1.6, aspiration: "natural", transmission_type: "manual" }],
    ["2.0智雅版", { displacement_l: 2 }],
    ["1.6 МТ Comfort", { displacement_l: 1.6, transmission_type: "manual" }],
    ["Ultra Six-seat", { seats: 6, seats_min: 6, seats_max: 6 }],
    ["Range-Extended Max", { engine_type: "range_extender" }],
    ["3.0i", { displacement_l: 3 }],
    ["1.6LE-MT", { displacement_l: 1.6, aspiration: "natural", transmission_type: "manual" }],
    ["3.0 TFSI", { displacement_l: 3 }],
    ["2.0 TFSI", { displacement_l: 2, aspiration: "turbo" }],
    ["1.5GDIT 自动冠军版", { displacement_l: 1.5, aspiration: "turbo", transmission_type: "automatic" }],
    ["2.0L GTDi240旗舰型", { displacement_l: 2, aspiration: "turbo" }],
    ["XFL 3.0 SC 340PS", { displacement_l: 3, aspiration: "supercharged" }],
    ["380TSI 20T 28T 290T 650T 240TURBO 350THP 300h 528Li 535 T5 P400e 200t", {}],
    ["45 TDI", { engine_type: "diesel" }],
    ["EX5 智行2.0 Extra创新版500", {}],
    ["增程 四驱智驾版 ADS 2.0", { engine_type: "range_extender", drive_type: "awd" }],
    ["Max 智驾 3.0 四驱", { drive_type: "awd" }],
    ["6.75T 标准版", { displacement_l: 6.75, aspiration: "turbo" }],
    ["增程 1400km综合续航 eAWD", { engine_type: "range_extender", drive_type: "awd" }],
    ["长续航 3.8s破百版", {}],
    [
      "2.4T 48V轻混 柴油",
      {
        displacement_l: 2.4,
        aspiration: "turbo",
        engine_type: "mild_hybrid_diesel",
        mild_hybrid_voltage: 48,
      },
    ],
    [
      "260T 自动48V轻混增压",
      { engine_type: "mild_hybrid_gasoline", mild_hybrid_voltage: 48, transmission_type: "automatic" },
    ],
    ["DM-i 125KM激光雷达智驾型", { engine_type: "plug_in_hybrid", ev_range_km: 125 }],
    ["双擎E+ 1.8L", { engine_type: "plug_in_hybrid", displacement_l: 1.8, aspiration: "natural" }],
    ["双擎 1.8H E-CVT尊享版", { engine_type: "hybrid", displacement_l: 1.8, transmission_type: "e_cvt" }],
    ["锐·混动 2.0L", { engine_type: "hybrid", displacement_l: 2, aspiration: "natural" }],
    ["2.0L 混动舒适版", { displacement_l: 2, aspiration: "natural" }],
    ["增程 纯电续航200", { engine_type: "range_extender" }],
    ["EV 长续航尊贵版", { engine_type: "electric" }],
    ["EVO EVOLUTION", {}],
    [
      "2.0L CNG手动",
      { displacement_l: 2, aspiration: "natural", engine_type: "gasoline_cng", transmission_type: "manual" },
    ],
    [
      "自动离合版 1.5L 手动舒适型",
      { displacement_l: 1.5, aspiration: "natural", transmission_type: "manual" },
    ],
    ["1.5T DCT 自动豪华型", { displacement_l: 1.5, aspiration: "turbo", transmission_type: "dual_clutch" }],
    ["1.5TD 2DHT", { displacement_l: 1.5, aspiration: "turbo", transmission_type: "dht" }],
    ["1.5L IVT豪华舒享版", { displacement_l: 1.5, aspiration: "natural", transmission_type: "cvt" }],
    ["1.4L IMT尊贵型", { displacement_l: 1.4, aspiration: "natural", transmission_type: "amt" }],
    ["20T TST 4G互联荣耀至尊版", { transmission_type: "dual_clutch" }],
    ["1.4T DCG豪华版", { displacement_l: 1.4, aspiration: "turbo", transmission_type: "dual_clutch" }],
    ["2.0T WDCT", { displacement_l: 2, aspiration: "turbo", transmission_type: "dual_clutch" }],
    ["TIVTCT KIMTO LATST", {}],
    ["3.6 TDV8", { displacement_l: 3.6, engine_type: "diesel" }],
    ["2.2L TDCi 短轴", { displacement_l: 2.2, aspiration: "natural", engine_type: "diesel" }],
    ["双电机四驱", { drive_type: "awd", drive_motors: 2 }],
    ["双电机", { drive_motors: 2 }],
    ["Quattroporte", {}],
    ["两驱 自动", { drive_type: "2wd", transmission_type: "automatic" }],
    ["全时四驱 7座（2/2/3）", { drive_type: "awd", seats: 7, seats_min: 7, seats_max: 7 }],
    ["2500S运动版10座", { seats: 10, seats_min: 10, seats_max: 10 }],
    ["尊贵版（七座）", { seats: 7, seats_min: 7, seats_max: 7 }],
    ["5/7座", { seats_min: 5, seats_max: 7 }],
    ["5+2款", {}],
    ["宽享版 232座", {}],
    ["鸿蒙座舱", {}],
    ["Carrera 4S Cabriolet", { body_type: "convertible" }],
    ["Avantgarde", {}],
    ["Avant 先锋派", { body_type: "wagon" }],
    ["旅行家版", {}],
    ["五门版", { doors: 5 }],
    ["中国特别版", {}],
    ["赛欧3 理想版", {}],
    ["北京V 版", {}],
    ["国V", { emission_standard: "china_5" }],
    ["国Ⅵ", { emission_standard: "china_6" }],
    ["（六座）国VIb", { emission_standard: "china_6b", seats: 6, seats_min: 6, seats_max: 6 }],
    ["国六", { emission_standard: "china_6" }],
    ["中国一汽", {}],
    ["欧IV", { emission_standard: "euro_4" }],
    ["52.998kWh", { battery_kwh: 52.998 }],
    ["500km长续航", { ev_range_km: 500 }],
    ["520 智豪版", {}],
    ["100km/h", {}],
    ["磷酸铁锂", { battery_chemistry: "lfp" }],
    ["三元锂 301km", { battery_chemistry: "ternary", ev_range_km: 301 }],
    ["Стандарт 1.0L МКПП", { displacement_l: 1, aspiration: "natural", transmission_type: "manual" }],
    [
      "Comfort 2.0T АКПП полный привод 7 мест",
      {
        displacement_l: 2,
        aspiration: "turbo",
        transmission_type: "automatic",
        drive_type: "awd",
        seats: 7,
        seats_min: 7,
        seats_max: 7,
      },
    ],
  ];
  test.each(cases)("%s", (trim, expected) => {
    expect(facts(trim)).toEqual(expected);
  });

  test("the series gives the engine type of all its trims", () => {
    expect(readTrimFacts("160长续航Max", "领克08 EM-P").engine_type).toBe("plug_in_hybrid");
    expect(readTrimFacts("客运版 标准型", "菱智M5EV").engine_type).toBe("electric");
    expect(readTrimFacts("1.5T 豪华型", "领界EV").engine_type).toBeNull();
    expect(readTrimFacts("1.5L 自动", "途观L新能源").engine_type).toBeNull();
    expect(readTrimFacts("DM 2.0T 全时四驱", "唐新能源").engine_type).toBe("plug_in_hybrid");
    expect(readTrimFacts("DM 2.0T 全时四驱", "哈弗H9").engine_type).toBeNull();
  });
});

describe("real trims", () => {
  const readings = (corpus as [string, number][]).map(([raw]) => ({ raw, ...parse(raw) }));

  test("every one has series, model year and trim, and no text is lost", () => {
    for (const { raw, series, model_year, trim, facelift } of readings) {
      const plain = raw.replace(/\s+/g, " ");
      const rest = plain.slice(`${series} ${model_year}款 `.length);
      expect(plain.startsWith(`${series} ${model_year}款 `)).toBe(true);
      expect(facelift ? rest.replace(/^改款[一二三]?\s*/, "") : rest).toBe(trim);
    }
  });

  test("a number followed by L or T is the displacement, and no other number is", () => {
    for (const { raw, displacement_l, aspiration } of readings) {
      const told = /(?<![\d.])(\d\.\d)([LT])/.exec(raw.slice(raw.indexOf("款")));
      if (told !== null) {
        expect([raw, displacement_l]).toEqual([raw, Number(told[1])]);
      } else if (displacement_l !== null) {
        expect(raw).toMatch(/\d\.\d/);
      }
      if (told?.[2] === "T") {
        // Some engines of three litres with this badge are supercharged.
        expect([raw, aspiration]).toEqual([
          raw,
          displacement_l === 3 && aspiration === null ? null : "turbo",
        ]);
      }
    }
  });

  test("plain words for gearbox, drive, seats and standard are all read", () => {
    for (const reading of readings) {
      const { raw } = reading;
      const words = raw.slice(raw.indexOf("款"));
      if (/DCT|DSG|双离合/.test(words)) {
        expect([raw, reading.transmission_type]).toEqual([raw, "dual_clutch"]);
      } else if (/手动/.test(words)) {
        expect([raw, reading.transmission_type]).toEqual([raw, "manual"]);
      }
      if (/四驱|quattro|4MATIC|xDrive/.test(words)) {
        expect([raw, reading.drive_type]).toEqual([raw, "awd"]);
      }
      if (/[ 版型]5座|五座/.test(words)) {
        expect([raw, reading.seats]).toEqual([raw, 5]);
      }
      if (/国VI$/.test(words)) {
        expect([raw, reading.emission_standard]).toEqual([raw, "china_6"]);
      }
    }
  });
});
