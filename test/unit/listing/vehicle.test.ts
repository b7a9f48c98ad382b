import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";

const now = new Date("2026-11-28T00:00:00Z");

const TABLES = [
  {
    specid: 1,
    车型名称: "宝马1系 2018款 125i 领先型",
    发动机: "2.0T 224马力 L4",
    能源类型: "汽油",
    变速箱: "8挡手自一体",
  },
  { specid: 2, 车型名称: "问界M9 2024款 增程 Ultra", 能源类型: "增程式", "电动机总功率(kW)": "365" },
  { specid: 3, 能源类型: "怪", "最大功率(kW)": "一千" },
];
/** Values of a few account fields that the facts about a vehicle also come from. */
const account = fc.record(
  {
    mark: fc.constantFrom("宝马", "BMW", "AITO", "问界", "Weird"),
    model: fc.constantFrom("1系", "M9", "", "X"),
    title: fc.constantFrom("宝马1系 2018款 125i", "2021款 1.5T 敞篷", "-"),
    complectation: fc.constantFrom("125i", "Ultra 四驱", "未知"),
    engine_type: fc.constantFrom("Бензин", "Электро", "汽油/电", "???"),
    power: fc.constantFrom("154", 224, "x", null),
    drive_type: fc.constantFrom("RWD", "双电机四驱", "нечто"),
    body_type: fc.constantFrom("sedan", "5-дверный хэтчбек", "куб"),
    year: fc.constantFrom("2018", 2024, "1"),
    configuration: fc.constantFrom("2.0T 自动", "敞篷", 5),
  },
  { requiredKeys: [] },
);

test("a vehicle that was read before is the same as one that is read anew, issues included", () => {
  // A table that is an object, not text, is read anew each time.
  const one = fc.tuple(fc.constantFrom(...TABLES), account);
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (listings) => {
      for (const [table, data] of listings) {
        const kept = normalizeListing({ ...data, extra: { configuration: JSON.stringify(table) } }, { now });
        expect(kept).toEqual(normalizeListing({ ...data, extra: { configuration: table } }, { now }));
      }
    }),
  );
});

test("a vehicle is read anew in another year, which decides the latest model year", () => {
  const configuration = JSON.stringify({ specid: 4, 车型名称: "宝马1系 2028款 125i" });
  const yearAt = (time: string) =>
    normalizeListing({ extra: { configuration } }, { now: new Date(time) }).listing.model_year;
  expect(["2026-12-31", "2025-12-31", "2026-01-01"].map(yearAt)).toEqual([2028, null, 2028]);
});
