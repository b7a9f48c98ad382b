import { describe, expect, test } from "vitest";
import { type Listing, normalizeListing } from "../../../src/listing/index.ts";
import changes from "../../fixtures/changes-page.json" with { type: "json" };
import offer from "../../fixtures/offer.json" with { type: "json" };
import page from "../../fixtures/offers-page-1.json" with { type: "json" };

const now = new Date("2026-11-24T00:00:00Z");
const normalize = (data: unknown) => normalizeListing(data, { now });
const listing = (data: unknown) => normalize(data).listing;
const issues = (data: unknown) => normalize(data).issues.map(({ field, code }) => `${field}: ${code}`);

/** A listing with the Chinese tables; each group is an object of names and values. */
const withTables = (groups: readonly Record<string, unknown>[], data: object = {}, specid: unknown = 5) => ({
  specid: "5",
  ...data,
  extra: {
    configuration: {
      specid,
      paramtypeitems: groups.map((group) => ({
        paramitems: Object.entries(group).map(([name, value]) => ({ name, value })),
      })),
    },
  },
});

describe("shapes of listings", () => {
  test("Russian with a flat object", () => {
    expect(listing(page.result[0]?.data)).toMatchObject({
      inner_id: "53692747",
      mark: "Kia",
      model: "K2",
      series: "Chery QQ3",
      model_year: 2012,
      trim: "Стандарт 1.0L МКПП",
      engine_type: "gasoline",
      transmission_type: "manual",
      body_type: "hatchback",
      car_class: "micro",
      drive_type: "fwd",
      color: "white",
      section: "used",
      displacement: 1,
      displacement_cc: 998,
      power: 69,
      power_kw: 51,
      torque_nm: 93,
      cylinders: 3,
      cylinder_layout: "L",
      aspiration: "natural",
      gears: 5,
      doors: 5,
      seats: 5,
      length_mm: 3550,
      wheelbase_mm: 2340,
      curb_weight_kg: 890,
      trunk_l: 190,
      tank_l: 35,
      top_speed_kmh: 130,
      acceleration_s: null,
      emission_standard: "euro_4",
      city: "Zibo",
      first_registration: "2013-05-01",
      first_registration_precision: "month",
      cylinder_head_material: "aluminum",
      cylinder_block_material: "cast_iron",
    });
  });

  test("English without tables", () => {
    expect(listing(page.result[1]?.data)).toMatchObject({
      mark: "Lamborghini",
      model: "Huracán",
      model_latin: "Huracan",
      title: "Huracán 2020 Huracán EVO RWD",
      series: "Huracán",
      model_year: 2020,
      trim: "Huracán EVO RWD",
      color: "red",
      body_type: "sports_car",
      drive_type: "rwd",
      motor_position: "mid",
      displacement: 5.2,
      displacement_cc: null,
      power: 610,
      power_kw: 449,
      city: "Shanghai",
      district: "Minhang",
    });
    expect(listing(offer)).toMatchObject({
      engine_type: "electric",
      displacement: null,
      vin: "LGWECMA47LE008164",
      city: "Shenzhen",
    });
  });

  test("mixed, with Chinese tables and JSON strings", () => {
    expect(listing(page.result[2]?.data)).toMatchObject({
      mark: "BMW",
      model: "1 Series",
      title: "宝马1系 2022款 125i M运动套装",
      series: "宝马1系",
      model_year: 2022,
      trim: "125i M运动套装",
      year: 2022,
      price: 98000,
      km_age: 0,
      is_dealer: true,
      seller_type: "dealer",
      displacement: 2,
      displacement_cc: 1998,
      power: 192,
      aspiration: "turbo",
      body_type: "sedan",
      doors: 4,
      length_mm: 4462,
      specid: "57217",
      images: [expect.stringContaining("autoimg.cn")],
    });
    expect(listing(page.result[2]?.data).options.map(({ code }) => code)).toEqual([
      "cruise_control",
      "reversing_camera",
      "tire_pressure_monitoring",
      "isofix",
    ]);
  });

  test("tables are read in every place and form, by name, then by id", () => {
    const groups = [{ paramitems: [{ id: "101", name: "未知的名字", value: "2.0T 192马力 L4" }] }];
    const expected = { displacement: 2, power: 192, aspiration: "turbo" };
    for (const data of [
      { configuration: { paramtypeitems: groups } },
      { configuration: JSON.stringify({ paramtypeitems: groups }) },
      { configuration: groups },
      { extra: { configuration: { paramtypeitems: groups } } },
      { extra: JSON.stringify({ configuration: { paramtypeitems: groups } }) },
      { extra: { configuration: { 发动机: "2.0T 192马力 L4" } } },
      { configuration: { Двигатель: "2.0T 192 л.с. L4" } },
    ]) {
      expect(listing(data)).toMatchObject(expected);
    }
    const both = {
      paramitems: [
        { id: 101, name: "x", value: "3.0T 300马力 V6" },
        { name: "发动机", value: "2.0T 192马力 L4" },
      ],
    };
    expect(listing({ configuration: { paramtypeitems: [both] } })).toMatchObject(expected);
  });

  test("changes and removals give an empty listing with every key", () => {
    const empty = listing({});
    for (const { data } of changes.result.slice(1)) {
      expect(Object.keys(listing(data))).toEqual(Object.keys(empty));
    }
    expect(listing(changes.result[1]?.data).price).toBe(7500);
    const { images, options, place, customs_missing, ...rest } = empty;
    expect([images, options, place]).toEqual([[], [], { province: null, city: null, district: null }]);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
    expect(customs_missing).toEqual(["price", "production_date", "engine_type"]);
  });

  test("equal data in Russian, English and Chinese gives equal listings", () => {
    const spoken = [
      {
        mark: "БМВ",
        model: "3 серии",
        color: "Серебристый",
        engine_type: "Бензиновый + 48V mild hybrid",
        transmission_type: "автоматическая",
        drive_type: "задний привод (2 мотора)",
        body_type: "Седан",
        seller_type: "частное лицо",
        is_dealer: "нет",
        section: "б/у",
        km_age: "35 000 км",
        price: "189 800 юаней",
        power: "150 кВт",
        displacement: "1998 см³",
        first_registration: "05.2019",
        emission_standard: "Евро-4+OBD",
        configuration: {
          Двигатель: "2.0T 204 л.с. L4",
          "Тип кузова": "4-дверный 5-местный седан",
          "Коробка передач": "8-ступенчатая АКПП",
          Класс: "средний",
          "Тип наддува": "турбонаддув",
          "Передняя подвеска": "независимая, стойка Макферсон",
        },
      },
      {
        mark: "BMW",
        model: "3 Series",
        color: "Silver",
        engine_type: "Gasoline + 48V Mild Hybrid",
        transmission_type: "Automatic",
        drive_type: "RWD (dual-motor)",
        body_type: "Sedan",
        seller_type: "Private",
        is_dealer: "no",
        section: "Used",
        km_age: "35,000 km",
        price: "189,800",
        power: "150 kW",
        displacement: "1998 cc",
        first_registration: "2019-05",
        emission_standard: "Euro 4",
        configuration: {
          Engine: "2.0T 204hp L4",
          "Body structure": "4-door 5-seat sedan",
          Gearbox: "8-speed automatic",
          Class: "Mid-size car",
          "Air intake": "Turbo",
          "Front suspension": "MacPherson strut",
        },
      },
      {
        mark: "宝马",
        model: "宝马3系",
        color: "银色",
        engine_type: "汽油+48V轻混系统",
        transmission_type: "自动",
        drive_type: "双电机后驱",
        body_type: "三厢车",
        seller_type: "个人",
        is_dealer: "否",
        section: "二手",
        km_age: "3.5万公里",
        price: "18.98万元",
        power: "150千瓦",
        displacement: "１９９８mL",
        first_registration: "2019年5月",
        emission_standard: "欧IV",
        configuration: {
          发动机: "2.0T 204马力 L4",
          车身结构: "4门5座三厢车",
          变速箱: "8挡手自一体",
          级别: "中型车",
          进气形式: "涡轮增压",
          前悬架类型: "麦弗逊式独立悬架",
        },
      },
    ].map(normalize);
    expect(spoken[0]?.listing).toMatchObject({
      mark: "BMW",
      model: "3 Series",
      color: "silver_gray",
      engine_type: "mild_hybrid_gasoline",
      mild_hybrid_voltage: 48,
      transmission_type: "automatic",
      drive_type: "rwd",
      drive_motors: 2,
      is_dealer: false,
      seller_type: "private",
      section: "used",
      km_age: 35000,
      price: 189800,
      power: 204,
      displacement: 2,
      displacement_cc: 1998,
      gears: 8,
      seats: 5,
      car_class: "mid",
      front_suspension: "macpherson",
      first_registration: "2019-05-01",
      emission_standard: "euro_4",
    });
    expect(spoken[1]).toEqual(spoken[0]);
    expect(spoken[2]).toEqual(spoken[0]);
  });
});

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

  test("the combined power of a hybrid does not conflict with that of its engine", () => {
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

describe("names, prices and other fields", () => {
  test("the trim is that of the full name, else the plain configuration, else that of the title", () => {
    expect(listing({ configuration: "125i" })).toMatchObject({
      series: null,
      model_year: null,
      trim: "125i",
    });
    expect(
      listing({ configuration: "125i", title: "宝马1系 2022款 改款 125i 自动 5座", year: "0" }),
    ).toMatchObject({
      series: "宝马1系",
      model_year: 2022,
      trim: "125i",
      facelift: true,
      seats: 5,
      year: 2022,
    });
    expect(listing({ configuration: "宝马1系 2022款 120i", title: "宝马3系 2020款 320i" })).toMatchObject({
      series: "宝马1系",
      model_year: 2022,
      trim: "120i",
    });
  });

  test("facts of the trim fill fields without a better source", () => {
    const name = "哈弗大狗 2021款 2.0T DCT四驱哮天犬版 7座 国VI";
    expect(listing(withTables([{ 车型名称: name }]))).toMatchObject({
      mark: "Haval",
      displacement: 2,
      displacement_cc: null,
      aspiration: "turbo",
      transmission_type: "dual_clutch",
      drive_type: "awd",
      seats: 7,
      emission_standard: "china_6",
    });
    expect(
      listing(
        withTables([{ 车型名称: name, 环保标准: "国V", 驱动方式: "前置前驱" }], { displacement: "1.5" }),
      ),
    ).toMatchObject({ displacement: 1.5, drive_type: "fwd", emission_standard: "china_5" });
  });

  test.each([
    [{ price: "18.98万元" }, { price: 189800 }],
    [{ price: "1,280,000" }, { price: 1280000 }],
    [{ price: "98000", new_price: "95000" }, { price: 95000 }],
    [{ price: "0" }, { price: null }],
    [{ price: 499 }, { price: null }],
    [{ km_age: "3.5万公里" }, { km_age: 35000 }],
    [{ km_age: "56 000 км" }, { km_age: 56000 }],
    [{ km_age: "-5" }, { km_age: null }],
    [{ year: "2017年" }, { year: 2017 }],
    [{ year: "1890" }, { year: null }],
    [{ first_registration: "2019-05" }, { year: 2019, first_registration_precision: "month" }],
    [{ first_registration: "未上牌" }, { first_registration: null, never_registered: true }],
    [{ msrp: "18.98万" }, { msrp: 189800 }],
    [{ manufacturer: "大众(进口)" }, { manufacturer: "大众(进口)", is_import: true }],
    [{ manufacturer: "北京奔驰" }, { manufacturer: "北京奔驰", is_import: null }],
    [
      { specid: 57217, salon_id: "0" },
      { specid: "57217", salon_id: null },
    ],
    [{ inner_id: 55651236 }, { inner_id: "55651236" }],
    [{ inner_id: "x".repeat(33) }, { inner_id: null }],
    [{ emission_standard: "欧IV+OBD" }, { emission_standard: "euro_4" }],
  ])("%j", (data, expected) => {
    expect(listing(data)).toMatchObject(expected);
  });

  test("a missing price of the new car is not an issue", () => {
    expect(normalize(withTables([{ "厂商指导价(元)": "暂无报价" }]))).toMatchObject({
      listing: { msrp: null },
      issues: [],
    });
    expect(listing(withTables([{ "厂商指导价(元)": "18.98万" }])).msrp).toBe(189800);
  });

  test("battery and range come from the tables, else from the trim", () => {
    expect(
      listing(
        withTables([
          {
            "电池能量(kWh)": "52.998",
            "CLTC纯电续航里程(km)": "401",
            电池类型: "磷酸铁锂电池",
            "官方0-100km/h加速(s)": "-",
            "WLTC综合油耗(L/100km)": "5.6",
          },
        ]),
      ),
    ).toMatchObject({
      battery_kwh: 52.998,
      ev_range_km: 401,
      battery_chemistry: "lfp",
      acceleration_s: null,
      consumption_l: 5.6,
    });
    expect(listing(withTables([{ 车型名称: "花仙子 2021款 302km 时尚型 31.4kWh 三元锂" }]))).toMatchObject({
      battery_kwh: 31.4,
      ev_range_km: 302,
      battery_chemistry: "ternary",
    });
  });

  test.each([
    [{ is_dealer: "true" }, true, "dealer"],
    [{ is_dealer: 0 }, false, "private"],
    [{ seller_type: "person" }, false, "private"],
    [{ seller_type: "商家" }, true, "dealer"],
    [{ seller_type: "Unknown" }, null, "unknown"],
    [{ url: "https://www.che168.com/dealer/413863/56520004.html" }, true, "dealer"],
    [{ seller_type: "个人", url: "https://www.che168.com/dealer/413863/56520004.html" }, false, "private"],
    [{ is_dealer: true, seller_type: "个人" }, true, "dealer"],
    [{}, null, null],
  ])("%j is sold by a dealer: %j, %j", (data, is_dealer, seller_type) => {
    expect(listing(data)).toMatchObject({ is_dealer, seller_type });
  });

  test("conflicting flag and type of the seller are an issue", () => {
    expect(issues({ is_dealer: true, seller_type: "个人" })).toEqual(["seller_type: conflict"]);
  });

  test("the number of transfers is found in any position of its card", () => {
    const card = (value: unknown) => ({
      extra: { inspection: { cards: [{ title: "过户次数", value }, { title: "钥匙" }] } },
    });
    expect(listing(card("0次")).transfers).toBe(0);
    expect(listing(card(3)).transfers).toBe(3);
    expect(listing(card("99次")).transfers).toBeNull();
    expect(listing({ extra: { inspection: { 过户次数: "2次" } } }).transfers).toBe(2);
    expect(listing({ extra: { inspection: "过户次数" } }).transfers).toBeNull();
  });
});

describe("personal data", () => {
  const personal = ["13800000000", "13900000001", "abc_12345", "王先生", "someone@example.com"];
  const data = {
    inner_id: "9",
    title: "宝马3系 2020款 320i 电话13800000000",
    mark: "BMW 13800000000",
    model: "联系13800000000",
    description: "一手车,电话13800000000,微信abc_12345,邮箱someone@example.com,可看车",
    color: "请拨打13800000000",
    address: "济南, 13800000000",
    year: "13800000000",
    price: "电话13800000000",
    salon_id: "13800000000",
    vin: "13800000000",
    url: "https://evil.example/?tel=13800000000",
    images: ["https://evil.example/13800000000.jpg"],
    seller_name: "王先生",
    phone: "13900000001",
    configuration: "125i 13800000000",
    extra: {
      contact: { linkman: "王先生", tel: "13900000001" },
      inspection: {
        phone: "13800000000",
        linkman: "王先生",
        cards: [{ title: "过户次数", value: "王先生" }],
      },
      option: { displayopts: [{ optionname: "电话13800000000" }] },
      configuration: {
        paramtypeitems: [
          {
            paramitems: [
              { name: "厂商", value: "电话13800000000" },
              { name: "车身结构", value: "5门5座13800000000" },
            ],
          },
        ],
      },
    },
  };

  test("is nowhere in the listing, whatever its source field", () => {
    const text = JSON.stringify(normalize(data).listing);
    for (const one of personal) {
      expect(text).not.toContain(one);
    }
  });

  test("is nowhere in the issues, even when a long text is cut within a number", () => {
    for (let length = 900; length < 1010; length++) {
      const long = {
        color: `${"车".repeat(length)}13800000000`,
        year: `${"x".repeat(length)} 138 0000 0000`,
      };
      expect(JSON.stringify(normalize(long))).not.toMatch(/138[ ]?0000/);
    }
    const text = JSON.stringify(normalize(data).issues);
    for (const one of personal) {
      expect(text).not.toContain(one);
    }
  });

  test("the VIN is served unless serveVin is false; a masked one has a separate field", () => {
    const vin = "LGWECMA47LE008164";
    expect(listing({ vin }).vin).toBe(vin);
    expect(normalizeListing({ vin }, { now, serveVin: false }).listing.vin).toBeNull();
    expect(listing({ vin: "LHGCV2650XXXXXXX" })).toMatchObject({ vin: null, vin_masked: "LHGCV2650XXXXXXX" });
    const hidden = normalizeListing({ vin: "LHGCV2650XXXXXXX" }, { now, serveVin: false });
    expect(JSON.stringify(hidden)).not.toContain("LHGCV2650");
  });
});

test("normalising is deterministic and does not modify the raw data", () => {
  const raw = structuredClone(page.result[2]?.data);
  const first: Listing = listing(raw);
  expect(listing(raw)).toEqual(first);
  expect(raw).toEqual(page.result[2]?.data);
});
