import { describe, expect, test } from "vitest";
import { issues, listing, withTables } from "../../support/listing/listings.ts";

describe("displacement and power", () => {
  test.each([
    ["2.0", 2, null],
    ["1498", 1.5, 1498],
    ["1 498", 1.5, 1498],
    ["1.5T", 1.5, null],
    ["1,5 л", 1.5, null],
    [5.2, 5.2, null],
    ["0", null, null],
    ["45", null, null],
    ["-2.0", null, null],
    ["двухлитровый", null, null],
  ])("%j is %j litres, %j cm³", (displacement, litres, cc) => {
    expect(listing({ displacement })).toMatchObject({ displacement: litres, displacement_cc: cc });
  });

  test("neither the table of another car nor its name is used, and an issue is reported", () => {
    const table = {
      车型名称: "宝马X3 2020款 3.0T 自动",
      "排量(mL)": "2998",
      "最大马力(Ps)": "340",
      "最大功率(kW)": "250",
      能源类型: "柴油",
    };
    const data = withTables([table], { displacement: "2.0", power: "184" }, 999);
    expect(listing(data)).toMatchObject({
      displacement: 2,
      displacement_cc: null,
      power: 184,
      power_kw: 135,
    });
    expect(listing(data)).toMatchObject({ engine_type: null, trim: null, title: null });
    expect(issues(data)).toContain("specid: foreign_spec");
    const nothing = withTables([table], {}, 999);
    expect(listing(nothing)).toMatchObject({
      displacement: null,
      displacement_cc: null,
      power: null,
      power_kw: null,
    });
  });

  test("the car's own table is used, also without an id of the car", () => {
    const table = [{ "排量(mL)": "2998" }];
    for (const data of [
      withTables(table),
      withTables(table, {}, "5"),
      withTables(table, { specid: 0 }, 7),
      withTables(table, {}, 0),
    ]) {
      expect(listing(data)).toMatchObject({ displacement: 3, displacement_cc: 2998 });
      expect(issues(data)).toEqual([]);
    }
  });

  test("a table wins over the account on the displacement, and an issue is reported", () => {
    const data = withTables([{ "排量(mL)": "2998" }], { displacement: "2.0" });
    expect(listing(data)).toMatchObject({ displacement: 3, displacement_cc: 2998 });
    expect(issues(data)).toEqual(["displacement: conflict"]);
  });

  test("cubic centimetres are never derived from litres", () => {
    expect(listing(withTables([{ "排量(L)": "2.0", 发动机: "2.0T 192马力 L4" }]))).toMatchObject({
      displacement: 2,
      displacement_cc: null,
    });
  });

  test.each(["141 кВт (192 л.с.)", "192马力(141kW)", "192 PS / 141 kW"])(
    "%s is one power in two units",
    (power) => {
      expect(listing({ power })).toMatchObject({ power: 192, power_kw: 141 });
      expect(issues({ power })).toEqual([]);
    },
  );

  test("horsepower and kilowatts of one table that differ by more than 3 % are a conflict; horsepower wins", () => {
    const table = (kw: string) => withTables([{ "最大马力(Ps)": "192", "最大功率(kW)": kw }]);
    expect(listing(table("141"))).toMatchObject({ power: 192, power_kw: 141 });
    expect(issues(table("141"))).toEqual([]);
    expect(listing(table("300"))).toMatchObject({ power: 192, power_kw: 141 });
    expect(issues(table("300"))).toEqual(["power: conflict"]);
  });

  test("the combined power of a hybrid does not conflict with the power of its engine", () => {
    const data = withTables([
      { "最大功率(kW)": "160", 能源类型: "插电式混合动力" },
      { "最大马力(Ps)": "110", "最大功率(kW)": "81" },
      { "系统综合功率(Ps)": "218", "电动机总马力(Ps)": "197" },
    ]);
    expect(listing(data)).toMatchObject({
      power: 110,
      power_kw: 81,
      system_power_hp: 218,
      engine_type: "plug_in_hybrid",
    });
    expect(issues(data)).toEqual([]);
  });

  test("an electric car has its motors' power and torque, and no displacement", () => {
    const data = withTables(
      [
        { 能源类型: "纯电动", 车型名称: "小鹏G3 2020款 520 智享 2.0" },
        { "电动机总功率(kW)": "145", "电动机总马力(Ps)": "197", "电动机总扭矩(N·m)": "300" },
      ],
      { displacement: "0", power: 61 },
    );
    expect(listing(data)).toMatchObject({ displacement: null, power: 197, power_kw: 145, torque_nm: 300 });
  });

  test.each([
    [{ power: "150кВт" }, 204, 150],
    [{ power: "150 kW" }, 204, 150],
    [{ power: 192 }, 192, 141],
    [{ power: "192 л.с." }, 192, 141],
    [{ power: "-" }, null, null],
    [{ power: "0" }, null, null],
    [{ power: 9999 }, null, null],
    [{ power: "1850 kW" }, null, null],
  ])("%j", (data, power, power_kw) => {
    expect(listing(data)).toMatchObject({ power, power_kw });
  });
});

describe("body, seats and gears", () => {
  test("a range of seats keeps lowest and highest", () => {
    expect(listing(withTables([{ 车身结构: "4门5-6座皮卡" }]))).toMatchObject({
      doors: 4,
      seats: null,
      seats_min: 5,
      seats_max: 6,
      body_type: "pickup",
    });
    expect(listing(withTables([{ "座位数(个)": "4/5/6" }]))).toMatchObject({
      seats: null,
      seats_min: 4,
      seats_max: 6,
    });
    expect(listing(withTables([{ "座位数(个)": "7座（2/2/3）" }]))).toMatchObject({ seats: 7 });
    expect(listing({ seats: "5-6座" })).toMatchObject({ seats: null, seats_min: 5, seats_max: 6 });
  });

  test.each([
    ["Coupe/Roadster", "2门4座硬顶敞篷车", "", "convertible"],
    ["Coupe/Roadster", "2门4座三厢车", "", "coupe"],
    ["Coupe/Roadster", undefined, "宝马4系 2019款 430i 敞篷M运动曜夜版", "convertible"],
    ["Купе/родстер", undefined, "宝马4系 2019款 430i", "coupe"],
    ["Седан/хэтчбек", "4门5座三厢车", "", "sedan"],
    ["Седан/хэтчбек", undefined, "", "liftback"],
    ["Wagon", "5门5座两厢车", "", "wagon"],
    ["Sedan", "5门5座SUV", "", "suv"],
    ["Sedan", "5门5座飞船", "", "sedan"],
    [undefined, undefined, "福克斯 2011款 三厢 1.8L", "sedan"],
    [undefined, "5门5座飞船", "", "other"],
    ["5-дверный 5-местный хэтчбек", undefined, "", "hatchback"],
  ])("account %s, structure %s, name %s: %s", (body_type, structure, name, expected) => {
    const data = withTables(
      [{ ...(structure === undefined ? {} : { 车身结构: structure }), 车型名称: name }],
      { body_type },
    );
    expect(listing(data).body_type).toBe(expected);
  });

  test.each([
    [{ 变速箱: "9挡手自一体" }, "automatic", 9],
    [{ 变速箱: "5-ступенчатая МКПП" }, "manual", 5],
    [{ 变速箱: "CVT无级变速(模拟7挡)" }, "cvt", null],
    [{ 变速箱: "CVT无级变速(模拟7挡)", 挡位个数: "7" }, "cvt", null],
    [{ 变速箱: "7挡湿式双离合", 变速箱类型: "湿式双离合变速箱(DCT)", 挡位个数: "7" }, "dual_clutch", 7],
    [{ 变速箱: "电动车单速变速箱", 挡位个数: "1" }, "single_speed", 1],
    [{ 变速箱: "E-CVT无级变速", 挡位个数: "无级变速" }, "e_cvt", null],
    [{ 挡位个数: "无级变速" }, null, null],
    [{ 变速箱: "8AT" }, "automatic", 8],
    [{ 变速箱: "6МТ" }, "manual", 6],
  ])("%j", (table, transmission_type, gears) => {
    expect(listing(withTables([table]))).toMatchObject({ transmission_type, gears });
  });

  test("sizes are read together or separately; out of bounds they are null with an issue", () => {
    expect(listing(withTables([{ "长*宽*高(mm)": "5283*未知*1977" }]))).toMatchObject({
      length_mm: 5283,
      width_mm: null,
      height_mm: 1977,
    });
    expect(listing(withTables([{ "长*宽*高(mm)": "5283*未知*1977", "宽度(mm)": "2003" }])).width_mm).toBe(
      2003,
    );
    const data = withTables([{ "长*宽*高(mm)": "52830*2003*1977", "后备厢容积(L)": "190-580" }]);
    expect(listing(data)).toMatchObject({ length_mm: null, width_mm: 2003, trunk_l: 190 });
    expect(issues(data)).toEqual(["length_mm: out_of_range", "trunk_l: range"]);
  });
});
