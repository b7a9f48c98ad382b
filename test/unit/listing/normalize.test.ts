import { describe, expect, test } from "vitest";
import type { Listing } from "../../../src/listing/index.ts";
import changes from "../../fixtures/changes-page.json" with { type: "json" };
import offer from "../../fixtures/offer.json" with { type: "json" };
import page from "../../fixtures/offers-page-1.json" with { type: "json" };
import { listing, normalize } from "../../support/listing/listings.ts";

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

test("normalising is deterministic and does not modify the raw data", () => {
  const raw = structuredClone(page.result[2]?.data);
  const first: Listing = listing(raw);
  expect(listing(raw)).toEqual(first);
  expect(raw).toEqual(page.result[2]?.data);
});
