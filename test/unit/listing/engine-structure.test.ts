import { describe, expect, test } from "vitest";
import { readEngine } from "../../../src/listing/parse/engine.ts";
import { readDimensions, readStructure } from "../../../src/listing/parse/structure.ts";
import corpus from "../../fixtures/corpus-engines.json" with { type: "json" };
import values from "../../fixtures/corpus-values.json" with { type: "json" };

const engine = (raw: string) =>
  Object.fromEntries(Object.entries(readEngine(raw)).filter(([, value]) => value !== null));

describe("engine strings", () => {
  test.each([
    [
      "2.9T 510马力 V6",
      { displacement_l: 2.9, aspiration: "turbo", power_hp: 510, layout: "V", cylinders: 6 },
    ],
    [
      "1.3L 205马力 R2",
      { displacement_l: 1.3, aspiration: "natural", power_hp: 205, layout: "R", cylinders: 2 },
    ],
    [
      "２．０Ｔ　２９５马力　Ｌ４",
      { displacement_l: 2, aspiration: "turbo", power_hp: 295, layout: "L", cylinders: 4 },
    ],
    [
      "2.0t   295 hp  l4",
      { displacement_l: 2, aspiration: "turbo", power_hp: 295, layout: "L", cylinders: 4 },
    ],
    [
      "1.0L 69 л.с. L3",
      { displacement_l: 1, aspiration: "natural", power_hp: 69, layout: "L", cylinders: 3 },
    ],
    [
      "2.0L 140马力 V6",
      { displacement_l: 2, aspiration: "natural", power_hp: 140, layout: "V", cylinders: 6 },
    ],
    [
      "1.5TD 181马力 L4",
      { displacement_l: 1.5, aspiration: "turbo", power_hp: 181, layout: "L", cylinders: 4 },
    ],
    [
      "1.5L 110kW L4",
      { displacement_l: 1.5, aspiration: "natural", power_hp: 150, layout: "L", cylinders: 4 },
    ],
    [
      "6.0T 610马力 W12",
      { displacement_l: 6, aspiration: "turbo", power_hp: 610, layout: "W", cylinders: 12 },
    ],
    ["2.0T(192马力)L4", { displacement_l: 2, aspiration: "turbo", power_hp: 192, layout: "L", cylinders: 4 }],
    [
      "2.0升 涡轮增压 192马力 直列4缸",
      { displacement_l: 2, aspiration: "turbo", power_hp: 192, layout: "L", cylinders: 4 },
    ],
    ["2,0 л атмосферный 150 л.с.", { displacement_l: 2, aspiration: "natural", power_hp: 150 }],
    ["1498mL 110马力 L4", { displacement_l: 1.5, power_hp: 110, layout: "L", cylinders: 4 }],
    ["DM-i 110马力", { engine_type: "plug_in_hybrid", power_hp: 110 }],
    ["甲醇混动 127马力", { engine_type: "methanol_hybrid", power_hp: 127 }],
    ["增程式 84马力", { engine_type: "range_extender", power_hp: 84 }],
    ["纯电动 204马力", { engine_type: "electric", power_hp: 204 }],
    ["插电式混合动力 156马力", { engine_type: "plug_in_hybrid", power_hp: 156 }],
    ["Электрический 204 л.с.", { engine_type: "electric", power_hp: 204 }],
    ["2.0L 99999马力 L4", { displacement_l: 2, aspiration: "natural", layout: "L", cylinders: 4 }],
    ["20.0L 150马力 L4", { power_hp: 150, layout: "L", cylinders: 4 }],
    ["1998", {}],
    ["-", {}],
    ["", {}],
  ])("%s", (raw, expected) => {
    expect(engine(raw)).toEqual(expected);
  });

  test("every real one gives a displacement or a motor, and the power", () => {
    for (const [raw] of corpus as [string, number][]) {
      const { displacement_l, engine_type, power_hp } = readEngine(raw);
      expect([raw, (displacement_l ?? engine_type) !== null, power_hp !== null]).toEqual([raw, true, true]);
    }
  });
});

describe("body structures", () => {
  test.each([
    ["4门5-6座皮卡", 4, 5, 6, "pickup"],
    ["5门4/5/6座MPV", 5, 4, 6, "minivan"],
    ["3门5座软顶敞篷车", 3, 5, 5, "convertible"],
    ["2门2座硬顶敞篷车", 2, 2, 2, "convertible"],
    ["2门2座硬顶跑车", 2, 2, 2, "sports_car"],
    ["2门2座跑车", 2, 2, 2, "sports_car"],
    ["5门5座掀背车", 5, 5, 5, "liftback"],
    ["5门5座两厢跨界车", 5, 5, 5, "suv"],
    ["4门2座货车", 4, 2, 2, "light_truck"],
    ["5门8座微面", 5, 8, 8, "microvan"],
    ["4门9座轻客", 4, 9, 9, "light_bus"],
    ["5-дверный 5-местный хэтчбек", 5, 5, 5, "hatchback"],
    ["5-door 7-seat SUV", 5, 7, 7, "suv"],
    ["5门 5座 SUV", 5, 5, 5, "suv"],
    ["седан", null, null, null, "sedan"],
    ["5门5座飞船", 5, 5, 5, "other"],
    ["9门90座客车", null, null, null, "light_bus"],
    ["-", null, null, null, null],
  ])("%s", (raw, doors, seats_min, seats_max, body_type) => {
    expect(readStructure(raw)).toMatchObject({ doors, seats_min, seats_max, body_type });
  });

  test("every real one has a type", () => {
    for (const [raw] of values.body_structures) {
      expect(readStructure(String(raw)).body_type).not.toBe("other");
    }
  });
});

describe("dimensions", () => {
  test.each([
    ["4462*1803*1446", 4462, 1803, 1446],
    ["4462×1803×1446", 4462, 1803, 1446],
    ["4462 x 1803 X 1446", 4462, 1803, 1446],
    ["4462х1803Х1446", 4462, 1803, 1446],
    ["5283*未知*1977", 5283, null, 1977],
    ["4462*18030*1446", 4462, null, 1446],
    ["4462*1803", null, null, null],
    ["-", null, null, null],
  ])("%s", (raw, length_mm, width_mm, height_mm) => {
    expect(readDimensions(raw)).toEqual({ length_mm, width_mm, height_mm });
  });
});
