import { expect, test } from "vitest";
import { createNormalizer, findUnknownValues } from "../../../src/normalizer/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("values missing from the vocabulary", ({ database }) => {
  const load = async (listings: readonly Record<string, unknown>[]) => {
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source)
       select n::text, 'added', now(), data, 'initial_load'
         from jsonb_array_elements($1::jsonb) with ordinality as r(data, n)`,
      [JSON.stringify(listings)],
    );
    await createNormalizer({ database: database() }).run();
  };
  const option = (...names: string[]) => ({
    extra: { option: { displayopts: names.map((optionname) => ({ optionname })) } },
  });

  test("are listed most frequent first, with counts and examples", async () => {
    await load([
      { mark: "BMW", color: "流星银河色" },
      { mark: "BMW", color: "流星银河色" },
      { mark: "Кукурузер", model: "天外飞仙", color: "White", ...option("定速巡航", "量子驱动按摩") },
    ]);
    const found = await findUnknownValues(database());
    expect(found[0]).toEqual({ field: "color", value: "流星银河色", count: 2, examples: ["1", "2"] });
    expect(found).toContainEqual({ field: "options", value: "量子驱动按摩", count: 1, examples: ["3"] });
    expect(found).toContainEqual({ field: "marks", value: "Кукурузер", count: 1, examples: ["3"] });
    expect(found.some(({ field, mark }) => field === "models" && mark === "Кукурузер")).toBe(true);
    expect(found.some(({ value }) => value === "BMW" || value === "定速巡航" || value === "White")).toBe(
      false,
    );
  });

  test("include the words of trims that are not translated", async () => {
    await load([
      { extra: { configuration: "1.5T 自动蓬莱版" } },
      { extra: { configuration: "2.0T 手动蓬莱版" } },
      { extra: { configuration: "2.0T 自动豪华型" } },
    ]);
    expect(await findUnknownValues(database(), { field: "trims" })).toEqual([
      { field: "trims", value: "蓬莱", count: 2, examples: ["1", "2"] },
    ]);
  });

  test("can be selected by field and limited", async () => {
    await load([{ color: "甲色一" }, { color: "乙色二" }, { body_type: "丙车三" }]);
    expect(await findUnknownValues(database(), { field: "color", limit: 1 })).toHaveLength(1);
    expect(await findUnknownValues(database(), { field: "body_type" })).toMatchObject([{ value: "丙车三" }]);
  });

  test("get their code by normalising again once the user's vocabulary has them", async () => {
    await load([{ color: "流星银河色" }]);
    const vocabulary = { color: { silver_gray: { spellings: ["流星银河色"] } } };
    await createNormalizer({ database: database(), vocabulary }).run({ all: true });
    expect(await findUnknownValues(database(), { vocabulary })).toEqual([]);
    const { rows } = await database().query("select color from processed_data");
    expect(rows).toEqual([{ color: "silver_gray" }]);
  });
});
