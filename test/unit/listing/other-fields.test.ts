import { describe, expect, test } from "vitest";
import { issues, listing, normalize, withTables } from "../../support/listing/listings.ts";

describe("names, prices and other fields", () => {
  test("the trim is read from the full name, else from the plain configuration, else from the title", () => {
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
